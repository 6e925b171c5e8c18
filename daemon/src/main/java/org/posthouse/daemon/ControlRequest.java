package org.posthouse.daemon;

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

    /** A text among the members; empty without one. */
    String text(String name) {
        return members.get(name) instanceof String text ? text : "";
    }
}
