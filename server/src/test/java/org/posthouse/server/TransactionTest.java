package org.posthouse.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.Disposition;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Recipient;
import org.posthouse.core.ReversePath;
import org.posthouse.platform.Deadline;
import org.posthouse.server.SessionPolicy.RecipientVerdict.Target;

import java.util.List;
import java.util.stream.Stream;

/** What a transaction remembers of its RCPT commands. */
class TransactionTest {
    private static List<Target> behind(String... addresses) {
        return Stream.of(addresses)
                .map(address -> Recipient.of(Mailbox.parse(address)))
                .map(recipient -> new Target(recipient, Disposition.LOCAL))
                .toList();
    }

    @Test
    void anAliasThatIsNamedAgainBringsNothing() {
        var smtp = new Transaction(ReversePath.NULL, MailOptions.NONE, false, Deadline.NEVER);
        assertThat(smtp.add(behind("a@x.example", "b@x.example"))).isTrue();
        for (int i = 0; i < 1000; i++) {
            assertThat(smtp.add(behind("a@x.example", "b@x.example"))).isFalse();
            smtp.addAgain(Mailbox.parse("a@x.example"));
        }
        assertThat(smtp.recipientCount()).isEqualTo(2);
        assertThat(smtp.commandCount()).as("nothing grows").isZero();
    }

    @Test
    void lmtpHasAReplyForEach() {
        var lmtp = new Transaction(ReversePath.NULL, MailOptions.NONE, true, Deadline.NEVER);
        assertThat(lmtp.add(behind("a@x.example", "b@x.example"))).isTrue();
        assertThat(lmtp.add(behind("b@x.example"))).isFalse();
        lmtp.addAgain(Mailbox.parse("a@x.example"));
        assertThat(lmtp.commands()).containsExactly(List.of(0, 1), List.of(1), List.of(0));
    }

    @Test
    void longLoginsTakeLittleRoom() {
        String key = LoginFailures.ofLogin("x".repeat(9000));
        assertThat(key).hasSizeLessThan(150).isNotEqualTo(LoginFailures.ofLogin("x".repeat(8999)));
        assertThat(LoginFailures.ofLogin("ada")).isEqualTo("lada");
    }
}
