package org.posthouse.server;

/**
 * The server can't start.
 *
 * @since 0.1
 */
public final class ServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The stable code, for example {@code PH-S002}. */
    private final String code;

    ServerException(String code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** The stable code, for example {@code PH-S002}: an address can't be bound. */
    public String code() {
        return code;
    }
}
