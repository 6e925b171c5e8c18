package org.posthouse.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HexFormat;
import java.util.Random;

class IpSyntaxTest {
    @ParameterizedTest
    @CsvSource({
        "::, 00000000000000000000000000000000",
        "::1, 00000000000000000000000000000001",
        "1::, 00010000000000000000000000000000",
        "2001:db8::1:2, 20010db8000000000000000000010002",
        "2001:DB8:0:0:8:800:200C:417A, 20010db80000000000080800200c417a",
        "::ffff:192.0.2.1, 00000000000000000000ffffc0000201",
        "64:ff9b::192.0.2.33, 0064ff9b0000000000000000c0000221",
        "1:2:3:4:5:6:192.0.2.1, 000100020003000400050006c0000201",
        "1:2:3:4:5:6:7::, 00010002000300040005000600070000",
        "::2:3:4:5:6:7:8, 00000002000300040005000600070008",
    })
    void readsIpv6(String text, String hex) {
        assertThat(IpSyntax.v6(text).map(HexFormat.of()::formatHex)).contains(hex);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "1",
                "1:2",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "12345::",
                "::g",
                "1:",
                ":1",
                "1:2:3:4:5:6:7:8:",
                "::1:",
                "1:2:3:4:5:6:7:8::",
                "::1.2.3",
                "::1.2.3.4.5",
                "1.2.3.4",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::256.1.1.1",
                "fe80::1%eth0",
                " ::1",
                "::1 ",
                "1:2:3:4::5:6:7:8"
            })
    void refusesWhatIsNoIpv6(String text) {
        assertThat(IpSyntax.v6(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "01.2.3.4",
                "1.2.3.4.",
                ".1.2.3.4",
                "1..2.3",
                "1.2.3.x",
                "0x1.2.3.4",
                "1.2.3.4 ",
                "-1.2.3.4",
                "1.2.3.0000"
            })
    void refusesWhatIsNoIpv4(String text) {
        assertThat(IpSyntax.v4(text)).isEmpty();
    }

    @Test
    void readsIpv4() {
        assertThat(IpSyntax.v4("0.9.10.255").orElseThrow())
                .containsExactly((byte) 0, (byte) 9, (byte) 10, (byte) 255);
    }

    @Test
    void readsEveryPlaceOfTheGap() {
        var random = new Random(11);
        for (int round = 0; round < 5_000; round++) {
            var octets = new byte[16];
            random.nextBytes(octets);
            int from = random.nextInt(8);
            int to = from + 1 + random.nextInt(8 - from);
            var text = new StringBuilder();
            for (int group = 0; group < 8; group++) {
                if (group >= from && group < to) {
                    octets[2 * group] = 0;
                    octets[2 * group + 1] = 0;
                    text.append(group == from ? "::" : "");
                    continue;
                }
                text.append(group > 0 && group != to ? ":" : "");
                int value = (octets[2 * group] & 255) << 8 | (octets[2 * group + 1] & 255);
                text.append(Integer.toHexString(value));
            }
            assertThat(IpSyntax.v6(text.toString()).orElseThrow())
                    .as(text.toString())
                    .isEqualTo(octets);
        }
    }
}
