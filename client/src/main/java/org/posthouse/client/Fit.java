package org.posthouse.client;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.BodyType;
import org.posthouse.core.Content;
import org.posthouse.core.Idna;
import org.posthouse.core.Mailbox;
import org.posthouse.core.ProtocolLimits;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.core.Ret;
import org.posthouse.core.ReversePath;

/** How a message fits a host: what of it the host can't take, and which parameters it needs. */
final class Fit {
    private static final int BLOCK_OCTETS = 32 * 1024;
    private static final Reply NO_UTF8 =
            Reply.of(550, "5.6.7", "the host does not offer SMTPUTF8, which this message needs");
    private static final Reply NO_8BIT =
            Reply.of(554, "5.6.3", "the host does not offer 8BITMIME, which this message needs");
    private static final Reply NO_BINARY =
            Reply.of(554, "5.6.3", "the host does not offer BINARYMIME, which this message needs");

    private static final Reply NO_REQUIRETLS =
            Reply.of(
                    550,
                    "5.7.30",
                    "REQUIRETLS asks for a host that proves its name over TLS and offers"
                            + " REQUIRETLS");

    private final Extensions extensions;
    private final Transaction transaction;
    private final Safety safety;
    private final boolean utf8Wanted;

    /**
     * Looks at a message for a host.
     *
     * @param safety of the conversation
     */
    Fit(Extensions extensions, Transaction transaction, Safety safety) {
        this.extensions = extensions;
        this.safety = safety;
        this.transaction = transaction;
        utf8Wanted = transaction.options().smtpUtf8() || addressesNeedUtf8(transaction);
    }

    /** Why the host can't take the message for anybody. */
    @Nullable Reply unsupported() {
        if (needsRequireTls() && !keepsRequireTls()) {
            return NO_REQUIRETLS;
        }
        Content content = transaction.content();
        long most = extensions.octetsMax();
        if (most > 0 && content.octets() > most) {
            return Reply.of(
                    552,
                    "5.3.4",
                    "the message has " + content.octets() + " octets, the host takes " + most);
        }
        if (transaction.options().body() == BodyType.BINARY_MIME) {
            return takesBinary() ? null : NO_BINARY;
        }
        boolean takesUtf8 = extensions.offers("SMTPUTF8") || !utf8Wanted;
        boolean takes8Bit = extensions.offers("8BITMIME");
        if (!takesUtf8 && !canBeSaid(transaction.reversePath())) {
            return NO_UTF8;
        }
        return takesUtf8 && takes8Bit ? null : unsupported(content, takesUtf8, takes8Bit);
    }

    private boolean keepsRequireTls() {
        return switch (safety) {
            case NONE -> false;
            case PROVED -> extensions.offers("REQUIRETLS");
            case HERE -> true;
        };
    }

    private static @Nullable Reply unsupported(
            Content content, boolean takesUtf8, boolean takes8Bit) {
        EightBit found = EightBit.in(content, takes8Bit);
        if (found == EightBit.HEADER && !takesUtf8) {
            return NO_UTF8;
        }
        return found == EightBit.NONE || takes8Bit ? null : NO_8BIT;
    }

    /** Why the host can't take the message for this recipient. */
    @Nullable Reply unsupported(Mailbox recipient) {
        return sendsUtf8() || canBeSaid(recipient) ? null : NO_UTF8;
    }

    /** A report is not lost for want of it (RFC 8689 section 5). */
    private boolean needsRequireTls() {
        return transaction.options().requireTls()
                && !transaction.reversePath().equals(ReversePath.NULL);
    }

    /** True when MAIL carries REQUIRETLS. */
    boolean sendsRequireTls() {
        return transaction.options().requireTls()
                && keepsRequireTls()
                && extensions.offers("REQUIRETLS");
    }

    /** The RET parameter with its space; empty for none. FULL would tell too much of the mail. */
    String ret() {
        Ret ret = transaction.options().ret();
        boolean isCut = ret == Ret.FULL && transaction.options().requireTls();
        return ret == Ret.UNSPECIFIED ? "" : " RET=" + (isCut ? Ret.HDRS : ret).name();
    }

    /** True when MAIL carries SMTPUTF8. */
    boolean sendsUtf8() {
        return utf8Wanted && extensions.offers("SMTPUTF8");
    }

    /** The BODY parameter with its space; empty for none. */
    String body() {
        return switch (transaction.options().body()) {
            case SEVEN_BIT -> "";
            case EIGHT_BIT_MIME -> extensions.offers("8BITMIME") ? " BODY=8BITMIME" : "";
            case BINARY_MIME -> " BODY=BINARYMIME";
        };
    }

    /** The address as this host can read it: without SMTPUTF8, the domain in A-labels. */
    String said(ReversePath path) {
        if (path instanceof Mailbox mailbox && !sendsUtf8() && mailbox.needsSmtpUtf8()) {
            return new Mailbox(mailbox.localPart(), Idna.toAscii(mailbox.domain())).address();
        }
        return path.address();
    }

    /**
     * True when ORCPT can go along: raw UTF-8 needs SMTPUTF8 (RFC 6533 section 3), and an alias'
     * name may be too long in xtext (RFC 3461 section 4.2).
     */
    boolean canSay(Recipient recipient) {
        String original = recipient.originalRecipient();
        return original.length() <= ProtocolLimits.ORIGINAL_RECIPIENT_OCTETS_MAX
                && (sendsUtf8() || isAscii(original));
    }

    private boolean takesBinary() {
        return extensions.offers("BINARYMIME") && extensions.chunking();
    }

    private static boolean addressesNeedUtf8(Transaction transaction) {
        if (transaction.reversePath() instanceof Mailbox from && from.needsSmtpUtf8()) {
            return true;
        }
        for (var recipient : transaction.recipients()) {
            if (recipient.mailbox().needsSmtpUtf8()) {
                return true;
            }
        }
        return false;
    }

    /** True when the address can be said in ASCII: a domain has its A-labels, a local part none. */
    private static boolean canBeSaid(ReversePath path) {
        if (!(path instanceof Mailbox mailbox) || !mailbox.needsSmtpUtf8()) {
            return true;
        }
        if (!isAscii(mailbox.localPart())) {
            return false;
        }
        try {
            return !Idna.toAscii(mailbox.domain()).isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return false;
            }
        }
        return true;
    }

    /** Who may listen to a conversation. */
    enum Safety {
        /** Nobody knows. */
        NONE,
        /** It is over TLS, and the host has proved its name. */
        PROVED,
        /** Nobody: it does not leave the machine. */
        HERE
    }

    /** Where a content has octets beyond ASCII first. */
    enum EightBit {
        NONE,
        HEADER,
        BODY;

        /** Looks through the content; with {@code headerOnly}, no further than its header. */
        static EightBit in(Content content, boolean headerOnly) {
            var block = new byte[(int) Math.min(BLOCK_OCTETS, Math.max(content.octets(), 1))];
            boolean header = true;
            int lineEnds = 0;
            long position = 0;
            while (position < content.octets()) {
                int count = content.read(position, block, 0, block.length);
                for (int i = 0; i < count; i++) {
                    if (block[i] < 0) {
                        return header ? HEADER : BODY;
                    }
                    if (header) {
                        lineEnds = after(block[i], lineEnds);
                        header = lineEnds < 2;
                    }
                }
                if (count < 0 || (headerOnly && !header)) {
                    return NONE;
                }
                position += count;
            }
            return NONE;
        }

        /** Line ends in a row; two of them end the header. */
        private static int after(byte octet, int lineEnds) {
            if (octet == '\n') {
                return lineEnds + 1;
            }
            return octet == '\r' ? lineEnds : 0;
        }
    }
}
