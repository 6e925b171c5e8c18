package org.posthouse.daemon.config;

/**
 * One setting.
 *
 * @param name as written
 * @param type its value
 * @param fallback what holds without it, for people
 * @param doc one sentence or two
 */
record Key<T>(String name, ValueType<T> type, String fallback, String doc) {
    static <T> Key<T> of(String name, ValueType<T> type, String fallback, String doc) {
        return new Key<>(name, type, fallback, doc);
    }
}
