package org.posthouse.server;

import org.posthouse.core.Xtext;
import org.posthouse.policy.IpAddress;
import org.posthouse.policy.IpNetwork;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The arguments of XCLIENT, by which a front end of our own says whose session it passes on: {@code
 * NAME=value} pairs with values in xtext, {@code [UNAVAILABLE]} or {@code [TEMPUNAVAIL]}. What we
 * do not use is read and left. The client's address has to be there: without it the client would be
 * taken for the front end, which may have rights of its own.
 *
 * @param client the client's address and port
 * @param login who the front end has logged in; empty for nobody
 */
record Xclient(InetSocketAddress client, String login) {
    /** The keyword of EHLO. */
    static final String KEYWORD = "XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT";

    private static final List<String> NAMES =
            List.of(
                    "NAME",
                    "ADDR",
                    "PORT",
                    "PROTO",
                    "HELO",
                    "LOGIN",
                    "DESTADDR",
                    "DESTPORT",
                    "REVERSE_NAME");
    private static final int PORT_MAX = 65_535;
    private static final String IPV6 = "IPV6:";

    /** Reads them; empty when they make no sense. */
    static Optional<Xclient> parse(String argument) {
        Optional<InetAddress> address = Optional.empty();
        Optional<Integer> port = Optional.of(0);
        String login = "";
        for (String pair : argument.strip().split(" +", -1)) {
            int equals = pair.indexOf('=');
            String name = pair.substring(0, Math.max(0, equals)).toUpperCase(Locale.ROOT);
            Optional<String> value = value(pair.substring(equals + 1));
            if (!NAMES.contains(name) || value.isEmpty()) {
                return Optional.empty();
            }
            switch (name) {
                case "ADDR" -> address = address(value.get());
                case "PORT" -> port = port(value.get());
                case "LOGIN" -> login = value.get();
                default -> {} // not used
            }
        }
        if (address.isEmpty() || port.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Xclient(new InetSocketAddress(address.get(), port.get()), login));
    }

    /** An xtext without control characters; empty for what is not known. */
    private static Optional<String> value(String text) {
        String word = text.toUpperCase(Locale.ROOT);
        if (word.equals("[UNAVAILABLE]") || word.equals("[TEMPUNAVAIL]")) {
            return Optional.of("");
        }
        return Xtext.decode(text)
                .filter(
                        plain ->
                                !plain.isEmpty()
                                        && plain.chars().noneMatch(Character::isISOControl));
    }

    private static Optional<Integer> port(String text) {
        if (text.isEmpty()) {
            return Optional.of(0);
        }
        boolean isNumber = text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber
                ? Optional.of(Integer.parseInt(text)).filter(port -> port <= PORT_MAX)
                : Optional.empty();
    }

    private static Optional<InetAddress> address(String text) {
        boolean isV6 = text.regionMatches(true, 0, IPV6, 0, IPV6.length());
        try {
            IpAddress address = IpAddress.parse(isV6 ? text.substring(IPV6.length()) : text);
            return Optional.of(InetAddress.getByAddress(address.octets()));
        } catch (IllegalArgumentException | UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** True when this peer may use it. */
    static boolean isFor(List<IpNetwork> peers, IpAddress peer) {
        return peers.stream().anyMatch(network -> network.contains(peer));
    }
}
