package org.posthouse;

import org.posthouse.policy.IpAddress;

import java.util.Objects;

/**
 * A question: what would become of a message? Begin with {@link #from}.
 *
 * @param client the client's address
 * @param from the reverse-path, as MAIL would have it between the angle brackets; empty: the null
 *     one
 * @param to the recipient, as RCPT would have it between the angle brackets
 * @param login who has logged in; empty: nobody
 * @param tls whether the client uses TLS; a login implies it, since none is offered on clear text
 * @param helo what the client calls itself
 * @param octets the size that it declares; 0: none
 * @param listener where it connects; empty: the first listener that fits
 * @since 0.1
 */
public record Ask(
        IpAddress client,
        String from,
        String to,
        String login,
        boolean tls,
        String helo,
        long octets,
        String listener) {
    private static final IpAddress HERE = IpAddress.parse("127.0.0.1");
    private static final String HELO = "client.example";

    /** Checks that nothing is missing. */
    public Ask {
        Objects.requireNonNull(client);
        Objects.requireNonNull(from);
        Objects.requireNonNull(to);
        Objects.requireNonNull(login);
        Objects.requireNonNull(helo);
        Objects.requireNonNull(listener);
        if (octets < 0) {
            throw new IllegalArgumentException("a size is not negative: " + octets);
        }
    }

    /**
     * About a message with this reverse-path, from 127.0.0.1 until said otherwise.
     *
     * @param reversePath an address; an empty text, or {@code <>}: the null one
     */
    public static Ask from(String reversePath) {
        return new Ask(HERE, bare(reversePath), "", "", false, HELO, 0, "");
    }

    /** To this address. */
    public Ask to(String recipient) {
        return new Ask(client, from, bare(recipient), login, tls, helo, octets, listener);
    }

    /**
     * From a client at this address.
     *
     * @throws IllegalArgumentException when it is no IP address
     */
    public Ask client(String address) {
        IpAddress parsed = IpAddress.parse(address);
        return new Ask(parsed, from, to, login, tls, helo, octets, listener);
    }

    /** Having logged in, over TLS. */
    public Ask login(String name) {
        return new Ask(client, from, to, name, tls, helo, octets, listener);
    }

    /** Over TLS. */
    public Ask overTls() {
        return new Ask(client, from, to, login, true, helo, octets, listener);
    }

    /** Calling itself so. */
    public Ask helo(String name) {
        return new Ask(client, from, to, login, tls, name, octets, listener);
    }

    /** Declaring this size. */
    public Ask size(long declared) {
        return new Ask(client, from, to, login, tls, helo, declared, listener);
    }

    /** Connected to this listener. */
    public Ask listener(String name) {
        return new Ask(client, from, to, login, tls, helo, octets, name);
    }

    private static String bare(String address) {
        boolean isBracketed = address.startsWith("<") && address.endsWith(">");
        return isBracketed ? address.substring(1, address.length() - 1) : address;
    }
}
