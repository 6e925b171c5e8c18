package org.posthouse;

import org.posthouse.policy.AddressPattern;
import org.posthouse.policy.IpNetwork;
import org.posthouse.policy.RelayLimit;
import org.posthouse.policy.RelayRule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One rule of a {@link PosthouseBuilder}: who may send to the outside. All conditions given must
 * hold.
 *
 * @since 0.1
 */
public final class RelayRuleBuilder {
    private String name;
    private final List<IpNetwork> clients = new ArrayList<>();
    private boolean anyClient = true;
    private boolean login;
    private final List<AddressPattern> senders = new ArrayList<>();
    private boolean anySender = true;
    private boolean ownSender;
    private final List<String> certificates = new ArrayList<>();
    private boolean anyCertificate = true;
    private boolean byHook;
    private boolean openRelay;
    private RelayLimit limit = RelayLimit.NONE;
    private String place = "";

    RelayRuleBuilder(String name) {
        this.name = name;
    }

    /** The name for logs and explanations. */
    public RelayRuleBuilder name(String name) {
        this.name = name;
        return this;
    }

    /** Where the rule is written, for explanations: such as {@code posthouse.toml:31}. */
    public RelayRuleBuilder place(String place) {
        this.place = place;
        return this;
    }

    /** Clients in these networks, for example {@code 10.0.0.0/8}; none given: nobody. */
    public RelayRuleBuilder clients(String... networks) {
        anyClient = false;
        for (String network : networks) {
            clients.add(IpNetwork.parse(network));
        }
        return this;
    }

    /** Clients that have logged in. */
    public RelayRuleBuilder auth() {
        login = true;
        return this;
    }

    /**
     * Clients that have logged in, with a reverse-path of their own ({@link Users#owns}), or the
     * null one of a report.
     */
    public RelayRuleBuilder authAsOwn() {
        ownSender = true;
        return auth();
    }

    /**
     * Clients that show one of these certificates, on a listener that {@link
     * ListenerBuilder#asksForClientCertificate asks} for them; none given: nobody.
     *
     * @param fingerprints SHA-256 in hex, with or without colons
     */
    public RelayRuleBuilder certificates(String... fingerprints) {
        anyCertificate = false;
        for (String fingerprint : fingerprints) {
            certificates.add(Fingerprints.parse(fingerprint));
        }
        return this;
    }

    /** Reverse-paths that fit one of these patterns, for example {@code *@shop.example}. */
    public RelayRuleBuilder senders(String... patterns) {
        anySender = false;
        for (String pattern : patterns) {
            senders.add(new AddressPattern(pattern));
        }
        return this;
    }

    /** Only permits that the received hook relays: nothing leaves by this rule by itself. */
    public RelayRuleBuilder byHook() {
        byHook = true;
        return this;
    }

    /**
     * At most so many recipients in any period of this length, whoever asks for them: then clients
     * hear {@code 451 4.7.1} (PH-R106) and no later rule is asked. Each that is granted counts,
     * also when its message does not come. A restart begins anew.
     *
     * @param recipients above zero
     * @param period above zero, at most 366 days
     * @throws IllegalArgumentException for other numbers
     */
    public RelayRuleBuilder limit(int recipients, Duration period) {
        if (recipients <= 0) {
            throw new IllegalArgumentException("a limit of " + recipients + " recipients");
        }
        limit = new RelayLimit(recipients, period);
        return this;
    }

    /** Says that this rule may be open to the whole internet. You do not want this. */
    public RelayRuleBuilder openRelayYesIUnderstand() {
        openRelay = true;
        return this;
    }

    RelayRule build() {
        return new RelayRule(
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
                limit,
                place);
    }
}
