package org.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigInteger;
import java.util.Random;

class IpNetworkTest {
    /** The examples of RFC 5952 sections 4 and 5, and its rules. */
    @ParameterizedTest
    @CsvSource({
        "2001:0db8::0001, 2001:db8::1",
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8:AAAA::, 2001:db8:aaaa::",
        "0:0:0:0:0:0:0:0, ::",
        "::1, ::1",
        "1:0:0:0:0:0:0:0, 1::",
        "::ffff:192.0.2.1, 192.0.2.1",
        "192.0.2.1, 192.0.2.1",
    })
    void addressesHaveOneText(String text, String canonical) {
        assertThat(IpAddress.parse(text)).hasToString(canonical);
        assertThat(IpAddress.parse(canonical)).isEqualTo(IpAddress.parse(text));
    }

    @Test
    void addressesAreReadBack() {
        var random = new Random(21);
        for (int round = 0; round < 20_000; round++) {
            var octets = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(octets);
            for (int i = random.nextInt(octets.length); i > 0; i--) {
                octets[random.nextInt(octets.length)] = 0;
            }
            IpAddress address = IpAddress.of(octets);
            assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.1/8",
                "10.0.0.0/-1",
                "10.0.0.0/08",
                "10.0.0.0/8x",
                "10.0.0.0/+8",
                "10.0/16",
                "2001:db8::/129",
                "2001:db8::1/32",
                "::ffff:10.0.0.0/8",
                "::ffff:0.0.0.0/95",
                "any",
                "[::1]",
                "10.0.0.0/8/8",
                "10.0.0.0/4294967304"
            })
    void refusesWhatIsNoNetwork(String text) {
        assertThatThrownBy(() -> IpNetwork.parse(text))
                .as(text)
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsNetworks() {
        assertThat(IpNetwork.parse("10.0.0.0/8")).hasToString("10.0.0.0/8");
        assertThat(IpNetwork.parse("192.0.2.1")).hasToString("192.0.2.1/32");
        assertThat(IpNetwork.parse("2001:db8::")).hasToString("2001:db8::/128");
        assertThat(IpNetwork.parse("::/0").bits()).isZero();
        assertThat(IpNetwork.parse("::ffff:10.0.0.0/104")).isEqualTo(IpNetwork.parse("10.0.0.0/8"));
    }

    @Test
    void keepsTheFamiliesApart() {
        IpAddress v4 = IpAddress.parse("192.0.2.1");
        assertThat(IpNetwork.parse("::/0").contains(v4)).isFalse();
        assertThat(IpNetwork.parse("0.0.0.0/0").contains(v4)).isTrue();
        assertThat(IpNetwork.parse("0.0.0.0/0").contains(IpAddress.parse("::1"))).isFalse();
        assertThat(IpNetwork.parse("0.0.0.0/0").contains(IpAddress.parse("::ffff:1.2.3.4")))
                .isTrue();
    }

    @Test
    void containsWhatTheNumbersSay() {
        var random = new Random(22);
        for (int round = 0; round < 20_000; round++) {
            int octets = random.nextBoolean() ? 4 : 16;
            int length = octets * 8;
            int bits = random.nextInt(length + 1);
            var one = new BigInteger(length, random);
            BigInteger base = one.shiftRight(length - bits).shiftLeft(length - bits);
            // Shares the network's bits, and one of them is flipped half of the time.
            BigInteger other = base.or(new BigInteger(length - bits, random));
            if (bits > 0 && random.nextBoolean()) {
                other = other.flipBit(length - 1 - random.nextInt(bits));
            }
            boolean inside = other.shiftRight(length - bits).equals(base.shiftRight(length - bits));
            var network = new IpNetwork(address(base, octets), bits);
            assertThat(network.contains(address(other, octets))).isEqualTo(inside);
            assertThat(IpNetwork.parse(network.toString())).isEqualTo(network);
        }
    }

    private static IpAddress address(BigInteger value, int octets) {
        byte[] source = value.toByteArray();
        var target = new byte[octets];
        int count = Math.min(source.length, octets);
        System.arraycopy(source, source.length - count, target, octets - count, count);
        return IpAddress.of(target);
    }
}
