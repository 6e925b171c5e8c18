package org.posthouse.relay;

/**
 * The relay can't start, or can't keep what its operator wants.
 *
 * @since 0.1
 */
public final class RelayException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String code;

    RelayException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** Our stable code for it. */
    public String code() {
        return code;
    }
}
