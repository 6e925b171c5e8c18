package org.posthouse.daemon;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads one JSON object (RFC 8259) strictly: no octet before or behind it, no name twice, lists and
 * objects at most {@link #DEPTH_MAX} deep. Values are texts, whole numbers ({@link Long}), {@link
 * Boolean}, lists and maps; a null is an empty {@link Optional}. Other numbers are refused.
 */
final class JsonReader {
    static final int DEPTH_MAX = 16;

    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    /**
     * The members of an object.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Map<String, Object> object(String text) {
        var reader = new JsonReader(text);
        reader.blanks();
        Map<String, Object> members = reader.members(0);
        reader.blanks();
        if (reader.at < text.length()) {
            throw reader.wrong("the end");
        }
        return members;
    }

    private Map<String, Object> members(int depth) {
        take('{');
        var members = new LinkedHashMap<String, Object>();
        blanks();
        if (isNext('}')) {
            at++;
            return members;
        }
        while (true) {
            blanks();
            String name = string();
            blanks();
            take(':');
            if (members.put(name, value(depth + 1)) != null) {
                throw new IllegalArgumentException("the member " + name + " stands there twice");
            }
            blanks();
            if (isNext('}')) {
                at++;
                return members;
            }
            take(',');
        }
    }

    private List<Object> list(int depth) {
        take('[');
        var values = new ArrayList<>();
        blanks();
        if (isNext(']')) {
            at++;
            return values;
        }
        while (true) {
            values.add(value(depth + 1));
            blanks();
            if (isNext(']')) {
                at++;
                return values;
            }
            take(',');
        }
    }

    private Object value(int depth) {
        if (depth > DEPTH_MAX) {
            throw wrong("less depth");
        }
        blanks();
        if (isNext('{')) {
            return members(depth);
        }
        if (isNext('[')) {
            return list(depth);
        }
        if (isNext('"')) {
            return string();
        }
        if (text.startsWith("true", at)) {
            at += "true".length();
            return true;
        }
        if (text.startsWith("false", at)) {
            at += "false".length();
            return false;
        }
        if (text.startsWith("null", at)) {
            at += "null".length();
            return Optional.empty();
        }
        return number();
    }

    private Long number() {
        int from = at;
        if (isNext('-')) {
            at++;
        }
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        String digits = text.substring(from, at);
        if (!digits.matches("-?(0|[1-9][0-9]{0,17})")) {
            throw wrong("a value");
        }
        return Long.parseLong(digits);
    }

    private String string() {
        take('"');
        var string = new StringBuilder();
        while (!isNext('"')) {
            if (at >= text.length() || text.charAt(at) < ' ') {
                throw wrong("the end of a text");
            }
            char c = text.charAt(at++);
            string.append(c == '\\' ? escaped() : c);
        }
        at++;
        return string.toString();
    }

    private char escaped() {
        char c = at < text.length() ? text.charAt(at++) : ' ';
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hex();
            default -> throw wrong("an escape");
        };
    }

    private char hex() {
        String digits = text.substring(at, Math.min(text.length(), at + 4));
        if (!digits.matches("[0-9A-Fa-f]{4}")) {
            throw wrong("four digits of hex");
        }
        at += 4;
        return (char) Integer.parseInt(digits, 16);
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean isNext(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    private void take(char c) {
        if (!isNext(c)) {
            throw wrong("`" + c + "`");
        }
        at++;
    }

    private IllegalArgumentException wrong(String needed) {
        return new IllegalArgumentException(
                "this is no JSON object: " + needed + " is missing at character " + (at + 1));
    }
}
