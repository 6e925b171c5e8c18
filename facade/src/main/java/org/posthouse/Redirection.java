package org.posthouse;

import org.posthouse.core.Mailbox;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.HostPort;

import java.util.Arrays;
import java.util.List;

/**
 * Where deliveries of the queue go instead. It lasts until they are done or redirected again.
 *
 * @since 0.1
 */
public sealed interface Redirection {
    /** Addresses that one is redirected to. */
    int RECIPIENTS_MAX = 100;

    /** By a route that is not the first to match, now or later. */
    record ToRoute(String name) implements Redirection {}

    /** To a fixed host. */
    record ToHost(HostPort host) implements Redirection {}

    /** By the routes, whatever was chosen before. */
    record AsRouted() implements Redirection {}

    /**
     * To other recipients, in a message of its own that names the original ones.
     *
     * @param recipients who gets it
     * @param replaced those of the recipients whose address is like this; {@code *} stands for any
     *     characters; empty: all that are left
     */
    record ToRecipients(List<Mailbox> recipients, String replaced) implements Redirection {
        /** Copies the list and checks its size. */
        public ToRecipients {
            recipients = List.copyOf(recipients);
            if (recipients.isEmpty() || recipients.size() > RECIPIENTS_MAX) {
                throw new IllegalArgumentException(
                        "1 to " + RECIPIENTS_MAX + " recipients to redirect to");
            }
        }
    }

    /** By a route of this name. */
    static Redirection route(String name) {
        return new ToRoute(name);
    }

    /**
     * To a host, such as {@code relay.example:587}; the port is 25 without one.
     *
     * @throws IllegalArgumentException when this is none
     */
    static Redirection host(String hostAndPort) {
        return new ToHost(HostPort.parse(hostAndPort, Route.Hop.DEFAULT.port()));
    }

    /** By the routes. */
    static Redirection asRouted() {
        return new AsRouted();
    }

    /** All that are left are replaced by these. */
    static Redirection recipients(String... addresses) {
        return new ToRecipients(Arrays.stream(addresses).map(Mailbox::parse).toList(), "");
    }
}
