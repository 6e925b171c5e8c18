package org.posthouse.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.platform.Dns.Tlsa;
import org.posthouse.platform.TlsaMatch.Result;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Certificates in the folder {@code dane}: ca issued inter, and that mx1 (mx1.x.example and
 * *.wild.example), domain (x.example), clientonly and expired (both mx1.x.example); ca2 and
 * stranger are their own. Those that are not expired are valid until 2119.
 */
class TlsaMatchTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final List<String> NAMES = List.of("mx1.x.example", "x.example");
    private static final String NONE_OF_THEM = "the certificate is none of those that TLSA names";

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 1", "0, 2", "1, 0", "1, 1", "1, 2"})
    void everySelectorAndMatchingTypeOfBothUsages(int selector, int matching) {
        List<X509Certificate> chain = chain("mx1", "inter", "ca");
        Tlsa own = tlsa(3, selector, matching, "mx1");
        assertThat(compare(chain, own)).isEqualTo(new Result.Matched(own, ""));
        for (String issuer : List.of("inter", "ca")) {
            Tlsa anchor = tlsa(2, selector, matching, issuer);
            assertThat(compare(chain, anchor))
                    .isEqualTo(new Result.Matched(anchor, "mx1.x.example"));
        }
        assertThat(compare(chain, tlsa(3, selector, matching, "stranger")))
                .isEqualTo(new Result.Mismatch(NONE_OF_THEM));
        assertThat(compare(chain, tlsa(2, selector, matching, "ca2")))
                .isEqualTo(new Result.Mismatch(NONE_OF_THEM));
    }

    @Test
    void anyOneOfSeveralIsEnough() {
        Tlsa right = tlsa(3, 1, 1, "mx1");
        var records = new Tlsa[] {tlsa(3, 1, 1, "ca2"), tlsa(2, 0, 1, "ca2"), right};
        assertThat(compare(chain("mx1"), records)).isEqualTo(new Result.Matched(right, ""));
    }

    /** RFC 7672 section 3.1.1: neither names nor dates count for usage 3. */
    @Test
    void usage3AsksForNothingButTheCertificate() {
        assertThat(compare(chain("expired"), tlsa(3, 1, 1, "expired")))
                .isInstanceOf(Result.Matched.class);
        var other =
                TlsaMatch.compare(
                        usable(tlsa(3, 0, 1, "domain")), chain("domain"), List.of("z"), NOW);
        assertThat(other).isInstanceOf(Result.Matched.class);
        assertThat(compare(chain("clientonly"), tlsa(3, 0, 1, "clientonly")))
                .isInstanceOf(Result.Matched.class);
        assertThat(compare(chain("mx1", "inter", "ca"), tlsa(3, 0, 1, "inter")))
                .isEqualTo(new Result.Mismatch(NONE_OF_THEM));
    }

    /** RFC 7672 section 3.1.2. */
    @Test
    void usage2AsksForPathNameAndDates() {
        Tlsa ca = tlsa(2, 0, 1, "ca");
        assertThat(compare(chain("domain", "inter", "ca"), ca))
                .isEqualTo(new Result.Matched(ca, "x.example"));
        assertThat(
                        TlsaMatch.compare(
                                usable(ca),
                                chain("mx1", "inter", "ca"),
                                List.of("mx2.x.example"),
                                NOW))
                .isEqualTo(new Result.Mismatch("the certificate is for none of [mx2.x.example]"));
        assertThat(
                        TlsaMatch.compare(
                                usable(ca),
                                chain("mx1", "inter", "ca"),
                                List.of("a.wild.example"),
                                NOW))
                .isEqualTo(new Result.Matched(ca, "a.wild.example"));
        for (String name : List.of("a.b.wild.example", "wild.example", "example")) {
            assertThat(
                            TlsaMatch.compare(
                                    usable(ca), chain("mx1", "inter", "ca"), List.of(name), NOW))
                    .isInstanceOf(Result.Mismatch.class);
        }
        assertThat(compare(chain("expired", "inter", "ca"), ca))
                .isInstanceOf(Result.Mismatch.class);
        assertThat(compare(chain("clientonly", "inter", "ca"), ca))
                .isEqualTo(new Result.Mismatch("the certificate is not one for servers"));
        assertThat(compare(chain("mx1", "ca"), ca))
                .as("the link between them is missing")
                .isInstanceOf(Result.Mismatch.class);
        assertThat(compare(chain("mx1", "ca", "inter"), ca))
                .as("in any order")
                .isInstanceOf(Result.Matched.class);
    }

    /** Whoever copies the issuer's certificate behind his own has not been issued by it. */
    @Test
    void aStrangerWithTheAnchorInHisChainDoesNotMatch() {
        for (String anchor : List.of("ca", "inter")) {
            Result result = compare(chain("stranger", "inter", "ca"), tlsa(2, 0, 1, anchor));
            assertThat(((Result.Mismatch) result).why()).startsWith("TLSA names an issuer, but: ");
        }
        assertThat(compare(chain("stranger"), tlsa(2, 0, 1, "stranger")))
                .as("nobody is his own issuer")
                .isEqualTo(new Result.Mismatch(NONE_OF_THEM));
    }

    @Test
    void noCertificateMatchesNothing() {
        assertThat(compare(List.of(), tlsa(3, 1, 1, "mx1")))
                .isEqualTo(new Result.Mismatch("the host shows no certificate"));
    }

    /** RFC 7672 section 3.1.3; RFC 6698 section 4.1 for the rest. */
    @Test
    void whatCantBeUsed() {
        Tlsa good = tlsa(3, 1, 1, "mx1");
        assertThat(usable(good)).containsExactly(good);
        for (Tlsa bad :
                List.of(
                        new Tlsa(0, 1, 1, good.data()),
                        new Tlsa(1, 1, 1, good.data()),
                        new Tlsa(4, 1, 1, good.data()),
                        new Tlsa(255, 1, 1, good.data()),
                        new Tlsa(3, 2, 1, good.data()),
                        new Tlsa(3, 1, 3, good.data()),
                        new Tlsa(3, 1, 1, good.data().substring(2)),
                        new Tlsa(3, 1, 2, good.data()),
                        new Tlsa(3, 1, 0, ""))) {
            assertThat(usable(bad)).as(bad.toString()).isEmpty();
        }
    }

    /** RFC 7671 section 9. */
    @Test
    void ofDigestsOnlyTheStrongestCounts() {
        Tlsa weak = tlsa(3, 1, 1, "mx1");
        Tlsa strong = tlsa(3, 1, 2, "stranger");
        Tlsa exact = tlsa(3, 1, 0, "ca2");
        Tlsa otherSelector = tlsa(3, 0, 1, "ca2");
        Tlsa otherUsage = tlsa(2, 1, 1, "ca2");
        assertThat(usable(weak, strong, exact, otherSelector, otherUsage))
                .containsExactly(strong, exact, otherSelector, otherUsage);
        assertThat(compare(chain("mx1"), weak, strong)).isInstanceOf(Result.Mismatch.class);
        assertThat(usable(weak, new Tlsa(3, 1, 2, "00")))
                .as("one that can't be used is not stronger")
                .containsExactly(weak);
    }

    @Test
    void noMoreThanAHundredAreLookedAt() {
        var many = new Tlsa[1000];
        Arrays.fill(many, tlsa(3, 1, 1, "mx1"));
        assertThat(usable(many)).hasSize(100);
    }

    private static Result compare(List<X509Certificate> chain, Tlsa... records) {
        return TlsaMatch.compare(usable(records), chain, NAMES, NOW);
    }

    private static List<Tlsa> usable(Tlsa... records) {
        return TlsaMatch.usable(List.of(records));
    }

    private static List<X509Certificate> chain(String... names) {
        return Arrays.stream(names).map(TlsaMatchTest::certificate).toList();
    }

    private static Tlsa tlsa(int usage, int selector, int matching, String name) {
        try {
            X509Certificate of = certificate(name);
            byte[] octets = selector == 0 ? of.getEncoded() : of.getPublicKey().getEncoded();
            byte[] data =
                    switch (matching) {
                        case 1 -> MessageDigest.getInstance("SHA-256").digest(octets);
                        case 2 -> MessageDigest.getInstance("SHA-512").digest(octets);
                        default -> octets;
                    };
            return new Tlsa(usage, selector, matching, HexFormat.of().formatHex(data));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509Certificate certificate(String name) {
        try (var in = TlsaMatchTest.class.getResourceAsStream("dane/" + name + ".pem")) {
            String pem = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return TlsContexts.certificates(pem).getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
