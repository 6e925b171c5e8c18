package org.posthouse.core;

import java.util.Objects;

/**
 * Where a message came from: the facts of its session that are kept with it. All are empty strings
 * where they do not apply (a message submitted by the program itself, a report of ours).
 *
 * @param listener name of the listener
 * @param clientAddress the client's IP address as text
 * @param heloName what the client called itself
 * @param login the authenticated identity
 * @param protocol the "with" word of the Received field, for example {@code ESMTPSA} (RFC 3848)
 * @since 0.1
 */
public record Origin(
        String listener, String clientAddress, String heloName, String login, String protocol) {
    /** A message made by this process itself. */
    public static final Origin INTERNAL = new Origin("", "", "", "", "");

    /** Checks that nothing is missing. */
    public Origin {
        Objects.requireNonNull(listener);
        Objects.requireNonNull(clientAddress);
        Objects.requireNonNull(heloName);
        Objects.requireNonNull(login);
        Objects.requireNonNull(protocol);
    }
}
