package org.posthouse.sim;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks into virtual threads that wait to enter a monitor. Whoever leaves it puts one of them on a
 * list, and a thread of the JVM makes that one ready, some time later: only these fields tell that
 * this is under way. Where they don't exist (before Java 24) monitors pin the thread anyway.
 */
final class SimMonitors {
    private static final List<Field> FIELDS = fields("onWaitingList", "blockPermit");

    private SimMonitors() {}

    /** True when the thread was given its monitor and does not run yet. */
    static boolean isGiven(Thread thread) {
        try {
            for (Field field : FIELDS) {
                if (field.getBoolean(thread)) {
                    return true;
                }
            }
            return false;
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Field> fields(String... names) {
        List<Field> fields = new ArrayList<>();
        for (String name : names) {
            try {
                Field field = Class.forName("java.lang.VirtualThread").getDeclaredField(name);
                field.setAccessible(true);
                fields.add(field);
            } catch (ReflectiveOperationException e) {
                return List.of();
            }
        }
        return fields;
    }
}
