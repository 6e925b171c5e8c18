package org.posthouse.daemon.sendmail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.daemon.sendmail.Options.Mode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What sendmail makes of its arguments and its input. */
class SendmailTest {
    private static Options parse(String line) {
        return Options.parse(line.split(" "));
    }

    @Test
    void argumentsAreUnderstoodAsOfOld() {
        Options cron = parse("-FCronDaemon -i -odi -oem -oi -t -f root");
        assertThat(cron.wrong()).isEmpty();
        assertThat(cron.fullName()).isEqualTo("CronDaemon");
        assertThat(cron.from()).isEqualTo("root");
        assertThat(cron.fromHeader() && cron.dotIsText()).isTrue();
        Options php = parse("-t -i -fwww@shop.example");
        assertThat(php.from()).isEqualTo("www@shop.example");
        Options mailx = parse("-i -- -a@b.example root");
        assertThat(mailx.recipients()).containsExactly("-a@b.example", "root");
        Options many = parse("-bm -B 8BITMIME -N never -V id -R hdrs -O a=b -v -U -G -r x y");
        assertThat(many.recipients()).containsExactly("y");
        assertThat(many.from()).isEqualTo("x");
        assertThat(parse("-o i x").recipients()).containsExactly("x");
        assertThat(parse("-f  x").from()).isEqualTo("<>");
        assertThat(parse("-bp").mode()).isEqualTo(Mode.LIST);
        assertThat(parse("-bs").mode()).isEqualTo(Mode.SMTP);
        assertThat(parse("-bi").mode()).isEqualTo(Mode.ALIASES);
        assertThat(parse("-q15m").mode()).isEqualTo(Mode.FLUSH);
        assertThat(parse("-bd").wrong()).contains("posthouse run");
        assertThat(parse("-Z").wrong()).contains("-Z");
        assertThat(parse("-f").wrong()).contains("needs a value");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ada@b.example, eve|ada@b.example;eve",
                "Ada Lovelace <ada@b.example>,,|ada@b.example",
                "\"Lovelace, Ada\" <ada@b.example>|ada@b.example",
                "ada@b.example (a (nested, one), \\) too)|ada@b.example",
                "friends: a@b.example, c@d.example;, e|a@b.example;c@d.example;e",
                "\"a b\"@c.example|\"a b\"@c.example",
                "<@r1,@r2:ada@b.example>|ada@b.example",
                "ada @ b.example|ada@b.example",
                "undisclosed-recipients:;|",
                "(|",
                "<|"
            })
    void addressesAreTakenOutOfFields(String field, String found) {
        List<String> expected = found == null ? List.of() : List.of(found.split(";"));
        assertThat(Addresses.of(field)).isEqualTo(expected);
    }

    private static Letter letter(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return new Letter(octets, octets.length);
    }

    @Test
    void recipientsComeFromTheHeaderSectionAndBlindCopiesGo() {
        String text =
                "From me Mon Jan 1\nTo: a@x.example,\n b@x.example\nbcc: c@x.example\n"
                        + "Subject: s\nCc : no\n\nTo: body\n";
        Letter letter = letter(text);
        assertThat(letter.recipients())
                .containsExactly("a@x.example", "b@x.example", "c@x.example");
        letter.removeBlindCopies();
        assertThat(new String(letter.head(), StandardCharsets.UTF_8))
                .isEqualTo("To: a@x.example,\r\n b@x.example\r\nSubject: s\r\n\r\n");
        assertThat(text.substring(letter.bodyAt())).isEqualTo("Cc : no\n\nTo: body\n");
        assertThat(letter.missing()).containsExactly("Date", "From", "Message-ID");
        assertThat(letter("just text\n").bodyAt()).isZero();
        assertThat(letter("").head()).isEqualTo(new byte[] {'\r', '\n'});
        Letter resent = letter("To: a@x.example\r\nResent-To: b@x.example\r\n\r\n");
        assertThat(resent.recipients()).containsExactly("b@x.example");
    }

    private static String read(String text, boolean dotIsText) throws IOException {
        var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        try (Input input = Input.read(in, dotIsText)) {
            var all = new ByteArrayOutputStream();
            all.write(input.head(), 0, input.headOctets());
            input.rest().transferTo(all);
            return all.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void aLoneDotEndsTheMessageUnlessItIsText() throws IOException {
        assertThat(read("a\n.\nb\n", false)).isEqualTo("a\n");
        assertThat(read("a\r\n.\r\nb\n", false)).isEqualTo("a\r\n");
        assertThat(read("a\n.\nb\n", true)).isEqualTo("a\n.\nb\n");
        assertThat(read(".b\n..\n.\rc\n.", false)).isEqualTo(".b\n..\n.\rc\n");
    }

    @Test
    void aLargeOneGoesThroughAFile() throws IOException {
        String large = "0123456789abcde\n".repeat(400_000);
        assertThat(read(large, true)).isEqualTo(large);
        assertThat(read(large + ".\nx", false)).isEqualTo(large);
    }

    @Test
    void withoutADaemonTheCallerIsToTryAgain() {
        var err = new ByteArrayOutputStream();
        var streams =
                new Sendmail.Streams(
                        new ByteArrayInputStream(
                                "Subject: s\n\nt\n".getBytes(StandardCharsets.UTF_8)),
                        new ByteArrayOutputStream(),
                        new PrintStream(err, true, StandardCharsets.UTF_8));
        String[] words = {"--data", "/no/such/folder", "ada@b.example"};
        assertThat(Sendmail.run(words, Map.of(), streams, all -> 0)).isEqualTo(75);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("try again later");
        assertThat(Sendmail.run(new String[0], Map.of(), streams, all -> 0)).isEqualTo(64);
        assertThat(Sendmail.run(new String[] {"-t"}, Map.of(), streams, all -> 0)).isEqualTo(65);
        assertThat(Sendmail.run(new String[] {"-bd"}, Map.of(), streams, all -> 0)).isEqualTo(64);
        String[] list = {"-bp", "--data", "x"};
        assertThat(Sendmail.run(list, Map.of(), streams, all -> String.join(" ", all).length()))
                .isEqualTo("mailq --data x".length());
    }
}
