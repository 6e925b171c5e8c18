package org.posthouse.platform;

import java.io.IOException;

/**
 * The file system is full, or the quota is used up.
 *
 * @since 0.1
 */
public final class NoSpaceException extends IOException {
    private static final long serialVersionUID = 1L;

    /** With what could not be written. */
    public NoSpaceException(String what) {
        super(what);
    }
}
