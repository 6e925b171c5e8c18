package org.posthouse.platform;

import org.posthouse.platform.Dns.Tlsa;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Whether the certificates of a server are those that TLSA records name (RFC 6698, RFC 7671), by
 * the rules of SMTP (RFC 7672 section 3): usage 3 names the server's own certificate or key, and
 * neither names nor dates in it count; usage 2 names one that it was issued by, then all of that
 * counts. Usages 0 and 1 are not usable, nor is what nobody has defined.
 *
 * @since 0.1
 */
public final class TlsaMatch {
    private static final int TRUST_ANCHOR = 2;
    private static final int END_ENTITY = 3;
    private static final int SELECTORS = 2;
    private static final int EXACT = 0;
    private static final int SHA_256 = 1;
    private static final int SHA_512 = 2;
    private static final int SHA_256_DIGITS = 64;
    private static final int SHA_512_DIGITS = 128;

    /** More records are not looked at, nor longer chains. */
    private static final int RECORDS_MAX = 100;

    private static final int CHAIN_MAX = 10;

    private static final Set<String> SERVER_USES =
            Set.of("1.3.6.1.5.5.7.3.1", "2.5.29.37.0"); // serverAuth, any

    private TlsaMatch() {}

    /** What came of it. */
    public sealed interface Result {
        /**
         * It is the server that was meant.
         *
         * @param by the record that says so
         * @param name the one of the names asked for that its certificate has; empty for usage 3,
         *     where names do not count
         */
        record Matched(Tlsa by, String name) implements Result {}

        /** It is not, or nothing shows that it is. */
        record Mismatch(String why) implements Result {}
    }

    /**
     * Those that can be used. Of the digests for one usage and selector only the strongest counts
     * (RFC 7671 section 9), so that a weak one can't undo it.
     */
    public static List<Tlsa> usable(List<Tlsa> records) {
        List<Tlsa> known = records.stream().limit(RECORDS_MAX).filter(TlsaMatch::isKnown).toList();
        return known.stream().filter(each -> !isWeakerThanAny(each, known)).toList();
    }

    private static boolean isKnown(Tlsa record) {
        boolean isMeant = record.usage() == TRUST_ANCHOR || record.usage() == END_ENTITY;
        boolean isSelected = record.selector() >= 0 && record.selector() < SELECTORS;
        boolean isWhole =
                switch (record.matching()) {
                    case EXACT -> !record.data().isEmpty();
                    case SHA_256 -> record.data().length() == SHA_256_DIGITS;
                    case SHA_512 -> record.data().length() == SHA_512_DIGITS;
                    default -> false;
                };
        return isMeant && isSelected && isWhole;
    }

    private static boolean isWeakerThanAny(Tlsa record, List<Tlsa> others) {
        return record.matching() == SHA_256
                && others.stream()
                        .anyMatch(
                                each ->
                                        each.matching() == SHA_512
                                                && each.usage() == record.usage()
                                                && each.selector() == record.selector());
    }

    /**
     * Compares.
     *
     * @param usable as {@link #usable} gives them
     * @param chain of the server, its own certificate first
     * @param names of the server, of which a certificate of usage 2 must have one; in lower case,
     *     the first that it has is told
     * @param now when dates in certificates have to hold
     */
    public static Result compare(
            List<Tlsa> usable, List<X509Certificate> chain, List<String> names, Instant now) {
        if (chain.isEmpty()) {
            return new Result.Mismatch("the host shows no certificate");
        }
        List<X509Certificate> shown = chain.subList(0, Math.min(chain.size(), CHAIN_MAX));
        for (Tlsa record : usable) {
            if (record.usage() == END_ENTITY && isOf(record, shown.getFirst())) {
                return new Result.Matched(record, "");
            }
        }
        Result last = new Result.Mismatch("the certificate is none of those that TLSA names");
        for (Tlsa record : usable) {
            for (X509Certificate issuer : shown.subList(1, shown.size())) {
                if (record.usage() == TRUST_ANCHOR && isOf(record, issuer)) {
                    last = issued(record, issuer, shown, names, now);
                }
                if (last instanceof Result.Matched) {
                    return last;
                }
            }
        }
        return last;
    }

    private static boolean isOf(Tlsa record, X509Certificate certificate) {
        try {
            byte[] selected =
                    record.selector() == 0
                            ? certificate.getEncoded()
                            : certificate.getPublicKey().getEncoded();
            byte[] compared =
                    switch (record.matching()) {
                        case SHA_256 -> MessageDigest.getInstance("SHA-256").digest(selected);
                        case SHA_512 -> MessageDigest.getInstance("SHA-512").digest(selected);
                        default -> selected;
                    };
            return HexFormat.of().formatHex(compared).equals(record.data());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static Result issued(
            Tlsa record,
            X509Certificate anchor,
            List<X509Certificate> shown,
            List<String> names,
            Instant now) {
        X509Certificate own = shown.getFirst();
        try {
            buildPath(own, anchor, shown, now);
        } catch (GeneralSecurityException e) {
            return new Result.Mismatch("TLSA names an issuer, but: " + e.getMessage());
        }
        for (String name : names) {
            if (CertificateNames.has(own, name)) {
                return isForServers(own)
                        ? new Result.Matched(record, name)
                        : new Result.Mismatch("the certificate is not one for servers");
            }
        }
        return new Result.Mismatch("the certificate is for none of " + names);
    }

    private static void buildPath(
            X509Certificate own, X509Certificate anchor, List<X509Certificate> shown, Instant now)
            throws GeneralSecurityException {
        var target = new X509CertSelector();
        target.setCertificate(own);
        var parameters = new PKIXBuilderParameters(Set.of(new TrustAnchor(anchor, null)), target);
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(now));
        parameters.setMaxPathLength(CHAIN_MAX);
        parameters.addCertStore(
                CertStore.getInstance(
                        "Collection", new CollectionCertStoreParameters(new ArrayList<>(shown))));
        CertPathBuilder.getInstance("PKIX").build(parameters);
    }

    private static boolean isForServers(X509Certificate own) {
        try {
            List<String> uses = own.getExtendedKeyUsage();
            return uses == null || uses.stream().anyMatch(SERVER_USES::contains);
        } catch (CertificateParsingException e) {
            return false;
        }
    }
}
