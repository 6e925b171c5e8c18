package org.posthouse.daemon.config;

import java.util.Optional;

/**
 * How a value of the file becomes a value of the program.
 *
 * @param form what it looks like, for people
 * @param reader reads one, or tells the context why not
 */
record ValueType<T>(String form, Reader<T> reader) {
    /** Reads a value. */
    interface Reader<T> {
        Optional<T> read(RawValue raw);
    }
}
