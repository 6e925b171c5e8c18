package org.posthouse.platform;

import java.io.IOException;

/**
 * A read, write or connect did not end by its deadline.
 *
 * @since 0.1
 */
public final class DeadlineExceeded extends IOException {
    private static final long serialVersionUID = 1L;

    /** With a few words on what was waited for. */
    public DeadlineExceeded(String what) {
        super(what);
    }
}
