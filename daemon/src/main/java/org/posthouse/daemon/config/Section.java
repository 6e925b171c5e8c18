package org.posthouse.daemon.config;

import java.util.List;

/**
 * One kind of table.
 *
 * @param name as written
 * @param shape how often and how it is written
 * @param noun what its keys are settings of
 * @param doc what it is for
 * @param keys its settings; none: known, but refused until it is there
 */
record Section(String name, Shape shape, String noun, String doc, List<Key<?>> keys) {
    Section {
        keys = List.copyOf(keys);
    }

    boolean built() {
        return !keys.isEmpty();
    }

    /** How it stands in the file. */
    String header() {
        return switch (shape) {
            case ROOT -> "";
            case SINGLE -> "[" + name + "]";
            case NAMED -> "[" + name + ".NAME]";
            case LIST -> "[[" + name + "]]";
            case INLINE -> name + " = { … }";
            case INLINE_LIST -> name + " = [{ … }]";
        };
    }

    /** The ways to write a table. */
    enum Shape {
        /** The keys before the first table. */
        ROOT,
        /** {@code [name]}. */
        SINGLE,
        /** {@code [name.NAME]}, any number. */
        NAMED,
        /** {@code [[name]]}, any number, in order. */
        LIST,
        /** {@code key = { … }}. */
        INLINE,
        /** {@code key = [{ … }, …]}. */
        INLINE_LIST
    }
}
