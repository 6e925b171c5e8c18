package org.posthouse.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.core.MailboxParser.Found;

import java.nio.charset.StandardCharsets;
import java.util.Random;

class MailboxParserTest {
    /** With the shortest domain, all that a path has room for. */
    private static final String X252 = "x".repeat(252);

    private static void reads(String text, String localPart, String domain, String address) {
        assertThat(Mailbox.parse(text)).isEqualTo(new Mailbox(localPart, domain));
        assertThat(Mailbox.parse(text).localPart()).isEqualTo(localPart);
        assertThat(Mailbox.parse(text).domain()).isEqualTo(domain);
        assertThat(Mailbox.parse(text).address()).isEqualTo(address);
        assertThat(Mailbox.parse(address)).isEqualTo(Mailbox.parse(text));
    }

    private static Found path(String path) {
        byte[] octets = path.getBytes(StandardCharsets.UTF_8);
        return new MailboxParser(octets, 0, octets.length).path();
    }

    @Test
    void readsAddresses() {
        reads("ada@example.net", "ada", "example.net", "ada@example.net");
        reads("Ada.L+x@EXAMPLE.Net", "Ada.L+x", "example.net", "Ada.L+x@example.net");
        String specials = "!#$%&'*+-/=?^_`{|}~";
        reads(specials + "@x", specials, "x", specials + "@x");
        reads("\"ada\"@x", "ada", "x", "ada@x");
        reads("\"a b\"@x", "a b", "x", "\"a b\"@x");
        reads("\"a@b\"@x", "a@b", "x", "\"a@b\"@x");
        reads("\"a\\\"\\\\\\b\"@x", "a\"\\b", "x", "\"a\\\"\\\\b\"@x");
        reads("\".a\"@x", ".a", "x", "\".a\"@x");
        reads("a@[192.0.2.1]", "a", "[192.0.2.1]", "a@[192.0.2.1]");
        reads("a@[IPv6:2001:DB8::1]", "a", "[ipv6:2001:db8::1]", "a@[ipv6:2001:db8::1]");
        reads("a@[x-tag:any!]", "a", "[x-tag:any!]", "a@[x-tag:any!]");
        reads("a@1and1.example", "a", "1and1.example", "a@1and1.example");
        reads("a@My_Host.example", "a", "my_host.example", "a@my_host.example");
        reads("a@_x.y_", "a", "_x.y_", "a@_x.y_");
        reads("a@ü_x.example", "a", "xn--_x-wka.example", "a@xn--_x-wka.example");
        reads(
                "grüße@bücher.example",
                "grüße",
                "xn--bcher-kva.example",
                "grüße@xn--bcher-kva.example");
        reads("😀@例え.テスト", "😀", "xn--r8jz45g.xn--zckzah", "😀@xn--r8jz45g.xn--zckzah");
        reads(X252 + "@x", X252, "x", X252 + "@x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "a",
                "a@",
                "@x",
                ".a@x",
                "a.@x",
                "a..b@x",
                "a b@x",
                "a@x y",
                "a@b@x",
                "\"\"@x",
                "\"a@x",
                "a\"b@x",
                "\"a\"b@x",
                "\"a\\\"@x",
                "\"a\tb\"@x",
                "\"a\r\n\"@x",
                "a\u0000@x",
                "a@-x",
                "a@x-",
                "a@x..y",
                "a@.x",
                "a@x.",
                "a@x_-",
                "a@[x_y]",
                "a@x\u0000",
                "a@1.2.3.4",
                "a@127.1",
                "a@x.0x7f",
                "a@[]",
                "a@[1.2.3]",
                "a@[01.2.3.4]",
                "a@[1.2.3.4",
                "a@1.2.3.4]",
                "a@[1.2.3.4]x",
                "a@[::1]",
                "a@[IPv6:1.2.3.4]",
                "a@[IPv6:::g]",
                "a@[x:]",
                "a@[ıpv6:::1]",
                "a@b.１２",
                "a@０x１f",
                "a@[:x]",
                "a@[x-:y]",
                "a@[x:<>]",
                "a@[x:a b]",
                "a@ex ample.x",
                "a@x\u00a0y",
                "a@\u2028",
                "<a@x>",
                "a@x>",
                "a(c)@x",
                "a\u0085@x",
                "a@xn\u3002x",
                "\"\\ü\"@x"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThat(Mailbox.tryParse(text)).as(text).isEmpty();
        assertThatThrownBy(() -> Mailbox.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keepsTheLimits() {
        String label = "d".repeat(63);
        assertThat(Mailbox.tryParse("a@" + label)).isPresent();
        assertThat(Mailbox.tryParse("a@" + label + "d")).isEmpty();
        assertThat(Mailbox.tryParse("a@" + "ü".repeat(59))).isPresent();
        assertThat(Mailbox.tryParse("a@" + "ü".repeat(60))).isEmpty();
        String domain = (label + ".").repeat(3) + "d".repeat(60);
        assertThat(path("<a@" + domain.substring(1) + ">")).isEqualTo(Found.MAILBOX);
        assertThat(domain).hasSize(252);
        assertThat(path("<a@" + domain + ">")).isEqualTo(Found.MAILBOX);
        assertThat(path("<ab@" + domain + ">")).isEqualTo(Found.NOTHING);
        assertThatThrownBy(() -> new Mailbox("ab", domain))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Mailbox.tryParse("ab@" + domain)).isEmpty();
        assertThatThrownBy(() -> new Mailbox("\"".repeat(64), "d".repeat(63) + "." + label + ".x"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Longer than the 64 octets of RFC 5321 section 4.5.3.1.1, as far as the path allows. */
    @Test
    void takesLocalPartsThatFitThePath() {
        assertThat(path("<" + X252 + "@x>")).isEqualTo(Found.MAILBOX);
        assertThat(path("<x" + X252 + "@x>")).isEqualTo(Found.NOTHING);
        assertThat(Mailbox.tryParse("x" + X252 + "@x")).isEmpty();
        assertThatThrownBy(() -> new Mailbox("x" + X252, "x"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Mailbox.tryParse("ü".repeat(126) + "@x")).isPresent();
        assertThat(Mailbox.tryParse("ü".repeat(126) + "@xy")).isEmpty();
        var quoted = new Mailbox("\"".repeat(125), "x");
        assertThat(path("<" + quoted.address() + ">")).isEqualTo(Found.MAILBOX);
        assertThatThrownBy(() -> new Mailbox("\"".repeat(126), "x"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Some letters need more octets in lower case. */
    @Test
    void lowerCaseKeepsTheLimits() {
        Mailbox grows = new Mailbox("İ".repeat(84), "x");
        assertThat(grows.inLowerCase()).isEqualTo(new Mailbox("i\u0307".repeat(84), "x"));
        Mailbox tooLong = new Mailbox("İ".repeat(85), "x");
        assertThat(tooLong.inLowerCase()).isEqualTo(tooLong);
    }

    @Test
    void constructorsKeepTheRulesOfTheParser() {
        for (String domain : new String[] {"", "b c", "x> SIZE=1", "x\r\nDATA", "-", "[1.2.3.4"}) {
            assertThatThrownBy(() -> new Mailbox("a", domain))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (String localPart : new String[] {"", "a\n", "\ud800", "\ufffd", "\u007f"}) {
            assertThatThrownBy(() -> new Mailbox(localPart, "x"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(new Mailbox("a", "\u212Aelvin.X").domain()).isEqualTo("kelvin.x");
    }

    @Test
    void readsPaths() {
        assertThat(path("<>")).isEqualTo(Found.NULL_PATH);
        assertThat(path("<a@x> tail")).isEqualTo(Found.MAILBOX);
        assertThat(path("<PostMaster>")).isEqualTo(Found.LOCAL_PART);
        assertThat(path("<@a,@b.c:u@d>")).isEqualTo(Found.MAILBOX);
        for (String bad :
                new String[] {
                    "",
                    "<",
                    "a@x",
                    "<a@x",
                    "< a@x>",
                    "<a@x >",
                    "<@a:>",
                    "<@a u@d>",
                    "<@a,b:u@d>",
                    "<@:u@d>",
                    "<@a,@b;u@d>",
                    "<<a@x>>",
                    "<a@x@y>",
                    "<@a:@b:u@d>"
                }) {
            assertThat(path(bad)).as(bad).isEqualTo(Found.NOTHING);
        }
    }

    @Test
    void dropsSourceRoutes() {
        byte[] octets = "<@one.example,@[192.0.2.1]:\"u@v\"@d>".getBytes(StandardCharsets.UTF_8);
        var parser = new MailboxParser(octets, 0, octets.length);
        assertThat(parser.path()).isEqualTo(Found.MAILBOX);
        assertThat(parser.mailbox()).isEqualTo(new Mailbox("u@v", "d"));
        assertThat(parser.position()).isEqualTo(octets.length);
    }

    @Test
    void refusesWhatIsNotUtf8() {
        byte[] localPart = {'<', 'a', (byte) 0xc3, '@', 'x', '>'};
        byte[] domain = {'<', 'a', '@', (byte) 0xe9, '.', 'x', '>'};
        byte[] overlong = {'<', (byte) 0xc0, (byte) 0xaf, '@', 'x', '>'};
        for (byte[] octets : new byte[][] {localPart, domain, overlong}) {
            assertThat(new MailboxParser(octets, 0, octets.length).path()).isEqualTo(Found.NOTHING);
        }
    }

    @Test
    void readsWhatItPrints() {
        var random = new Random(5);
        for (int round = 0; round < 20_000; round++) {
            int most = round % 20 == 0 ? 110 : 12;
            var mailbox = new Mailbox(localPart(random, most), domain(random));
            assertThat(Mailbox.parse(mailbox.address())).isEqualTo(mailbox);
            assertThat(path("<" + mailbox.address() + ">")).isEqualTo(Found.MAILBOX);
        }
    }

    @Test
    void isTotal() {
        var random = new Random(6);
        String alphabet = "<>@.,:\"\\[]-a1 x\u00fc\u0000";
        int found = 0;
        for (int round = 0; round < 100_000; round++) {
            var text = new StringBuilder("<");
            for (int i = random.nextInt(9); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            byte[] octets = text.append('>').toString().getBytes(StandardCharsets.UTF_8);
            var parser = new MailboxParser(octets, 0, octets.length);
            if (parser.path() == Found.MAILBOX) {
                found++;
                assertThat(Mailbox.parse(parser.mailbox().address())).isEqualTo(parser.mailbox());
            }
        }
        assertThat(found).isGreaterThan(50);
    }

    static String localPart(Random random) {
        return localPart(random, 12);
    }

    private static String localPart(Random random, int most) {
        var text = new StringBuilder();
        for (int i = 1 + random.nextInt(most); i > 0; i--) {
            text.append(random.nextInt(20) == 0 ? 'é' : (char) (32 + random.nextInt(95)));
        }
        return text.toString();
    }

    static String domain(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
            text.append(Integer.toString(random.nextInt(1000), 36)).append('.');
        }
        return random.nextInt(10) == 0
                ? "[192.0.2." + random.nextInt(256) + "]"
                : text + "exa-mple";
    }
}
