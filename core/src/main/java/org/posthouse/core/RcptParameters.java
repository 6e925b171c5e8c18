package org.posthouse.core;

import java.util.Optional;

/** The parameters of one RCPT command: NOTIFY, ORCPT (RFC 3461, RFC 6533). */
final class RcptParameters {
    private static final int NOTIFY = 1;
    private static final int ORCPT = 2;

    private final byte[] octets;
    private final ParameterReader reader;
    private final boolean smtpUtf8;
    private int seen;
    private Notify notifyOn = Notify.UNSPECIFIED;
    private String originalRecipient = "";

    RcptParameters(byte[] octets, int from, int to, boolean smtpUtf8) {
        this.octets = octets;
        this.reader = new ParameterReader(octets, from, to);
        this.smtpUtf8 = smtpUtf8;
    }

    /** Reads them all; the reply says what is wrong. */
    Optional<Reply> read() {
        while (reader.next()) {
            int parameter = reader.is("NOTIFY") ? NOTIFY : reader.is("ORCPT") ? ORCPT : 0;
            if (parameter == 0 || (seen & parameter) != 0) {
                return Optional.of(SyntaxReplies.PARAMETER_UNKNOWN);
            }
            seen |= parameter;
            boolean valid =
                    reader.hasValue()
                            && (parameter == NOTIFY ? notifyValue() : originalRecipient());
            if (!valid) {
                return Optional.of(SyntaxReplies.PARAMETER_MALFORMED);
            }
        }
        return reader.malformed()
                ? Optional.of(SyntaxReplies.PARAMETER_MALFORMED)
                : Optional.empty();
    }

    Recipient recipient(Mailbox mailbox) {
        return new Recipient(mailbox, notifyOn, originalRecipient);
    }

    private boolean notifyValue() {
        if (reader.valueIs("NEVER")) {
            notifyOn = Notify.NEVER;
            return true;
        }
        boolean success = false;
        boolean failure = false;
        boolean delay = false;
        int from = reader.valueFrom();
        while (from <= reader.valueTo()) {
            int to = Octets.indexOf(octets, from, reader.valueTo(), ',');
            if (Octets.isWord(octets, from, to, "SUCCESS")) {
                success = true;
            } else if (Octets.isWord(octets, from, to, "FAILURE")) {
                failure = true;
            } else if (Octets.isWord(octets, from, to, "DELAY")) {
                delay = true;
            } else {
                return false;
            }
            from = to + 1;
        }
        notifyOn = new Notify(true, success, failure, delay);
        return true;
    }

    /** {@code addr-type ";" xtext}, or with the type utf-8 the encodings of RFC 6533. */
    private boolean originalRecipient() {
        int from = reader.valueFrom();
        int to = reader.valueTo();
        int semicolon = Octets.indexOf(octets, from, to, ';');
        boolean form =
                to - from <= ProtocolLimits.ORIGINAL_RECIPIENT_OCTETS_MAX
                        && semicolon > from
                        && semicolon + 1 < to
                        && isAtom(from, semicolon);
        if (!form) {
            return false;
        }
        originalRecipient = reader.value();
        return Octets.isWord(octets, from, semicolon, "UTF-8")
                ? Xtext.isUtf8Address(octets, semicolon + 1, to, smtpUtf8)
                : Xtext.isXtext(octets, semicolon + 1, to);
    }

    private boolean isAtom(int from, int to) {
        for (int i = from; i < to; i++) {
            if (octets[i] < 0 || !Octets.isAtext(octets[i])) {
                return false;
            }
        }
        return true;
    }
}
