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
 * @param certificate fingerprint of the one that it shows, SHA-256 in lower case hex, where it is
 *     asked for one; empty: none
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
        String certificate,
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
        Objects.requireNonNull(certificate);
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
        return new Ask(HERE, bare(reversePath), "", "", false, HELO, 0, "", "");
    }

    /** To this address. */
    public Ask to(String recipient) {
        return new Ask(
                client, from, bare(recipient), login, tls, helo, octets, certificate, listener);
    }

    /**
     * From a client at this address.
     *
     * @throws IllegalArgumentException when it is no IP address
     */
    public Ask client(String address) {
        IpAddress parsed = IpAddress.parse(address);
        return new Ask(parsed, from, to, login, tls, helo, octets, certificate, listener);
    }

    /** Having logged in, over TLS. */
    public Ask login(String name) {
        return new Ask(client, from, to, name, tls, helo, octets, certificate, listener);
    }

    /** Over TLS. */
    public Ask overTls() {
        return new Ask(client, from, to, login, true, helo, octets, certificate, listener);
    }

    /** Calling itself so. */
    public Ask helo(String name) {
        return new Ask(client, from, to, login, tls, name, octets, certificate, listener);
    }

    /** Declaring this size. */
    public Ask size(long declared) {
        return new Ask(client, from, to, login, tls, helo, declared, certificate, listener);
    }

    /**
     * Showing a certificate, over TLS.
     *
     * @param fingerprint SHA-256 in hex, with or without colons
     * @throws IllegalArgumentException when it is none
     */
    public Ask certificate(String fingerprint) {
        String parsed = Fingerprints.parse(fingerprint);
        return new Ask(client, from, to, login, true, helo, octets, parsed, listener);
    }

    /** Connected to this listener. */
    public Ask listener(String name) {
        return new Ask(client, from, to, login, tls, helo, octets, certificate, name);
    }

    private static String bare(String address) {
        boolean isBracketed = address.startsWith("<") && address.endsWith(">");
        return isBracketed ? address.substring(1, address.length() - 1) : address;
    }
}
