package org.posthouse.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Random;

class XtextTest {
    private static boolean isUtf8Address(String text, boolean raw) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return Xtext.isUtf8Address(octets, 0, octets.length, raw);
    }

    @Test
    void encodes() {
        assertThat(Xtext.encode("ada+x=y@example.net")).isEqualTo("ada+2Bx+3Dy@example.net");
        assertThat(Xtext.encode("é b")).isEqualTo("+C3+A9+20b");
    }

    @Test
    void decodesWhatItEncodes() {
        var random = new Random(3);
        for (int round = 0; round < 5_000; round++) {
            String text = MailboxParserTest.localPart(random);
            assertThat(Xtext.decode(Xtext.encode(text))).contains(text);
        }
    }

    @Test
    void refusesWhatIsNoXtext() {
        for (String bad :
                new String[] {"a=b", "a b", "+", "+2", "+2G", "+2b", "+0D", "+7F", "é", "a\n"}) {
            assertThat(Xtext.decode(bad)).as(bad).isEmpty();
        }
        assertThat(Xtext.decode("+2B+2B")).contains("++");
    }

    @Test
    void knowsInternationalizedAddresses() {
        assertThat(isUtf8Address("gr\\x{FC}n@x", false)).isTrue();
        assertThat(isUtf8Address("a\\x{5C}b\\x{20}\\x{2B}\\x{3D}", false)).isTrue();
        assertThat(isUtf8Address("\\x{10FFFF}", false)).isTrue();
        assertThat(isUtf8Address("grün@x", false)).isFalse();
        assertThat(isUtf8Address("grün@x", true)).isTrue();
        for (String bad :
                new String[] {
                    "\\",
                    "\\x",
                    "\\x{",
                    "\\x{}",
                    "\\x{41}",
                    "\\x{0D}",
                    "\\x{D800}",
                    "\\x{110000}",
                    "\\x{FC",
                    "\\x{00000FC}",
                    "a+b",
                    "a=b",
                    "a b"
                }) {
            assertThat(isUtf8Address(bad, true)).as(bad).isFalse();
        }
    }
}
