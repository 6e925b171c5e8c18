package org.posthouse.daemon.config;

/**
 * One setting.
 *
 * @param name as written
 * @param type its value
 * @param fallback what holds without it, for people
 * @param doc one sentence or two
 * @param built false: known, but refused until it is there
 */
record Key<T>(String name, ValueType<T> type, String fallback, String doc, boolean built) {
    static <T> Key<T> of(String name, ValueType<T> type, String fallback, String doc) {
        return new Key<>(name, type, fallback, doc, true);
    }

    static Key<String> later(String name) {
        return new Key<>(name, Types.TEXT, "", "", false);
    }
}
