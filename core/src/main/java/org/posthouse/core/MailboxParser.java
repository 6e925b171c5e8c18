package org.posthouse.core;

/** The one strict parser of addresses. */
final class MailboxParser {
    private MailboxParser() {}

    static Mailbox parse(String text) {
        throw new UnsupportedOperationException(text);
    }

    static String quoteIfNeeded(String localPart) {
        return localPart;
    }
}
