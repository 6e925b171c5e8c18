package org.posthouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.testkit.FaultPoint.dot;
import static org.posthouse.testkit.FaultPoint.rcptTo;
import static org.posthouse.testkit.MailAssertions.assertThat;
import static org.posthouse.testkit.Selectors.containing;
import static org.posthouse.testkit.Selectors.to;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the pages of docs/kit show, word for word. */
@PosthouseTest
class SignupTest {
    @Test
    void sendsVerification(MailSandbox mail) {
        new App(mail.host(), mail.port()).signUp("ada@example.com");

        ReceivedMail received = mail.awaitOne(to("ada@example.com").subject(containing("Verify")));

        assertThat(received).isFrom("no-reply@shop.example").hasTextContaining("Welcome");
        assertThat(received.firstLink("/verify")).endsWith("?t=1");
        assertThat(received.firstCode()).isEqualTo("123456");
    }

    @Test
    void triesAgainWhenTheMailboxIsFull(MailSandbox mail) {
        Fault full = mail.when(rcptTo("ada@*")).refuse(452, "4.2.2", "mailbox full").times(2);
        var app = new App(mail.host(), mail.port());

        app.signUp("ada@example.com");

        mail.awaitOne(to("ada@example.com"));
        assertThat(mail.attempts(to("ada@example.com"))).hasSize(3);
        assertThat(full.uses()).isEqualTo(2);
    }

    @Test
    void survivesAConnectionThatBreaks(MailSandbox mail) {
        mail.when(dot()).drop().once();
        var app = new App(mail.host(), mail.port());

        app.signUp("ada@example.com");

        mail.awaitOne(to("ada@example.com"));
        assertThat(mail.unusedFaults()).isEmpty();
    }

    @Test
    void thePagesShowWhatIsTested() throws IOException {
        Path root = Path.of(System.getProperty("posthouse.root"));
        String tested = source(root, "SignupTest") + source(root, "FiveDaysTest");
        List<String> snippets;
        try (Stream<Path> pages = Files.list(root.resolve("docs/kit"))) {
            snippets = pages.flatMap(SignupTest::snippets).toList();
        }
        assertThat(snippets).hasSizeGreaterThan(1);
        for (String snippet : snippets) {
            // the class of a snippet may end where that of the test goes on
            assertThat(tested).contains(snippet.replaceFirst("\n}\n$", "\n"));
        }
    }

    private static String source(Path root, String test) throws IOException {
        return Files.readString(
                root.resolve("testkit/src/test/java/org/posthouse/testkit/" + test + ".java"));
    }

    private static Stream<String> snippets(Path page) {
        try {
            return Pattern.compile("(?s)```java\n(.*?)```")
                    .matcher(Files.readString(page))
                    .results()
                    .map((MatchResult result) -> result.group(1));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
