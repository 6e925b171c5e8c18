package org.posthouse.relay;

import org.posthouse.platform.Dns;
import org.posthouse.platform.Dns.Tlsa;
import org.posthouse.platform.DnsAnswer;
import org.posthouse.platform.TlsaMatch;

import java.util.List;

/** What TLSA records a host has (RFC 7672 section 2.2). */
sealed interface DaneRecords {
    /** None for which DNSSEC vouches. */
    record None() implements DaneRecords {}

    /** There are some, and none that we can use: encryption is needed, with whoever is there. */
    record Unusable() implements DaneRecords {}

    /**
     * The host has to prove that it is the one that they name.
     *
     * @param base where they stand
     * @param usable at least one
     */
    record Usable(String base, List<Tlsa> usable) implements DaneRecords {
        public Usable {
            usable = List.copyOf(usable);
        }
    }

    /** They can't be told from none: nothing may be sent to the host. */
    record Failed(String why) implements DaneRecords {}

    /** Asks for those of a host. */
    static DaneRecords of(Dns dns, Exchangers.Host host) {
        return switch (host.published().tlsaBases()) {
            case Published.Bases bases -> at(dns, host.port(), bases.names());
            case Published.NoBases none -> new Failed(none.why());
        };
    }

    private static DaneRecords at(Dns dns, int port, List<String> bases) {
        for (String base : bases) {
            String name = "_" + port + "._tcp." + base;
            switch (dns.tlsa(name)) {
                case DnsAnswer.Found<Tlsa> found -> {
                    if (found.authentic()) {
                        List<Tlsa> usable = TlsaMatch.usable(found.records());
                        return usable.isEmpty() ? new Unusable() : new Usable(base, usable);
                    }
                }
                case DnsAnswer.NoData<Tlsa> none -> {}
                case DnsAnswer.NoDomain<Tlsa> none -> {}
                case DnsAnswer.TemporaryFailure<Tlsa> failure -> {
                    return new Failed(
                            "look-up of TLSA at " + name + " failed: " + failure.reason());
                }
            }
        }
        return new None();
    }
}
