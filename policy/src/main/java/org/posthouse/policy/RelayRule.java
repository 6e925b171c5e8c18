package org.posthouse.policy;

import java.util.List;
import java.util.Objects;

/**
 * Who may send to the outside. All conditions present must hold.
 *
 * @param name for logs and explanations
 * @param clients networks of the client; meaningful with {@code anyClient} false, where an empty
 *     list matches nobody
 * @param anyClient no condition on the client's address
 * @param login a login is required
 * @param senders patterns of the reverse-path; meaningful with {@code anySender} false
 * @param anySender no condition on the reverse-path
 * @param ownSender the reverse-path belongs to the login, or is null
 * @param certificates fingerprints of the client's certificate, SHA-256 in lower case hex;
 *     meaningful with {@code anyCertificate} false, where an empty list matches nobody
 * @param anyCertificate no condition on the client's certificate
 * @param byHook the rule only permits that a hook relays a message: nothing leaves by it unless the
 *     hook says so
 * @param openRelay the operator said in the exact words that this rule may be open to everyone
 * @param limit how many recipients it grants
 * @param place where it is written, such as {@code posthouse.toml:31}; empty: nowhere to point at
 * @since 0.1
 */
public record RelayRule(
        String name,
        List<IpNetwork> clients,
        boolean anyClient,
        boolean login,
        List<AddressPattern> senders,
        boolean anySender,
        boolean ownSender,
        List<String> certificates,
        boolean anyCertificate,
        boolean byHook,
        boolean openRelay,
        RelayLimit limit,
        String place) {
    /** The same, without a limit and with no condition on whose reverse-path, nor certificate. */
    public RelayRule(
            String name,
            List<IpNetwork> clients,
            boolean anyClient,
            boolean login,
            List<AddressPattern> senders,
            boolean anySender,
            boolean byHook,
            boolean openRelay) {
        this(
                name, clients, anyClient, login, senders, anySender, false, List.of(), true, byHook,
                openRelay);
    }

    /** Without a limit, and with nowhere to point at. */
    public RelayRule(
            String name,
            List<IpNetwork> clients,
            boolean anyClient,
            boolean login,
            List<AddressPattern> senders,
            boolean anySender,
            boolean ownSender,
            List<String> certificates,
            boolean anyCertificate,
            boolean byHook,
            boolean openRelay) {
        this(
                name,
                clients,
                anyClient,
                login,
                senders,
                anySender,
                ownSender,
                certificates,
                anyCertificate,
                byHook,
                openRelay,
                RelayLimit.NONE,
                "");
    }

    /** Copies the lists. */
    public RelayRule {
        Objects.requireNonNull(name);
        Objects.requireNonNull(limit);
        Objects.requireNonNull(place);
        clients = List.copyOf(clients);
        senders = List.copyOf(senders);
        certificates = List.copyOf(certificates);
    }
}
