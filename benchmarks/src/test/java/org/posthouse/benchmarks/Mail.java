package org.posthouse.benchmarks;

import org.posthouse.core.ContentSink;
import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.Recipient;
import org.posthouse.spool.AcceptResult;
import org.posthouse.spool.Acceptance;
import org.posthouse.spool.Spool;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Messages as a session would hand them to the spool. */
public final class Mail {
    private static final List<Disposition> RELAYED = List.of(new Disposition.Relayed("rule", ""));
    private static final Origin ORIGIN =
            new Origin("smtp", "192.0.2.1", "client.example", "ada", "ESMTPA");
    private static final Mailbox SENDER = new Mailbox("sender", "client.example");
    private static final byte[] TRACE =
            ("Received: from client.example ([192.0.2.1]) by mx.example with ESMTPA;\r\n"
                            + "\tTue, 24 Nov 2026 03:17:40 +0000\r\n")
                    .getBytes(StandardCharsets.US_ASCII);

    private Mail() {}

    /** From a sender to one recipient. */
    public static Envelope to(String localPart, String domain) {
        return new Envelope(
                SENDER, MailOptions.NONE, List.of(Recipient.of(new Mailbox(localPart, domain))));
    }

    /** Relayed, with a trace field before it, due at an instant. */
    static Acceptance acceptance(Envelope envelope, ContentSink content, Instant notBefore) {
        return new Acceptance("", ORIGIN, envelope, RELAYED, TRACE, content, notBefore);
    }

    /** Fills a sink and accepts it. */
    public static void accept(Spool spool, Envelope envelope, byte[] body) {
        ContentSink content = spool.openContent();
        content.write(body, 0, body.length);
        accept(spool, acceptance(envelope, content, Instant.EPOCH));
    }

    static void accept(Spool spool, Acceptance acceptance) {
        AcceptResult result = spool.accept(acceptance);
        if (!(result instanceof AcceptResult.Accepted)) {
            throw new IllegalStateException("refused: " + result);
        }
    }
}
