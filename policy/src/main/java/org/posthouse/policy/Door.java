package org.posthouse.policy;

import java.util.List;
import java.util.Objects;

/**
 * What a relay proof has to know of a listener.
 *
 * @param name of the listener
 * @param place for people: {@code port 587}, or the path of a socket
 * @param clients networks that can connect to it, as far as its own address tells
 * @param offersLogin one can log in
 * @param needsLogin nothing goes without a login
 * @param asksForCertificate clients can show one
 * @param proxies those who may say that their client is anybody, wherever it is
 * @param frontEnds those who may say so, and as whom it has logged in
 * @since 0.1
 */
public record Door(
        String name,
        String place,
        List<IpNetwork> clients,
        boolean offersLogin,
        boolean needsLogin,
        boolean asksForCertificate,
        List<IpNetwork> proxies,
        List<IpNetwork> frontEnds) {
    /** Every address there is. */
    public static final List<IpNetwork> ANYWHERE =
            List.of(IpNetwork.parse("0.0.0.0/0"), IpNetwork.parse("::/0"));

    /** This machine. */
    public static final List<IpNetwork> HERE =
            List.of(IpNetwork.parse("127.0.0.0/8"), IpNetwork.parse("::1"));

    /** Copies the lists. */
    public Door {
        Objects.requireNonNull(name);
        Objects.requireNonNull(place);
        clients = List.copyOf(clients);
        proxies = List.copyOf(proxies);
        frontEnds = List.copyOf(frontEnds);
    }

    /** Whoever can be a client here: those who connect, and whom others may speak for. */
    List<IpNetwork> possibleClients() {
        return proxies.isEmpty() && frontEnds.isEmpty() ? clients : ANYWHERE;
    }
}
