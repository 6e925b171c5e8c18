package org.posthouse.daemon;

import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A JSON object in one line. Names come in the order of the calls. All but printable ASCII is
 * escaped: the text is the same in any encoding, and harmless on a terminal.
 */
final class JsonLine {
    private static final HexFormat HEX = HexFormat.of();

    private final StringBuilder text;
    private boolean isFirst = true;

    private JsonLine(StringBuilder text) {
        this.text = text;
    }

    /** An object with these members. */
    static String of(Consumer<JsonLine> members) {
        var text = new StringBuilder(256);
        write(text, members);
        return text.toString();
    }

    private static void write(StringBuilder text, Consumer<JsonLine> members) {
        text.append('{');
        members.accept(new JsonLine(text));
        text.append('}');
    }

    private StringBuilder name(String name) {
        text.append(isFirst ? "\"" : ",\"").append(name).append("\":");
        isFirst = false;
        return text;
    }

    JsonLine text(String name, String value) {
        quote(name(name), value);
        return this;
    }

    JsonLine number(String name, long value) {
        name(name).append(value);
        return this;
    }

    JsonLine flag(String name, boolean value) {
        name(name).append(value);
        return this;
    }

    JsonLine nothing(String name) {
        name(name).append("null");
        return this;
    }

    JsonLine object(String name, Consumer<JsonLine> members) {
        write(name(name), members);
        return this;
    }

    <T> JsonLine objects(String name, Collection<T> values, BiConsumer<JsonLine, T> members) {
        return list(name, values, value -> write(text, object -> members.accept(object, value)));
    }

    JsonLine texts(String name, Collection<String> values) {
        return list(name, values, value -> quote(text, value));
    }

    JsonLine numbers(String name, Collection<? extends Number> values) {
        return list(name, values, value -> text.append(value.longValue()));
    }

    /** Members as {@link JsonReader} reads them. */
    JsonLine members(Map<?, ?> members) {
        members.forEach((name, value) -> any(name(String.valueOf(name)), value));
        return this;
    }

    private static void any(StringBuilder text, Object value) {
        switch (value) {
            case Map<?, ?> object -> write(text, json -> json.members(object));
            case List<?> list -> {
                text.append('[');
                for (int i = 0; i < list.size(); i++) {
                    text.append(i == 0 ? "" : ",");
                    any(text, list.get(i));
                }
                text.append(']');
            }
            case Number number -> text.append(number.longValue());
            case Boolean flag -> text.append(flag.booleanValue());
            case String string -> quote(text, string);
            default -> text.append("null");
        }
    }

    private <T> JsonLine list(String name, Collection<T> values, Consumer<T> write) {
        name(name).append('[');
        boolean first = true;
        for (T value : values) {
            if (!first) {
                text.append(',');
            }
            first = false;
            write.accept(value);
        }
        text.append(']');
        return this;
    }

    /** A text between quotation marks, as JSON has it. */
    static void quote(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c >= ' ' && c <= '~') {
                        text.append(c);
                    } else {
                        text.append("\\u").append(HEX.toHexDigits(c));
                    }
                }
            }
        }
        text.append('"');
    }
}
