package org.posthouse.daemon.sendmail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.QueueView;
import org.posthouse.core.Content;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.SpoolId;
import org.posthouse.daemon.SubmissionRun;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What sendmail hands over is in the queue of the daemon when it ends with 0. */
class HandOverTest {
    @TempDir Path data;

    private int sendmail(String text, String... words) {
        var streams =
                new Sendmail.Streams(
                        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                        new ByteArrayOutputStream(),
                        new PrintStream(new ByteArrayOutputStream()));
        String[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--data";
        all[words.length + 1] = data.toString();
        return Sendmail.run(all, Map.of("LOGNAME", "app"), streams, none -> 70);
    }

    @Test
    void itIsInTheQueueWithAllOfItsRecipients() throws IOException {
        try (var run = new SubmissionRun(data)) {
            String text = "To: ada@far.example\nBcc: eve@far.example\nSubject: s\n\n\u00fc\n.\nx\n";
            assertThat(sendmail(text, "-t", "-i", "-FThe App", "bob@near.example")).isZero();
            QueueView queue = run.engine().queue();
            List<QueueView.Entry> all = queue.list(10);
            assertThat(all)
                    .flatExtracting(QueueView.Entry::recipients)
                    .extracting(Object::toString)
                    .containsExactlyInAnyOrder(
                            "ada@far.example", "eve@far.example", "bob@near.example");
            assertThat(all.getFirst().origin().login()).as("nobody logged in").isEmpty();
            assertThat(all.getFirst().origin().heloName()).isEqualTo("app");
            DeliveryId first = all.getFirst().id();
            assertThat(all.getFirst().from().address()).isEqualTo("app@shop.example");
            assertThat(content(queue, first.message()))
                    .startsWith("Received: by shop.example (sendmail, app);\r\n\t")
                    .contains("\r\nFrom: \"The App\" <app@shop.example>\r\n", "\r\nMessage-ID: <")
                    .contains("\r\nSubject: s\r\n\r\n\u00fc\r\n.\r\nx\r\n")
                    .doesNotContain("Bcc");
        }
    }

    @Test
    void whatTheDaemonRefusesHasACodeOfSysexits() throws IOException {
        try (var run = new SubmissionRun(data)) {
            assertThat(sendmail("Subject: s\n\n", "no address@@")).isEqualTo(Sendmail.DATA);
            assertThat(run.engine().queue().messages()).isZero();
        }
    }

    private static String content(QueueView queue, SpoolId id) throws IOException {
        try (Content content = queue.content(id).orElseThrow()) {
            return new String(content.stream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
