package org.posthouse.client;

import org.posthouse.core.DataEncoder;
import org.posthouse.core.MailOptions;
import org.posthouse.core.OctetOutput;
import org.posthouse.core.Recipient;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Writes the parts of one transaction as its host can take them. Flushes nothing but full blocks.
 */
final class TransactionWriter {
    private static final int BLOCK_OCTETS = 32 * 1024;

    private final Conversation wire;
    private final ClientTimeouts timeouts;
    private final Extensions extensions;
    private final Transaction transaction;
    private final Fit fit;

    TransactionWriter(
            Conversation wire,
            ClientTimeouts timeouts,
            Extensions extensions,
            Transaction transaction,
            Fit fit) {
        this.wire = wire;
        this.timeouts = timeouts;
        this.extensions = extensions;
        this.transaction = transaction;
        this.fit = fit;
    }

    void mail() {
        wire.add("MAIL FROM:<");
        wire.add(fit.said(transaction.reversePath()));
        wire.add(">");
        if (extensions.offers("SIZE")) {
            wire.add(" SIZE=" + transaction.content().octets());
        }
        wire.add(fit.body());
        if (fit.sendsUtf8()) {
            wire.add(" SMTPUTF8");
        }
        MailOptions options = transaction.options();
        if (fit.sendsRequireTls()) {
            wire.add(" REQUIRETLS");
        }
        if (extensions.offers("DSN")) {
            wire.add(fit.ret());
            if (!options.envelopeId().isEmpty()) {
                wire.add(" ENVID=" + options.envelopeId());
            }
        }
        wire.add("\r\n");
    }

    void rcpt(Recipient recipient) {
        wire.add("RCPT TO:<");
        wire.add(fit.said(recipient.mailbox()));
        wire.add(">");
        if (extensions.offers("DSN")) {
            if (recipient.notifyOn().specified()) {
                wire.add(" NOTIFY=" + recipient.notifyOn().value());
            }
            if (!recipient.originalRecipient().isEmpty() && fit.canSay(recipient)) {
                wire.add(" ORCPT=" + recipient.originalRecipient());
            }
        }
        wire.add("\r\n");
    }

    /** The content behind DATA, with its end. */
    void text() throws IOException {
        var encoder = new DataEncoder();
        OctetOutput<IOException> out = wire.content(timeouts.dataBlock());
        copy((octets, offset, length) -> encoder.encode(octets, offset, offset + length, out));
        encoder.end(out);
    }

    /** The whole content as one chunk (RFC 3030). */
    void chunk() throws IOException {
        wire.add("BDAT " + transaction.content().octets() + " LAST\r\n");
        copy(wire.content(timeouts.dataBlock()));
    }

    private void copy(OctetOutput<IOException> out) throws IOException {
        long octets = transaction.content().octets();
        var block = new byte[(int) Math.min(BLOCK_OCTETS, octets)];
        long position = 0;
        while (position < octets) {
            int wanted = (int) Math.min(block.length, octets - position);
            int count = transaction.content().read(position, block, 0, wanted);
            if (count < 0) {
                throw new UncheckedIOException(new IOException("the content is too short"));
            }
            out.write(block, 0, count);
            position += count;
        }
    }
}
