package org.posthouse.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.IDN;
import java.util.Random;

/** Domain names in ASCII. */
class IdnaTest {
    @ParameterizedTest
    @CsvSource({
        "Shop.Example, shop.example",
        "b\u00fccher.example, xn--bcher-kva.example",
        "B\u00dcCHER.example, xn--bcher-kva.example",
        "bu\u0308cher.example, xn--bcher-kva.example",
        "xn--bcher-kva.example, xn--bcher-kva.example",
        "stra\u00dfe.example, xn--strae-oqa.example",
        "\u03b2\u03cc\u03bb\u03bf\u03c2.example, xn--nxasmm1c.example",
        "\u4f8b\u5b50.\u4e2d\u56fd, xn--fsqu00a.xn--fiqs8s",
        "\u4f8b\u5b50\u3002\u4e2d\u56fd, xn--fsqu00a.xn--fiqs8s",
        "\u0645\u062b\u0627\u0644.example, xn--mgbh0fb.example",
        "\u043f\u043e\u0447\u0442\u0430.example, xn--80a1acny.example",
        "\ud83d\udce7.example, xn--du8h.example",
    })
    void uLabelsBecomeALabels(String domain, String ascii) {
        assertThat(Idna.toAscii(domain)).isEqualTo(ascii);
    }

    /** Example B of RFC 3492 section 7.1 (Chinese, simplified), and I (Russian). */
    @Test
    void samplesOfTheRfc() {
        assertThat(Idna.toAscii("\u4ed6\u4eec\u4e3a\u4ec0\u4e48\u4e0d\u8bf4\u4e2d\u6587"))
                .isEqualTo("xn--ihqwcrb4cv8a8dqg056pqjye");
        assertThat(
                        Idna.toAscii(
                                "\u043f\u043e\u0447\u0435\u043c\u0443\u0436\u0435\u043e\u043d\u0438"
                                    + "\u043d\u0435\u0433\u043e\u0432\u043e\u0440\u044f\u0442\u043f"
                                    + "\u043e\u0440\u0443\u0441\u0441\u043a\u0438"))
                .isEqualTo("xn--b1abfaaepdrnnbgefbadotcwatmq2g4l");
    }

    @Test
    void agreesWithTheJdkWhereTheOldAndTheNewWayAreTheSame() {
        var random = new Random(3);
        String letters = "abcxyz019\u00e4\u00f6\u00e9\u0142\u0436\u043f\u4e2d\u6587\u05d0\u03b1";
        for (int round = 0; round < 5_000; round++) {
            var label = new StringBuilder("a");
            for (int i = random.nextInt(12); i >= 0; i--) {
                label.append(letters.charAt(random.nextInt(letters.length())));
            }
            if (label.indexOf("\u05d0") >= 0) {
                continue; // right to left beside left to right
            }
            String domain = label + ".example";
            assertThat(Idna.toAscii(domain)).isEqualTo(IDN.toASCII(domain));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a..b",
                ".a",
                "a.",
                "\u00e4..b",
                "\u00e4\u00a0b.example",
                "\u00e4\u202e.x"
            })
    void notADomainName(String domain) {
        assertThatThrownBy(() -> Idna.toAscii(domain)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tooLong() {
        assertThatThrownBy(() -> Idna.toAscii("\u00e4".repeat(60) + ".example"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Idna.toAscii("abcd.".repeat(51) + "x"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
