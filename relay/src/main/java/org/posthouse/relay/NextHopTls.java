package org.posthouse.relay;

import org.posthouse.client.HostTrait;
import org.posthouse.core.TlsFault;
import org.posthouse.core.TlsLevel;
import org.posthouse.platform.Platform;
import org.posthouse.platform.TlsFacts;
import org.posthouse.platform.TlsSettings;
import org.posthouse.platform.TlsaMatch;
import org.posthouse.policy.Route;

import java.util.ArrayList;
import java.util.List;

/** Finds the terms of TLS with each host, and looks whether it keeps them. One thread uses it. */
final class NextHopTls {
    private final Platform platform;
    private final RelayTls tls;
    private final HostMemory memory;
    private final StepEvents steps;

    /** The last certificate has the name of the domain alone: it proves nothing for others. */
    private boolean isOfDomain;

    NextHopTls(Platform platform, RelayTls tls, HostMemory memory, StepEvents steps) {
        this.platform = platform;
        this.tls = tls;
        this.memory = memory;
        this.steps = steps;
    }

    /** What to ask of a host; asks the DNS. */
    TlsTerms terms(Route.Hop hop, Exchangers.Host host, String key) {
        DaneRecords dane =
                TlsTerms.usesDane(hop.tls())
                        ? DaneRecords.of(platform.dns(), host)
                        : new DaneRecords.None();
        boolean isBroken = memory.traits(key).contains(HostTrait.BROKEN_STARTTLS);
        TlsTerms terms = TlsTerms.of(hop, host, dane, isBroken);
        if (terms instanceof TlsTerms.Refused refused) {
            steps.tlsFailed(refused.why(), false);
        } else if (dane instanceof DaneRecords.None
                && hop.tls() == Route.TlsMode.AUTO
                && host.published().sts() == Published.Sts.UNLISTED_FOR_TEST) {
            steps.tlsFailed(TlsTerms.unlisted(host), true);
        }
        return terms;
    }

    /**
     * How the handshake is made.
     *
     * @throws RuntimeException when the certificate that is to be shown can't be had
     */
    TlsSettings.Client settings(Route.Hop hop, TlsTerms.Talk terms) {
        boolean verify = terms.proof().isByAuthority();
        return new TlsSettings.Client(
                tls.context(hop.certificate(), verify), terms.serverName(), verify);
    }

    /**
     * True when a secured conversation is with the host that was meant (RFC 8689 section 4.2.1).
     *
     * @param isFound the host's name is from the DNS
     */
    static boolean provesTheHost(TlsTerms.Talk terms, Exchangers.Host host, boolean isFound) {
        return switch (terms.proof()) {
            case NONE, STS_FOR_TEST -> false;
            case NAME -> !isFound || host.published().isSigned();
            case STS, DANE -> true;
        };
    }

    /** Why its certificate is not the one that was published; empty: it is, or nothing was. */
    String objection(TlsTerms.Talk terms, Exchangers.Host host, TlsFacts facts) {
        isOfDomain = false;
        if (terms.proof() != TlsTerms.Proof.DANE) {
            return "";
        }
        List<String> names = new ArrayList<>(List.of(terms.serverName(), host.name()));
        String domain = host.published().domain();
        if (!domain.isEmpty()) {
            names.add(domain);
        }
        var result = TlsaMatch.compare(terms.tlsa(), facts.peer(), names, platform.time().now());
        return switch (result) {
            case TlsaMatch.Result.Matched matched -> {
                isOfDomain =
                        matched.name().equals(domain)
                                && !matched.name().isEmpty()
                                && !domain.equals(host.name());
                yield "";
            }
            case TlsaMatch.Result.Mismatch mismatch -> "DANE: " + mismatch.why();
        };
    }

    /** The certificate that was looked at last is good for the host's domain, not for others. */
    boolean isOfDomain() {
        return isOfDomain;
    }

    /** Tells that a host did not prove what it had to. */
    void failed(TlsTerms.Talk terms, Exchangers.Host host, TlsFault fault, String text) {
        if (!terms.proof().isPublished()) {
            return;
        }
        TlsLevel wanted = terms.proof().level();
        boolean isUsed = terms.proof() == TlsTerms.Proof.STS_FOR_TEST;
        steps.tlsFailed(TlsTerms.Unproven.of(host, wanted, fault, text), isUsed);
    }

    /** Tells how safe a conversation is that begins. */
    void established(TlsTerms.Talk terms, java.util.Optional<TlsFacts> facts) {
        TlsLevel level = facts.isEmpty() ? TlsLevel.NONE : terms.proof().level();
        steps.secured(level, facts.map(TlsFacts::version).orElse(""));
    }
}
