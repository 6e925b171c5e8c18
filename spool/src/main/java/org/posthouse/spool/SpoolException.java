package org.posthouse.spool;

import org.jspecify.annotations.Nullable;

/**
 * The spool can't be opened. The message is for people, the code is stable.
 *
 * @since 0.1
 */
public final class SpoolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Another process has the spool open; the message names it. */
    public static final String IN_USE = "PH-S010";

    /** Written by a newer version. */
    public static final String NEWER_FORMAT = "PH-S011";

    /** The directory or one of its files can't be read or written. */
    public static final String UNUSABLE = "PH-S012";

    /** No room for the first segments. */
    public static final String NO_SPACE = "PH-S013";

    /** There is no spool in the directory; only readers say so, as others would make one. */
    public static final String MISSING = "PH-S014";

    private final String code;

    SpoolException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** The stable code, for example {@code PH-S010}. */
    public String code() {
        return code;
    }
}
