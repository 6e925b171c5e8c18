package org.posthouse.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Settings of a program, as {@code name=value}. */
record Arguments(Map<String, String> values) {
    static Arguments of(String[] given, Set<String> known) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String argument : given) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (equals < 0 || !known.contains(name)) {
                throw new IllegalArgumentException(
                        argument + " is none of NAME=VALUE with the names " + known);
            }
            values.put(name, argument.substring(equals + 1));
        }
        return new Arguments(values);
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    int number(String name, int otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    double real(String name, double otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Double.parseDouble(value);
    }
}
