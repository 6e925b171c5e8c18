package org.posthouse.relay;

import org.posthouse.client.ClientSettings.UseTls;
import org.posthouse.core.TlsFault;
import org.posthouse.core.TlsLevel;
import org.posthouse.platform.Dns.Tlsa;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.TlsMode;

import java.util.List;

/** How TLS with a host is made, and what the host has to prove. */
sealed interface TlsTerms {
    /**
     * The host is talked to.
     *
     * @param useTls whether TLS is used
     * @param proof what its certificate has to prove
     * @param tlsa with {@link Proof#DANE}: the records, of which one has to match
     * @param serverName that is asked for in the handshake
     */
    record Talk(UseTls useTls, Proof proof, List<Tlsa> tlsa, String serverName)
            implements TlsTerms {
        public Talk {
            tlsa = List.copyOf(tlsa);
        }

        /** The same, but for what a certificate has to prove, and that TLS has to be. */
        Talk opportunistic() {
            return new Talk(UseTls.WHERE_OFFERED, Proof.NONE, List.of(), serverName);
        }

        Talk clear() {
            return new Talk(UseTls.OFF, Proof.NONE, List.of(), serverName);
        }
    }

    /** Nothing is sent to it. */
    record Refused(Unproven why) implements TlsTerms {}

    /** What a certificate has to prove. */
    enum Proof {
        /** Nothing. */
        NONE(TlsLevel.OPPORTUNISTIC),
        /** The host's name. */
        NAME(TlsLevel.VERIFIED),
        /** The host's name, as the domain's policy wants it. */
        STS(TlsLevel.MTA_STS),
        /** The same, for a policy that is only tested. */
        STS_FOR_TEST(TlsLevel.MTA_STS),
        /** That TLSA records name it. */
        DANE(TlsLevel.DANE);

        private final TlsLevel level;

        Proof(TlsLevel level) {
            this.level = level;
        }

        /** What a conversation with this proof is. */
        TlsLevel level() {
            return level;
        }

        /** Authorities that are trusted vouch for the name. */
        boolean isByAuthority() {
            return this == NAME || this == STS || this == STS_FOR_TEST;
        }

        /** A domain has published that it is wanted: a failure is told. */
        boolean isPublished() {
            return this == STS || this == STS_FOR_TEST || this == DANE;
        }
    }

    /**
     * What a host did not prove.
     *
     * @param domain whose policy it is
     * @param host its name
     */
    record Unproven(String domain, String host, TlsLevel wanted, TlsFault fault, String text) {
        static Unproven of(Exchangers.Host host, TlsLevel wanted, TlsFault fault, String text) {
            String domain = host.published().domain();
            return new Unproven(
                    domain.isEmpty() ? host.name() : domain, host.name(), wanted, fault, text);
        }
    }

    /**
     * The terms for a host.
     *
     * @param dane its records; {@link DaneRecords.None} for a route that does not ask for them
     * @param isBroken it offers STARTTLS and can't do it
     */
    static TlsTerms of(Route.Hop hop, Exchangers.Host host, DaneRecords dane, boolean isBroken) {
        return switch (hop.tls()) {
            case AUTO -> auto(hop, host, dane, isBroken);
            case OFF -> talk(UseTls.OFF, Proof.NONE, host);
            case OPPORTUNISTIC -> opportunistic(hop, host, isBroken);
            case REQUIRE -> talk(UseTls.REQUIRED, Proof.NONE, host);
            case VERIFY -> talk(UseTls.REQUIRED, Proof.NAME, host);
            case IMPLICIT -> talk(UseTls.IMPLICIT, Proof.NAME, host);
            case DANE -> dane(host, dane);
            case MTA_STS -> policy(host);
        };
    }

    /**
     * DANE before MTA-STS, which must not undo what the former refuses (RFC 8461 section 2). Who
     * gets credentials has to prove at least its name: otherwise they are for whoever is on the
     * way.
     */
    private static TlsTerms auto(
            Route.Hop hop, Exchangers.Host host, DaneRecords dane, boolean isBroken) {
        if (dane instanceof DaneRecords.Usable || dane instanceof DaneRecords.Failed) {
            return dane(host, dane);
        }
        if (isEnforced(host)) {
            return enforced(host);
        }
        if (!hop.credentials().isNone()) {
            return talk(UseTls.REQUIRED, Proof.NAME, host);
        }
        if (dane instanceof DaneRecords.Unusable) {
            return talk(UseTls.REQUIRED, Proof.NONE, host);
        }
        return host.published().sts() == Published.Sts.LISTED_FOR_TEST
                ? talk(UseTls.REQUIRED, Proof.STS_FOR_TEST, host)
                : opportunistic(hop, host, isBroken);
    }

    private static TlsTerms dane(Exchangers.Host host, DaneRecords dane) {
        return switch (dane) {
            case DaneRecords.Usable usable ->
                    new Talk(UseTls.REQUIRED, Proof.DANE, usable.usable(), usable.base());
            case DaneRecords.Failed failed ->
                    refused(host, TlsLevel.DANE, TlsFault.DNSSEC_INVALID, failed.why());
            case DaneRecords.Unusable unusable ->
                    refused(
                            host,
                            TlsLevel.DANE,
                            TlsFault.DANE_REQUIRED,
                            "DANE is required, and no TLSA record of the host can be used");
            case DaneRecords.None none ->
                    refused(
                            host,
                            TlsLevel.DANE,
                            TlsFault.DANE_REQUIRED,
                            "DANE is required, and the host has no TLSA record that DNSSEC vouches"
                                    + " for");
        };
    }

    private static boolean isEnforced(Exchangers.Host host) {
        Published.Sts sts = host.published().sts();
        return sts == Published.Sts.LISTED || sts == Published.Sts.UNLISTED;
    }

    private static TlsTerms enforced(Exchangers.Host host) {
        return host.published().sts() == Published.Sts.UNLISTED
                ? new Refused(unlisted(host))
                : talk(UseTls.REQUIRED, Proof.STS, host);
    }

    /** The route wants a policy; one that is tested is as good. */
    private static TlsTerms policy(Exchangers.Host host) {
        return switch (host.published().sts()) {
            case LISTED, LISTED_FOR_TEST -> talk(UseTls.REQUIRED, Proof.STS, host);
            case UNLISTED, UNLISTED_FOR_TEST -> new Refused(unlisted(host));
            case NONE ->
                    refused(
                            host,
                            TlsLevel.MTA_STS,
                            TlsFault.STS_POLICY_FETCH_ERROR,
                            "MTA-STS is required, and the domain has no policy");
        };
    }

    static Unproven unlisted(Exchangers.Host host) {
        return Unproven.of(
                host,
                TlsLevel.MTA_STS,
                TlsFault.CERTIFICATE_HOST_MISMATCH,
                "the domain's MTA-STS policy does not name the host");
    }

    /**
     * Credentials never go in clear text unless TLS is off by setting. A host that is given and to
     * be shown a certificate would not know us in clear text, and refuse for good what it takes
     * over TLS.
     */
    private static Talk opportunistic(Route.Hop hop, Exchangers.Host host, boolean isBroken) {
        boolean isKnownByTls = !hop.certificate().isNone() && host.peer().isPresent();
        if (!hop.credentials().isNone() || isKnownByTls) {
            return talk(UseTls.REQUIRED, Proof.NONE, host);
        }
        return talk(isBroken ? UseTls.OFF : UseTls.WHERE_OFFERED, Proof.NONE, host);
    }

    private static Talk talk(UseTls useTls, Proof proof, Exchangers.Host host) {
        return new Talk(useTls, proof, List.of(), host.name());
    }

    private static Refused refused(
            Exchangers.Host host, TlsLevel wanted, TlsFault fault, String text) {
        return new Refused(Unproven.of(host, wanted, fault, text));
    }

    /** True when TLSA records are asked for. */
    static boolean usesDane(TlsMode mode) {
        return mode == TlsMode.AUTO || mode == TlsMode.DANE;
    }
}
