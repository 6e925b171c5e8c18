package org.posthouse.daemon;

import java.util.List;
import java.util.Map;

/** A request of the control socket: what to do, with its members. */
record ControlRequest(String verb, Map<String, Object> members) {
    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException when it is no request of this version
     */
    static ControlRequest parse(String line) {
        Map<String, Object> members = JsonReader.object(line);
        if (!Long.valueOf(ControlSocket.VERSION).equals(members.get("v"))) {
            throw new IllegalArgumentException(
                    "this daemon speaks version " + ControlSocket.VERSION + ", \"v\" says another");
        }
        if (!(members.get("do") instanceof String verb)) {
            throw new IllegalArgumentException("\"do\" is missing");
        }
        return new ControlRequest(verb, members);
    }

    /** A number among the members; without one, the other. */
    long number(String name, long other) {
        return members.get(name) instanceof Long number ? number : other;
    }

    /** The texts of a list among the members; empty without one. */
    List<String> texts(String name) {
        return members.get(name) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** A text among the members; empty without one. */
    String text(String name) {
        return members.get(name) instanceof String text ? text : "";
    }
}
