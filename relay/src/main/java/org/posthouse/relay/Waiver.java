package org.posthouse.relay;

import org.posthouse.policy.Route;
import org.posthouse.policy.Route.Peer;
import org.posthouse.policy.Route.TlsMode;

import java.util.List;

/**
 * The way of mail whose header says {@code TLS-Required: No} (RFC 8689 section 3): that of all
 * other mail, but what its recipients' domains have published about TLS counts for nothing, and TLS
 * is used where it can be had. What the operator demands of a next hop is still demanded: waived is
 * {@code auto} alone, and not where we log in, since a password is not the author's to give away.
 *
 * <p>It is another site, with connections and a circuit of its own: other mail never goes over a
 * connection that proved less than it asks for, and mail that waives goes although nothing else
 * can.
 */
final class Waiver {
    private Waiver() {}

    /** The way of such mail, given that of other mail; the same where there is nothing to waive. */
    static Hop of(Hop hop) {
        return switch (hop) {
            case Hop.Exchange exchange -> of(exchange);
            case Hop.Fixed fixed -> of(fixed);
            case Hop.Store store -> store;
            case Hop.Nowhere nowhere -> nowhere;
        };
    }

    private static Hop of(Hop.Exchange hop) {
        Route.Hop settings = hop.via().settings();
        if (!isWaived(settings.tls(), settings.credentials())) {
            return hop;
        }
        var via = new Route.Mx(settings.secured(TlsMode.OPPORTUNISTIC), hop.via().internal());
        return new Hop.Exchange(SiteKey.WAIVED + hop.site(), hop.domain(), via);
    }

    private static Hop of(Hop.Fixed hop) {
        List<Peer> peers = hop.via().peers().stream().map(Waiver::of).toList();
        if (peers.equals(hop.via().peers())) {
            return hop;
        }
        Route.Fixed via =
                switch (hop.via()) {
                    case Route.Smarthost smart -> new Route.Smarthost(peers, smart.settings());
                    case Route.Lmtp lmtp -> new Route.Lmtp(peers, lmtp.settings());
                };
        return new Hop.Fixed(SiteKey.WAIVED + hop.site(), via);
    }

    private static Peer of(Peer peer) {
        return isWaived(peer.tls(), peer.credentials())
                ? new Peer(
                        peer.at(),
                        peer.order(),
                        peer.weight(),
                        TlsMode.OPPORTUNISTIC,
                        peer.credentials())
                : peer;
    }

    private static boolean isWaived(TlsMode tls, Route.Credentials credentials) {
        return tls == TlsMode.AUTO && credentials.isNone();
    }
}
