package org.posthouse.daemon.config;

import java.util.Map;
import java.util.Optional;

/**
 * A table that was read: its values by key. Keys with a wrong value are present without one.
 *
 * @param name of a listener; empty for others
 * @param header where it begins
 * @param entries what is written in it
 */
record Table(String name, Span header, Map<Key<?>, Entry> entries) {
    /**
     * A value, perhaps missing because it was wrong, and where it stands.
     *
     * @param written all of it, in one form however it is laid out
     */
    record Entry(Optional<?> value, Span keySpan, Span valueSpan, String written) {}

    /** The value; empty when not given or wrong. */
    @SuppressWarnings("unchecked") // the reader stores a key's value by the key's own type
    <T> Optional<T> get(Key<T> key) {
        Entry entry = entries.get(key);
        return entry == null ? Optional.empty() : (Optional<T>) entry.value();
    }

    /** True when the key is written, right or wrong. */
    boolean has(Key<?> key) {
        return entries.containsKey(key);
    }

    /** All of the value, in one form however it is laid out; empty when it is not given. */
    String written(Key<?> key) {
        Entry entry = entries.get(key);
        return entry == null ? "" : entry.written();
    }

    /** Where the value stands; the header when it is not given. */
    Span spanOf(Key<?> key) {
        Entry entry = entries.get(key);
        return entry == null ? header : entry.valueSpan();
    }

    /** Where the key stands; the header when it is not given. */
    Span keySpanOf(Key<?> key) {
        Entry entry = entries.get(key);
        return entry == null ? header : entry.keySpan();
    }
}
