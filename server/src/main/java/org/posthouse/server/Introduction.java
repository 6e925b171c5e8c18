package org.posthouse.server;

import org.posthouse.core.MailEvent;
import org.posthouse.core.Reply;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.policy.IpAddress;
import org.posthouse.policy.IpNetwork;
import org.posthouse.server.ListenerSettings.Tls;
import org.posthouse.server.ProxyHeader.Result;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What happens before a session's first octet: a listed proxy says whose connection it passes on.
 * Of anybody else nothing is read here, so that nobody else can say who they are. Reads exactly the
 * header: what follows is the session's, or that of TLS.
 */
final class Introduction {
    /** A proxy sends its header with the connection. */
    static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Reception reception;
    private final Admission admission;

    Introduction(Reception reception, Admission admission) {
        this.reception = reception;
        this.admission = admission;
    }

    /** True when this peer is a proxy, which has to introduce its clients. */
    boolean isProxy(IpAddress peer) {
        return isProxy(reception.settings(), peer);
    }

    static boolean isProxy(ListenerSettings settings, IpAddress peer) {
        for (IpNetwork network : settings.proxies()) {
            if (network.contains(peer)) {
                return true;
            }
        }
        return false;
    }

    /** Hears who the client is; false when the connection is of no use. */
    boolean hear(Connection connection, LiveSession live) {
        try {
            return switch (read(connection)) {
                case Result.Local l -> true;
                case Result.Forwarded f -> isAdmitted(f.client(), live, connection);
                case Result.Invalid i -> refused(live, i.why());
                case Result.Incomplete i -> refused(live, "the header is too long");
            };
        } catch (IOException e) {
            return refused(live, "the header did not come: " + e.getMessage());
        }
    }

    private Result read(Connection connection) throws IOException {
        Deadline deadline = reception.platform().time().after(TIMEOUT);
        var octets = new byte[ProxyHeader.OCTETS_MAX];
        int length = 0;
        Result result = new Result.Incomplete(1);
        while (result instanceof Result.Incomplete incomplete
                && length + incomplete.more() <= octets.length) {
            int count = connection.read(octets, length, incomplete.more(), deadline);
            if (count < 0) {
                throw new EOFException("the end came first");
            }
            length += count;
            result = ProxyHeader.parse(octets, length);
        }
        return result;
    }

    /** The client takes the proxy's place where connections are counted. */
    private boolean isAdmitted(InetSocketAddress client, LiveSession live, Connection connection)
            throws IOException {
        IpAddress peer = live.clientAddress();
        IpAddress address = IpAddress.of(client.getAddress().getAddress());
        if (!admission.move(peer, address, reception.connectionsMax(address))) {
            tell(live, address, Codes.CONNECTIONS_OF_CLIENT, Replies.TOO_MANY_OF_CLIENT.reply());
            if (reception.settings().tls() != Tls.IMPLICIT) {
                byte[] reply = Replies.TOO_MANY_OF_CLIENT.octets();
                Deadline deadline = reception.platform().time().after(Listener.TURN_AWAY_TIMEOUT);
                connection.write(reply, 0, reply.length, deadline);
            }
            return false;
        }
        live.comesFrom(client);
        return true;
    }

    private boolean refused(LiveSession live, String why) {
        Reply reply = noHeader(why);
        tell(live, live.clientAddress(), Codes.PROXY, reply);
        return false;
    }

    /** What becomes of a proxy that introduces nobody; for the log, since it would not read it. */
    static Reply noHeader(String why) {
        return Reply.of(554, "5.5.0", "PROXY: " + why);
    }

    private void tell(LiveSession live, IpAddress client, String code, Reply reply) {
        var refused =
                new MailEvent.Refused(
                        reception.platform().time().now(),
                        live.number(),
                        "connect",
                        client.toString(),
                        code,
                        reply);
        reception.events().emit(refused);
    }
}
