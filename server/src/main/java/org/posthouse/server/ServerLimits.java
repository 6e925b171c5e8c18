package org.posthouse.server;

import org.posthouse.policy.IpAddress;
import org.posthouse.policy.IpNetwork;

import java.time.Duration;
import java.util.List;

/**
 * Bounds and deadlines of sessions (RFC 5321 sections 4.5.3.1 and 4.5.3.2).
 *
 * @param messageOctetsMax content, also announced as SIZE
 * @param recipientsMax per transaction; at least 100
 * @param connectionsMax of the listener
 * @param connectionsPerClientMax of one client address (IPv6: of one /64)
 * @param commandTimeout absolute, for each command line
 * @param dataTimeout for a message as a whole, plus its size at the minimum rate
 * @param dataOctetsPerSecondMin the minimum rate
 * @param errorsMax refused commands before the session is ended with 421
 * @param transactionsMax messages per session
 * @param headerOctetsMax longest header section
 * @param receivedFieldsMax more Received fields than this are a loop ({@code 554 5.4.6})
 * @param clientsExempt networks without the limit of connections of one client and without the
 *     delay after a wrong login
 * @since 0.1
 */
public record ServerLimits(
        long messageOctetsMax,
        int recipientsMax,
        int connectionsMax,
        int connectionsPerClientMax,
        Duration commandTimeout,
        Duration dataTimeout,
        long dataOctetsPerSecondMin,
        int errorsMax,
        int transactionsMax,
        int headerOctetsMax,
        int receivedFieldsMax,
        List<IpNetwork> clientsExempt) {
    /** The defaults of the product. */
    public static final ServerLimits DEFAULT =
            new ServerLimits(
                    50_000_000,
                    1000,
                    10_000,
                    100,
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(10),
                    1024,
                    20,
                    10_000,
                    1 << 20,
                    50,
                    List.of());

    /** Copies the list. */
    public ServerLimits {
        clientsExempt = List.copyOf(clientsExempt);
    }

    /** True when the limits of one client are not for this one. */
    boolean exempts(IpAddress client) {
        for (IpNetwork network : clientsExempt) {
            if (network.contains(client)) {
                return true;
            }
        }
        return false;
    }
}
