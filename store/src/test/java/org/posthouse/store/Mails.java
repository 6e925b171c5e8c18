package org.posthouse.store;

import org.posthouse.core.Content;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Mailbox;
import org.posthouse.core.ReversePath;
import org.posthouse.core.SpoolId;
import org.posthouse.store.MessageStore.LocalMail;

import java.time.Instant;

/** Mail to store. */
final class Mails {
    static final Instant ACCEPTED_AT = Instant.parse("2026-03-04T05:06:07.123456789Z");
    static final ReversePath BOB = new Mailbox("bob", "client.example");

    private Mails() {}

    static LocalMail to(String localPart, long message, Content content) {
        return to(new Mailbox(localPart, "shop.example"), message, content);
    }

    static LocalMail to(Mailbox recipient, long message, Content content) {
        return new LocalMail(
                new DeliveryId(new SpoolId(message), 0), recipient, BOB, ACCEPTED_AT, content);
    }

    static LocalMail of(ReversePath path, Content content) {
        return new LocalMail(
                new DeliveryId(new SpoolId(1), 0),
                new Mailbox("ada", "shop.example"),
                path,
                ACCEPTED_AT,
                content);
    }
}
