package org.posthouse.client;

import java.time.Duration;
import java.util.Objects;

/**
 * How long a host may take for each step (RFC 5321 section 4.5.3.2); each is absolute.
 *
 * @param greeting until the greeting is complete
 * @param command until the reply to a command is complete
 * @param dataBlock for the host to take one block of content
 * @param dataEnd until the reply to the end of the content is complete
 * @since 0.1
 */
public record ClientTimeouts(
        Duration greeting, Duration command, Duration dataBlock, Duration dataEnd) {
    /** The RFC's minimums. */
    public static final ClientTimeouts DEFAULT =
            new ClientTimeouts(
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(3),
                    Duration.ofMinutes(10));

    /** Checks that nothing is missing. */
    public ClientTimeouts {
        Objects.requireNonNull(greeting);
        Objects.requireNonNull(command);
        Objects.requireNonNull(dataBlock);
        Objects.requireNonNull(dataEnd);
    }
}
