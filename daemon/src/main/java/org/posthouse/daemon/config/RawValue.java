package org.posthouse.daemon.config;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * A value as it stands in the file.
 *
 * @param key the setting it belongs to
 * @param value as TOML has it
 * @param span where
 * @param context where problems go
 */
record RawValue(String key, Object value, Span span, Context context) {
    /** A value of this key that can't be; says what it needs. */
    <T> Optional<T> wrong(String needs, String example) {
        context.add(span, Codes.VALUE, "`" + key + "` needs " + needs, example);
        return Optional.empty();
    }

    /** The text of a string. */
    @Nullable String text() {
        return value instanceof String text ? text : null;
    }
}
