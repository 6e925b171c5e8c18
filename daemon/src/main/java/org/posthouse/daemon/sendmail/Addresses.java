package org.posthouse.daemon.sendmail;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes the addresses out of a list as header fields hold it (RFC 5322 section 3.4): with names,
 * comments, groups, quoted strings and source routes.
 */
final class Addresses {
    private final String text;
    private final List<String> found = new ArrayList<>();
    private final StringBuilder plain = new StringBuilder();
    private String angle = "";
    private boolean hasAngle;
    private int at;

    private Addresses(String text) {
        this.text = text;
    }

    /** In the order of the list. */
    static List<String> of(String list) {
        var addresses = new Addresses(list);
        addresses.read();
        return addresses.found;
    }

    private void read() {
        while (at < text.length()) {
            char c = text.charAt(at);
            switch (c) {
                case '(' -> comment();
                case '"' -> quoted(plain);
                case '<' -> angle();
                case ',', ';' -> {
                    end();
                    at++;
                }
                case ':' -> {
                    plain.setLength(0); // the name of a group
                    at++;
                }
                default -> {
                    plain.append(c);
                    at++;
                }
            }
        }
        end();
    }

    private void comment() {
        int depth = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\') {
                at++;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return;
            }
        }
    }

    private void quoted(StringBuilder into) {
        into.append(text.charAt(at++));
        while (at < text.length()) {
            char c = text.charAt(at++);
            into.append(c);
            if (c == '\\' && at < text.length()) {
                into.append(text.charAt(at++));
            } else if (c == '"') {
                return;
            }
        }
    }

    private void angle() {
        var inside = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '>') {
            if (text.charAt(at) == '"') {
                quoted(inside);
            } else {
                inside.append(text.charAt(at++));
            }
        }
        at++;
        String address = inside.toString().strip();
        int route = address.startsWith("@") ? address.indexOf(':') : -1;
        angle = address.substring(route + 1);
        hasAngle = true;
    }

    private void end() {
        String address = hasAngle ? angle : withoutSpaces(plain);
        if (!address.isEmpty()) {
            found.add(address);
        }
        plain.setLength(0);
        angle = "";
        hasAngle = false;
    }

    /** {@code ada @ b.example} is an address; spaces in quotes stay. */
    private static String withoutSpaces(CharSequence text) {
        var left = new StringBuilder(text.length());
        boolean isQuoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            isQuoted ^= c == '"';
            if (isQuoted || c > ' ') {
                left.append(c);
            }
        }
        return left.toString();
    }
}
