package org.posthouse.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.Outcome;
import org.posthouse.store.MessageStore.LocalMail;

import java.util.ArrayList;
import java.util.List;

class CallbackTest {
    private static final LocalMail MAIL = Mails.to("ada", 1, TextContent.of("x\r\n"));

    @Test
    void aHandlerThatReturnsHasTakenTheMessage() {
        List<LocalMail> taken = new ArrayList<>();
        assertThat(Callback.to(taken::add).store(MAIL)).isInstanceOf(Outcome.Delivered.class);
        assertThat(taken).containsExactly(MAIL);
    }

    @Test
    void aHandlerThatThrowsGetsItAgain() {
        MessageStore store =
                Callback.to(
                        mail -> {
                            throw new IllegalStateException("not now");
                        });
        assertThat(store.store(MAIL).reply().toString()).startsWith("451 4.3.0");
    }

    @Test
    void whatIsDiscardedCountsAsDelivered() {
        assertThat(Discard.INSTANCE.store(MAIL)).isInstanceOf(Outcome.Delivered.class);
    }
}
