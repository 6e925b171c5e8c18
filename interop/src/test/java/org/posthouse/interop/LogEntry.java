package org.posthouse.interop;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line of the daemon's log: {@code INSTANT WHAT SUBJECT name=value name="value"}. */
record LogEntry(String line, String what, Map<String, String> fields) {
    private static final Pattern FIELD =
            Pattern.compile(" (\\w+)=(\"(?:[^\"\\\\]++|\\\\.)*+\"|\\S+)");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9a-f]{4})|(.))");

    static LogEntry parse(String line) {
        String[] words = line.split(" ", 3);
        Map<String, String> fields = new HashMap<>();
        Matcher found = FIELD.matcher(line);
        while (found.find()) {
            fields.put(found.group(1), plain(found.group(2)));
        }
        return new LogEntry(line, words.length > 1 ? words[1] : "", fields);
    }

    private static String plain(String value) {
        return value.startsWith("\"")
                ? ESCAPE.matcher(value.substring(1, value.length() - 1))
                        .replaceAll(
                                each ->
                                        Matcher.quoteReplacement(
                                                unescaped(each.group(1), each.group(2))))
                : value;
    }

    private static String unescaped(String code, String character) {
        return code == null ? character : Character.toString(Integer.parseInt(code, 16));
    }

    /** Empty when there is none. */
    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    @Override
    public String toString() {
        return line;
    }
}
