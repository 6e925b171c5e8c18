package org.posthouse;

import org.posthouse.policy.Door;
import org.posthouse.policy.IpAddress;
import org.posthouse.server.ListenerSettings;
import org.posthouse.server.ListenerSettings.Auth;
import org.posthouse.server.ListenerSettings.Tls;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Where listeners can be reached, and how that is said. */
final class Doors {
    private Doors() {}

    /** The listeners as a relay proof sees them. */
    static List<Door> of(EngineSettings settings) {
        return ListenerPlans.unused(settings).stream().map(l -> door(settings, l)).toList();
    }

    private static Door door(EngineSettings settings, ListenerSettings listener) {
        boolean mayLogIn =
                listener.auth() != Auth.OFF
                        && (listener.tls() != Tls.OFF || listener.takesClearTextLogins())
                        && listener.mechanisms().stream()
                                .anyMatch(settings.logins().mechanisms()::contains);
        return new Door(
                listener.name(),
                port(listener),
                isHereOnly(listener) ? Door.HERE : Door.ANYWHERE,
                mayLogIn,
                listener.auth() == Auth.REQUIRED,
                listener.asksForClientCertificate() && listener.tls() != Tls.OFF,
                listener.proxies(),
                listener.frontEnds());
    }

    /** True when a client of this address can connect, as far as the listener's address tells. */
    static boolean isReachable(ListenerSettings listener, IpAddress client) {
        return !isHereOnly(listener) || isLoopback(client);
    }

    /** Only clients of this machine can connect. */
    static boolean isHereOnly(ListenerSettings listener) {
        return listener.socket().isPresent() || listener.bind().getAddress().isLoopbackAddress();
    }

    /** {@code 0.0.0.0:25}, {@code [::1]:25} or {@code unix:PATH}. */
    static String place(ListenerSettings listener) {
        if (listener.socket().isPresent()) {
            return listener.socket().get().toString();
        }
        InetSocketAddress bind = listener.bind();
        String host = bind.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + bind.getPort();
    }

    /** {@code port 587}, or the socket. */
    static String port(ListenerSettings listener) {
        return listener.socket()
                .map(Object::toString)
                .orElseGet(() -> "port " + listener.bind().getPort());
    }

    private static boolean isLoopback(IpAddress client) {
        try {
            return InetAddress.getByAddress(client.octets()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
