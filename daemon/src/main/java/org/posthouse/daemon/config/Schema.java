package org.posthouse.daemon.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The JSON Schema of the configuration, for editors, made from the model. */
public final class Schema {
    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

    private Schema() {}

    /** All of it, in one line. */
    public static String text() {
        var properties = new ArrayList<>(properties(Model.ROOT));
        for (Section section : Model.SECTIONS) {
            if (section.built() && section.shape() != Section.Shape.ROOT) {
                properties.add(quoted(section.name()) + ":" + shaped(section));
            }
        }
        return "{\"$schema\":"
                + quoted(DRAFT)
                + ",\"title\":\"posthouse.toml\","
                + object(properties).substring(1);
    }

    private static String shaped(Section section) {
        String table = of(section);
        String whole =
                switch (section.shape()) {
                    case NAMED -> "{\"type\":\"object\",\"additionalProperties\":" + table + "}";
                    case LIST -> "{\"type\":\"array\",\"items\":" + table + "}";
                    default -> table;
                };
        return described(whole, section.doc());
    }

    /** The table of a section. */
    static String of(Section section) {
        return object(properties(section));
    }

    private static List<String> properties(Section section) {
        var properties = new ArrayList<String>();
        for (Key<?> key : section.keys()) {
            String doc = key.doc() + " Default: " + key.fallback() + ".";
            properties.add(quoted(key.name()) + ":" + described(key.type().schema(), doc));
        }
        return properties;
    }

    private static String object(List<String> properties) {
        return "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
                + String.join(",", properties)
                + "}}";
    }

    private static String described(String schema, String doc) {
        return "{\"description\":" + quoted(doc) + "," + schema.substring(1);
    }

    /** One of some words. */
    static String words(Collection<String> words) {
        return "{\"enum\":[" + String.join(",", words.stream().map(Schema::quoted).toList()) + "]}";
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
