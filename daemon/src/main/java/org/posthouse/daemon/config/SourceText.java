package org.posthouse.daemon.config;

import org.tomlj.TomlPosition;

import java.util.List;

/** The text of a file, to point at its pieces. */
final class SourceText {
    private final List<String> lines;

    SourceText(String text) {
        lines = text.lines().toList();
    }

    /** A line without its end; empty when there is none. */
    String line(int number) {
        return number >= 1 && number <= lines.size() ? lines.get(number - 1) : "";
    }

    int lineCount() {
        return lines.size();
    }

    /** The key, or the table header, that stands at a position. */
    Span key(TomlPosition at) {
        String line = line(at.line());
        int start = start(at, line);
        return span(at.line(), start, keyEnd(line, start));
    }

    /** The value of the key that stands at a position; the key itself for the header of a table. */
    Span valueOf(TomlPosition keyAt) {
        String line = line(keyAt.line());
        int start = start(keyAt, line);
        int equals = keyEnd(line, start);
        while (equals < line.length() && Character.isWhitespace(line.charAt(equals))) {
            equals++;
        }
        if (equals >= line.length() || line.charAt(equals) != '=') {
            return key(keyAt);
        }
        int value = equals + 1;
        while (value < line.length() && Character.isWhitespace(line.charAt(value))) {
            value++;
        }
        return span(keyAt.line(), value, valueEnd(line, value));
    }

    /** The value that stands at a position. */
    Span value(TomlPosition at) {
        String line = line(at.line());
        int start = start(at, line);
        return span(at.line(), start, valueEnd(line, start));
    }

    private static int start(TomlPosition at, String line) {
        return Math.clamp(at.column() - 1L, 0, line.length());
    }

    private static Span span(int line, int start, int end) {
        return new Span(line, start + 1, Math.max(1, end - start));
    }

    private static int keyEnd(String line, int start) {
        if (start < line.length() && line.charAt(start) == '[') {
            int end = line.lastIndexOf(']') + 1;
            return end > start ? end : line.length();
        }
        int at = start;
        while (at < line.length() && " \t=".indexOf(line.charAt(at)) < 0) {
            at = isQuote(line.charAt(at)) ? quoteEnd(line, at) : at + 1;
        }
        return at;
    }

    private static int valueEnd(String line, int start) {
        int depth = 0;
        int at = start;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (isQuote(c)) {
                at = quoteEnd(line, at);
                if (depth == 0) {
                    return at;
                }
                continue;
            }
            if (depth == 0 && ",]}#".indexOf(c) >= 0) {
                break;
            }
            depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
            at++;
            if (depth == 0 && (c == ']' || c == '}')) {
                return at;
            }
        }
        return start + line.substring(start, at).stripTrailing().length();
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'';
    }

    private static int quoteEnd(String line, int start) {
        char quote = line.charAt(start);
        int at = start + 1;
        while (at < line.length() && line.charAt(at) != quote) {
            at += line.charAt(at) == '\\' && quote == '"' ? 2 : 1;
        }
        return Math.min(line.length(), at + 1);
    }
}
