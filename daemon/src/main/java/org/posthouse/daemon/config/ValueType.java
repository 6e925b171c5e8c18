package org.posthouse.daemon.config;

import java.util.Optional;

/**
 * How a value of the file becomes a value of the program.
 *
 * @param form what it looks like, for people
 * @param reader reads one, or tells the context why not
 * @param schema what it looks like, for editors: a JSON Schema
 */
record ValueType<T>(String form, Reader<T> reader, String schema) {
    private static final String TEXT = "{\"type\":\"string\"}";

    /** A text in the file. */
    ValueType(String form, Reader<T> reader) {
        this(form, reader, TEXT);
    }

    /** The same, with another look for editors. */
    ValueType<T> as(String otherSchema) {
        return new ValueType<>(form, reader, otherSchema);
    }

    /** Reads a value. */
    interface Reader<T> {
        Optional<T> read(RawValue raw);
    }
}
