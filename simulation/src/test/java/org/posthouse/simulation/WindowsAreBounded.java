package org.posthouse.simulation;

import org.posthouse.relay.RelaySettings;

import java.util.ArrayList;
import java.util.List;

/**
 * No host has more connections from the engine than the route allows each site that the host is in,
 * and none carries more messages than a connection may.
 */
final class WindowsAreBounded implements Invariant {
    private static final int MESSAGES_MAX =
            RelaySettings.of("mail.home.example").messagesPerConnection();

    @Override
    public List<String> against(Ledger ledger) {
        List<String> broken = new ArrayList<>();
        for (Ledger.Visit visit : ledger.visits) {
            if (visit.messages > MESSAGES_MAX) {
                broken.add(visit.messages + " messages over one connection to " + visit.host);
            }
        }
        return broken;
    }

    /** Asked at each new connection. */
    static void check(Exchanger host) {
        int most = World.CONNECTIONS_MAX * Cast.sitesOf(host.address);
        if (host.clients() > most) {
            host.ledger.amiss(
                    WindowsAreBounded.class, host.clients() + " connections to " + host.address);
        }
    }
}
