package org.posthouse.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.core.Mailbox;
import org.posthouse.core.ReversePath;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

class MboxTextTest {
    private static final String HEAD =
            "From bob@client.example Wed Mar  4 05:06:07 2026\nReturn-Path: <bob@client.example>\n";

    @Test
    void aMessageHasItsFromLineItsReturnPathAndAnEmptyLine() throws IOException {
        assertThat(text(Mails.BOB, "Subject: x\r\n\r\nhello\r\n"))
                .isEqualTo(HEAD + "Subject: x\n\nhello\n\n");
    }

    @Test
    void reportsComeFromTheMailerDaemon() throws IOException {
        assertThat(text(ReversePath.NULL, "x\r\n"))
                .isEqualTo("From MAILER-DAEMON Wed Mar  4 05:06:07 2026\nReturn-Path: <>\nx\n\n");
    }

    @Test
    void noBlankBreaksTheFromLine() throws IOException {
        assertThat(text(new Mailbox("b o b", "client.example"), "x\r\n"))
                .startsWith("From ")
                .contains("b_o_b");
    }

    /** CRLF is written as a tilde, CR as a caret, LF as a dollar sign. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "From x~|>From x~",
                ">From x~|>>From x~",
                ">>>From x~|>>>>From x~",
                "Fro~|Fro~",
                "Fromage~|Fromage~",
                "From|From~",
                "a From b~|a From b~",
                ">~|>~",
                "x~From ~y~|x~>From ~y~",
                "open|open~",
                "''|''",
                "Fr^om x~|Fr^om x~",
                "^^$|^~",
                "From ^|>From ^~",
                "F^|F^~",
                "a$From b~|a~>From b~",
            })
    void linesAreQuotedAndEndInLineFeed(String content, String expected) throws IOException {
        assertThat(
                        text(
                                Mails.BOB,
                                content.replace("~", "\r\n").replace("^", "\r").replace("$", "\n")))
                .isEqualTo(HEAD + expected.replace("~", "\n").replace("^", "\r") + "\n");
    }

    /** Against the rule said with a regular expression. */
    @Test
    void anyContentFollowsTheRule() throws IOException {
        var random = RandomGenerator.of("L64X128MixRandom");
        for (int i = 0; i < 20_000; i++) {
            String content = content(random);
            String expected = content.replace("\r\n", "\n").replaceAll("(?<=^|\n)(>*From )", ">$1");
            expected += expected.isEmpty() || expected.endsWith("\n") ? "" : "\n";
            assertThat(text(Mails.BOB, content)).as(content).isEqualTo(HEAD + expected + "\n");
        }
    }

    private static String content(RandomGenerator random) {
        String[] pieces = {"From ", "From", "F", ">", "\r\n", "\r", "\n", " ", "rom ", "x"};
        var content = new StringBuilder();
        int count = random.nextInt(8);
        for (int i = 0; i < count; i++) {
            content.append(pieces[random.nextInt(pieces.length)]);
        }
        return content.toString();
    }

    private static String text(ReversePath path, String content) throws IOException {
        var octets = new ByteArrayOutputStream();
        MboxText.write(
                Mails.of(path, TextContent.of(content)),
                false,
                block -> octets.write(block.array(), 0, block.limit()));
        return octets.toString(StandardCharsets.ISO_8859_1);
    }
}
