package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.relay.StsPolicy.Mode;
import org.posthouse.relay.StsPolicy.Parsed;

import java.util.List;
import java.util.Random;

/** Policies and records of MTA-STS are read strictly, and whatever they hold (RFC 8461). */
class StsPolicyTest {
    private static final String GOOD =
            "version: STSv1\n"
                    + "mode: enforce\n"
                    + "mx: mail.example.com\n"
                    + "mx: *.Example.net\n"
                    + "max_age: 604800\n";

    @Test
    void thePolicyOfTheRfc() {
        var expected =
                new StsPolicy(Mode.ENFORCE, List.of("mail.example.com", "*.example.net"), 604_800);
        assertThat(StsPolicy.parse(GOOD)).isEqualTo(new Parsed.Valid(expected));
        assertThat(StsPolicy.parse(GOOD.replace("\n", "\r\n")))
                .isEqualTo(new Parsed.Valid(expected));
        assertThat(StsPolicy.parse(GOOD.strip())).isEqualTo(new Parsed.Valid(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "mail.example.com, true",
        "a.example.net, true",
        "a.b.example.net, false",
        "example.net, false",
        ".example.net, false",
        "xmail.example.com, false",
        "*.example.net, true",
        "net, false",
    })
    void whichHostsItNames(String host, boolean isNamed) {
        StsPolicy policy = ((Parsed.Valid) StsPolicy.parse(GOOD)).policy();
        assertThat(policy.names(host)).isEqualTo(isNamed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version: STSv1|version: STSv2|the policy has no version STSv1",
                "version: STSv1|Version: STSv1|the policy has no version STSv1",
                "version: STSv1|x: y|the policy has no version STSv1",
                "mode: enforce|mode: Enforce|the policy has no mode that is known",
                "mode: enforce|mode:|the policy has no mode that is known",
                "max_age: 604800|max_age: 6e5|the policy has no max_age",
                "max_age: 604800|max_age: -1|the policy has no max_age",
                "max_age: 604800|max_age: 12345678901|the policy has no max_age",
                "max_age: 604800|maxage: 604800|the policy has no max_age",
                "mx: mail.example.com|mx: mail..example.com|an mx of the policy is not a name",
                "mx: mail.example.com|mx: *|an mx of the policy is not a name",
                "mx: mail.example.com|mx: *mail.example.com|an mx of the policy is not a name",
                "mx: mail.example.com|mx: a.*.example.com|an mx of the policy is not a name",
                "mx: mail.example.com|mx: a b|an mx of the policy is not a name",
                "mx: mail.example.com|mx:|an mx of the policy is not a name",
                "mx: mail.example.com|no key here|a line of the policy has no key",
                "mx: mail.example.com|: x|a line of the policy has no key",
            })
    void whatIsNoPolicy(String good, String bad, String why) {
        assertThat(StsPolicy.parse(GOOD.replace(good, bad))).isEqualTo(new Parsed.Invalid(why));
    }

    @Test
    void aPolicyNeedsHostsUnlessItIsNone() {
        String empty = "version: STSv1\nmode: testing\nmax_age: 5\n";
        assertThat(StsPolicy.parse(empty)).isEqualTo(new Parsed.Invalid("the policy has no mx"));
        assertThat(StsPolicy.parse(empty.replace("testing", "none")))
                .isEqualTo(new Parsed.Valid(new StsPolicy(Mode.NONE, List.of(), 5)));
        assertThat(StsPolicy.parse("")).isInstanceOf(Parsed.Invalid.class);
    }

    /** RFC 8461 section 3.2: of keys that stand there again the first counts. */
    @Test
    void whatComesAgainOrIsUnknownIsPassedOver() {
        String more = GOOD + "mode: none\nversion: 9\nmax_age: x\nfuture: y\n\n";
        assertThat(StsPolicy.parse(more)).isEqualTo(StsPolicy.parse(GOOD));
        assertThat(StsPolicy.parse(GOOD.replace("mode:", "mode:\t ").replace("604800", "604800 ")))
                .isEqualTo(StsPolicy.parse(GOOD));
    }

    @Test
    void itsBounds() {
        var longest = (Parsed.Valid) StsPolicy.parse(GOOD.replace("604800", "9999999999"));
        assertThat(longest.policy().maxAgeSeconds()).isEqualTo(StsPolicy.MAX_AGE_SECONDS_MAX);
        assertThat(StsPolicy.parse(GOOD + "mx: a.example\n".repeat(199)))
                .isEqualTo(new Parsed.Invalid("the policy has more than 200 mx"));
        assertThat(StsPolicy.parse(GOOD + "mx: a.example\n".repeat(198)))
                .isInstanceOf(Parsed.Valid.class);
        assertThat(StsPolicy.parse(GOOD + "x".repeat(StsPolicy.OCTETS_MAX)))
                .isInstanceOf(Parsed.Invalid.class);
    }

    /** Any text is a policy or none, and never an exception. */
    @Test
    void everyTextIsReadToItsEnd() {
        var random = new Random(20260601);
        String letters = "version: STSv1\nmode:enforce*mx.max_age 0123456789\r\t\u0000\u00e4";
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder(GOOD);
            for (int j = random.nextInt(6); j >= 0; j--) {
                int at = random.nextInt(text.length());
                int to = Math.min(text.length(), at + random.nextInt(4));
                char with = letters.charAt(random.nextInt(letters.length()));
                text.replace(at, to, random.nextBoolean() ? String.valueOf(with) : "");
            }
            if (StsPolicy.parse(text.toString()) instanceof Parsed.Valid valid) {
                assertThat(valid.policy().mx()).noneMatch(mx -> mx.isEmpty() || mx.contains(" "));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=STSv1; id=20160831085700Z;",
                "v=STSv1;id=20160831085700Z",
                "v=STSv1; id=20160831085700Z; future=1-2; x.y_z=;",
                "v=STSv1; a=b; id=20160831085700Z ; id=other",
            })
    void theRecordTellsTheNumber(String text) {
        assertThat(StsRecord.id(List.of("v=spf1 -all", text))).contains("20160831085700Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=STSv1",
                "v=STSv1;",
                "v=STSv1; id=;",
                "v=STSv1; id=a-b;",
                "v=STSv1; id=a b;",
                "v=STSv1; id=123456789012345678901234567890123;",
                "v=STSv2; id=1;",
                "V=STSv1; id=1;",
                " v=STSv1; id=1;",
                "v=STSv1; id=1; nonsense;",
            })
    void whatIsNoRecord(String text) {
        assertThat(StsRecord.id(List.of(text))).isEmpty();
    }

    /** RFC 8461 section 3.1. */
    @Test
    void twoRecordsAreNone() {
        assertThat(StsRecord.id(List.of("v=STSv1; id=1;", "v=STSv1; id=1;"))).isEmpty();
        assertThat(StsRecord.id(List.of())).isEmpty();
    }
}
