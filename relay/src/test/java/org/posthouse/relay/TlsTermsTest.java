package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.client.ClientSettings.UseTls;
import org.posthouse.platform.Dns.Tlsa;
import org.posthouse.policy.OwnCertificate;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.TlsMode;
import org.posthouse.sim.SimNetwork;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Which TLS a host gets: every mode, with all that can be published. */
class TlsTermsTest {
    private static final Tlsa RECORD = new Tlsa(3, 1, 1, "ab".repeat(32));

    /** Columns: what TLSA records say; then, by what a policy of MTA-STS says, the terms. */
    @ParameterizedTest
    @CsvSource({
        // none, listed, unlisted, listed for test, unlisted for test
        "AUTO, none, offered, STS, refused, STS_FOR_TEST, offered",
        "AUTO, usable, DANE, DANE, DANE, DANE, DANE",
        "AUTO, unusable, required, STS, refused, required, required",
        "AUTO, failed, refused, refused, refused, refused, refused",
        "DANE, none, refused, refused, refused, refused, refused",
        "DANE, usable, DANE, DANE, DANE, DANE, DANE",
        "DANE, unusable, refused, refused, refused, refused, refused",
        "DANE, failed, refused, refused, refused, refused, refused",
        "MTA_STS, none, refused, STS, refused, STS, refused",
        "MTA_STS, usable, refused, STS, refused, STS, refused",
        "MTA_STS, failed, refused, STS, refused, STS, refused",
        "OFF, usable, off, off, off, off, off",
        "OPPORTUNISTIC, usable, offered, offered, offered, offered, offered",
        "REQUIRE, usable, required, required, required, required, required",
        "VERIFY, usable, NAME, NAME, NAME, NAME, NAME",
        "IMPLICIT, usable, NAME, NAME, NAME, NAME, NAME",
    })
    void everyMode(
            TlsMode mode,
            String records,
            String none,
            String listed,
            String unlisted,
            String listedForTest,
            String unlistedForTest) {
        var expected = List.of(none, listed, unlisted, listedForTest, unlistedForTest);
        for (Published.Sts sts : Published.Sts.values()) {
            TlsTerms terms = TlsTerms.of(World.hop(mode, 1), host(sts), dane(records), false);
            assertThat(shown(terms)).as(sts.name()).isEqualTo(expected.get(sts.ordinal()));
        }
    }

    private static String shown(TlsTerms terms) {
        return switch (terms) {
            case TlsTerms.Refused refused -> "refused";
            case TlsTerms.Talk talk when talk.proof() != TlsTerms.Proof.NONE -> {
                assertThat(talk.useTls()).isIn(UseTls.REQUIRED, UseTls.IMPLICIT);
                yield talk.proof().name();
            }
            case TlsTerms.Talk talk ->
                    switch (talk.useTls()) {
                        case OFF -> "off";
                        case WHERE_OFFERED -> "offered";
                        case REQUIRED -> "required";
                        case IMPLICIT -> "implicit";
                    };
        };
    }

    /** RFC 7672 section 8.1: the server has to know which certificate is meant. */
    @Test
    void withDaneTheNameOfTheRecordsIsAskedFor() {
        var dane = new DaneRecords.Usable("base.example", List.of(RECORD));
        var terms =
                (TlsTerms.Talk)
                        TlsTerms.of(Route.Hop.DEFAULT, host(Published.Sts.NONE), dane, false);
        assertThat(terms.serverName()).isEqualTo("base.example");
        assertThat(terms.tlsa()).containsExactly(RECORD);
        var plain =
                TlsTerms.of(
                        Route.Hop.DEFAULT, host(Published.Sts.NONE), new DaneRecords.None(), false);
        assertThat(((TlsTerms.Talk) plain).serverName()).isEqualTo("mx.example");
    }

    @Test
    void brokenTlsIsLeftOutOnlyWhereNothingIsPublished() {
        for (Published.Sts sts : Published.Sts.values()) {
            TlsTerms terms =
                    TlsTerms.of(Route.Hop.DEFAULT, host(sts), new DaneRecords.None(), true);
            boolean isOff = terms instanceof TlsTerms.Talk talk && talk.useTls() == UseTls.OFF;
            assertThat(isOff)
                    .isEqualTo(sts == Published.Sts.NONE || sts == Published.Sts.UNLISTED_FOR_TEST);
        }
    }

    @Test
    void credentialsAreNeverSentInClearText() {
        for (boolean isBroken : new boolean[] {true, false}) {
            var terms =
                    TlsTerms.of(
                            withLogin(TlsMode.OPPORTUNISTIC),
                            host(Published.Sts.NONE),
                            new DaneRecords.None(),
                            isBroken);
            assertThat(shown(terms)).isEqualTo("required");
        }
    }

    /** Encrypted for whoever is on the way, they are as good as in clear text. */
    @ParameterizedTest
    @CsvSource({
        // none, listed, unlisted, listed for test, unlisted for test
        "none, NAME, STS, refused, NAME, NAME",
        "unusable, NAME, STS, refused, NAME, NAME",
        "usable, DANE, DANE, DANE, DANE, DANE",
        "failed, refused, refused, refused, refused, refused",
    })
    void whoGetsCredentialsHasToProveWhoItIs(
            String records,
            String none,
            String listed,
            String unlisted,
            String listedForTest,
            String unlistedForTest) {
        var expected = List.of(none, listed, unlisted, listedForTest, unlistedForTest);
        for (Published.Sts sts : Published.Sts.values()) {
            for (boolean isBroken : new boolean[] {true, false}) {
                TlsTerms terms =
                        TlsTerms.of(withLogin(TlsMode.AUTO), host(sts), dane(records), isBroken);
                assertThat(shown(terms)).as(sts.name()).isEqualTo(expected.get(sts.ordinal()));
            }
        }
    }

    /** In clear text, a host that is given would not know us, and refuse what it takes over TLS. */
    @ParameterizedTest
    @CsvSource({"AUTO, required", "OPPORTUNISTIC, required", "OFF, off", "IMPLICIT, NAME"})
    void aHostThatIsGivenIsShownOurCertificateOrNothing(TlsMode mode, String expected) {
        var shown = new OwnCertificate(Path.of("/chain.pem"), Path.of("/key.pem"));
        Route.Hop hop = World.hop(mode, 1).showing(shown);
        var at = new Route.HostPort("mx.example", 25);
        Exchangers.Host exchanger = host(Published.Sts.NONE);
        var given =
                new Exchangers.Host(
                        exchanger.name(),
                        1,
                        25,
                        exchanger.addresses(),
                        Optional.of(new Route.Peer(at, 1, 1, mode, Route.Credentials.NONE)),
                        false,
                        Published.NOTHING);
        for (boolean isBroken : new boolean[] {true, false}) {
            TlsTerms terms = TlsTerms.of(hop, given, new DaneRecords.None(), isBroken);
            assertThat(shown(terms)).isEqualTo(expected);
        }
        String otherwise = expected.equals("required") ? "offered" : expected;
        TlsTerms terms = TlsTerms.of(hop, exchanger, new DaneRecords.None(), false);
        assertThat(shown(terms)).isEqualTo(otherwise);
    }

    private static Route.Hop withLogin(TlsMode mode) {
        return new Route.Hop(
                587,
                mode,
                new Route.Credentials("ada", "secret"),
                1,
                "",
                "",
                Duration.ofSeconds(1));
    }

    private static DaneRecords dane(String records) {
        return switch (records) {
            case "none" -> new DaneRecords.None();
            case "usable" -> new DaneRecords.Usable("base.example", List.of(RECORD));
            case "unusable" -> new DaneRecords.Unusable();
            default -> new DaneRecords.Failed("SERVFAIL");
        };
    }

    private static Exchangers.Host host(Published.Sts sts) {
        return new Exchangers.Host("mx.example", 10, 25, List.of(SimNetwork.address("192.0.2.1")))
                .with(new Published(Published.Bases.of("mx.example"), "example", sts));
    }
}
