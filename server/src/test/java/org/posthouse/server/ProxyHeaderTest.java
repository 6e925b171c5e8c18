package org.posthouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.server.ProxyHeader.Result;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32C;

/** The PROXY header as a table, and as a total function. */
class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String TCP4 = "cb007109c00002190fa00019";
    private static final String TCP6 =
            "20010db8000000000000000000000009" + "20010db8000000000000000000000001" + "0fa00019";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 203.0.113.9 192.0.2.25 4000 25>203.0.113.9:4000",
                "PROXY TCP4 0.0.0.0 0.0.0.0 0 65535>0.0.0.0:0",
                "PROXY TCP6 2001:db8::9 2001:db8::1 4000 25>[2001:db8:0:0:0:0:0:9]:4000",
            })
    void version1(String row) {
        String[] parts = row.split(">");
        byte[] octets = ascii(parts[0] + "\r\n");
        assertWhole(octets, parts[1]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY UNKNOWN\r\n",
                "PROXY UNKNOWN 203.0.113.9 192.0.2.25 4000 25\r\n",
                "PROXY TCP4 203.0.113.9 192.0.2.25 4000\r\n",
                "PROXY TCP4 203.0.113.9 192.0.2.25 4000 25 1\r\n",
                "PROXY TCP4  203.0.113.9 192.0.2.25 4000 25\r\n",
                "PROXY TCP4 203.0.113.9 192.0.2.25 4000 25\n",
                "PROXY TCP4 203.0.113.9\r192.0.2.25 4000 25\r\n",
                "PROXY TCP4 203.0.113.9 192.0.2.25 65536 25\r\n",
                "PROXY TCP4 203.0.113.9 192.0.2.25 04 25\r\n",
                "PROXY TCP4 203.0.113.9 192.0.2.25 -1 25\r\n",
                "PROXY TCP4 203.0.113.9 192.0.2.25 4000 x\r\n",
                "PROXY TCP4 203.0.113 192.0.2.25 4000 25\r\n",
                "PROXY TCP4 203.0.113.9 localhost 4000 25\r\n",
                "PROXY TCP4 2001:db8::9 2001:db8::1 4000 25\r\n",
                "PROXY TCP6 203.0.113.9 192.0.2.25 4000 25\r\n",
                "PROXY TCP6 fe80::1%eth0 2001:db8::1 4000 25\r\n",
                "PROXY UDP4 203.0.113.9 192.0.2.25 4000 25\r\n",
                "proxy TCP4 203.0.113.9 192.0.2.25 4000 25\r\n",
                "EHLO client.example\r\n",
                "\r\n\r\nQ",
            })
    void notVersion1(String text) {
        assertThat(feed(ascii(text))).as(text).isInstanceOf(Result.Invalid.class);
    }

    @Test
    void aLineWithoutEndIsBounded() {
        byte[] octets = ascii("PROXY TCP4 " + "1".repeat(200));
        assertThat(ProxyHeader.parse(octets, 107)).isInstanceOf(Result.Invalid.class);
    }

    @Test
    void version2() {
        assertWhole(header("21", "11", TCP4), "203.0.113.9:4000");
        assertWhole(header("21", "21", TCP6), "[2001:db8:0:0:0:0:0:9]:4000");
        assertWhole(header("21", "11", TCP4 + "040002" + "0000" + "020000"), "203.0.113.9:4000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "11 11 " + TCP4, // version 1 in the form of version 2
                "22 11 " + TCP4,
                "21 00 " + TCP4, // AF_UNSPEC
                "21 12 " + TCP4, // UDP
                "21 31 " + TCP4, // AF_UNIX
                "21 21 " + TCP4, // addresses cut off
                "21 11 cb007109c0000219",
                "21 11 " + TCP4 + "04", // half an extension
                "21 11 " + TCP4 + "04000100" + "0400020a",
                "21 11 " + TCP4 + "03000400000000", // wrong sum
                "21 11 " + TCP4 + "03000200000000",
            })
    void notVersion2(String row) {
        String[] words = row.split(" ");
        assertThat(feed(header(words[0], words[1], words[2])))
                .as(row)
                .isInstanceOf(Result.Invalid.class);
    }

    @Test
    void localIsTheProxyItself() {
        assertThat(feed(header("20", "00", ""))).isInstanceOf(Result.Local.class);
        assertThat(feed(header("20", "11", TCP4))).isInstanceOf(Result.Local.class);
    }

    @Test
    void theRightChecksumIsTaken() {
        byte[] octets = header("21", "11", TCP4 + "03000400000000");
        var sum = new CRC32C();
        sum.update(octets);
        byte[] value = HexFormat.of().parseHex("%08x".formatted(sum.getValue()));
        System.arraycopy(value, 0, octets, octets.length - 4, 4);
        assertWhole(octets, "203.0.113.9:4000");
        octets[16]++; // another client by the same sum
        assertThat(feed(octets)).isInstanceOf(Result.Invalid.class);
    }

    @Test
    void aLongHeaderIsRefusedByItsLength() {
        byte[] octets = HexFormat.of().parseHex(SIGNATURE + "2111ffff");
        assertThat(ProxyHeader.parse(octets, 16)).isInstanceOf(Result.Invalid.class);
    }

    @Test
    void noOctetsAreTooStrange() {
        var random = new Random(1);
        byte[] start = header("21", "11", TCP4 + "040002" + "0000");
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = Arrays.copyOf(start, start.length);
            octets[12 + random.nextInt(octets.length - 12)] = (byte) random.nextInt();
            assertThat(ProxyHeader.parse(octets, 1 + random.nextInt(octets.length))).isNotNull();
        }
    }

    /** What is read bit by bit is the header and nothing behind it. */
    private static void assertWhole(byte[] octets, String client) {
        assertThat(feed(octets))
                .isInstanceOfSatisfying(
                        Result.Forwarded.class,
                        f -> assertThat(f.client().toString()).isEqualTo("/" + client));
    }

    private static Result feed(byte[] octets) {
        int length = 1;
        Result result = ProxyHeader.parse(octets, length);
        while (result instanceof Result.Incomplete more && length < octets.length) {
            length = Math.min(octets.length, length + more.more());
            result = ProxyHeader.parse(octets, length);
        }
        if (result instanceof Result.Forwarded || result instanceof Result.Local) {
            assertThat(length).as("octets read").isEqualTo(octets.length);
        }
        return result;
    }

    private static byte[] header(String command, String family, String rest) {
        String length = "%04x".formatted(rest.length() / 2);
        return HexFormat.of().parseHex(SIGNATURE + command + family + length + rest);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
