package org.posthouse.core;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;

/**
 * The trace field that each server adds on top (RFC 5321 section 4.4). Whatever the client called
 * itself, the field keeps its form: what could end a line, a comment or a clause becomes a question
 * mark.
 *
 * @param origin where the message came from; without a client's address there is no "from" clause
 * @param by our host name
 * @param id our name for the message or its transaction; empty: no "id" clause
 * @param tls protocol and cipher, for example {@code TLSv1.3 with cipher TLS_AES_128_GCM_SHA256};
 *     empty on clear text
 * @param client the client's certificate: its subject and fingerprint; empty when it showed none
 * @param envelope a single recipient is named, several never (RFC 5321 section 7.6)
 * @param at when it was received
 * @since 0.1
 */
public record ReceivedField(
        Origin origin,
        String by,
        String id,
        String tls,
        String client,
        Envelope envelope,
        Instant at) {
    private static final String IPV6_TAG = "IPv6:";

    /** Checks that nothing is missing. */
    public ReceivedField {
        Objects.requireNonNull(origin);
        Objects.requireNonNull(by);
        Objects.requireNonNull(id);
        Objects.requireNonNull(tls);
        Objects.requireNonNull(client);
        Objects.requireNonNull(envelope);
        Objects.requireNonNull(at);
    }

    /**
     * The word of the "with" clause (RFC 3848, RFC 6531 section 4.3) for LMTP.
     *
     * @param tls the session is secured
     * @param auth the client logged in
     * @param smtpUtf8 the transaction uses SMTPUTF8
     */
    public static String lmtpProtocol(boolean tls, boolean auth, boolean smtpUtf8) {
        return (smtpUtf8 ? "UTF8" : "") + "LMTP" + (tls ? "S" : "") + (auth ? "A" : "");
    }

    /**
     * The word of the "with" clause (RFC 3848, RFC 6531 section 4.3) for SMTP.
     *
     * @param esmtp the session began with EHLO
     * @param tls the session is secured
     * @param auth the client logged in
     * @param smtpUtf8 the transaction uses SMTPUTF8
     */
    public static String protocol(boolean esmtp, boolean tls, boolean auth, boolean smtpUtf8) {
        if (!esmtp) {
            return "SMTP";
        }
        int index = (smtpUtf8 ? 4 : 0) + (tls ? 2 : 0) + (auth ? 1 : 0);
        return switch (index) {
            case 0 -> "ESMTP";
            case 1 -> "ESMTPA";
            case 2 -> "ESMTPS";
            case 3 -> "ESMTPSA";
            case 4 -> "UTF8SMTP";
            case 5 -> "UTF8SMTPA";
            case 6 -> "UTF8SMTPS";
            default -> "UTF8SMTPSA";
        };
    }

    /** The whole field, folded, with its last CRLF. */
    public String text() {
        var field = new StringBuilder(240).append("Received: ");
        if (!origin.clientAddress().isEmpty()) {
            String name = origin.heloName().isEmpty() ? "unknown" : origin.heloName();
            word(field.append("from "), name, "[].:-_");
            boolean v6 = origin.clientAddress().indexOf(':') >= 0;
            word(field.append(" ([").append(v6 ? IPV6_TAG : ""), origin.clientAddress(), ".:");
            field.append("])\r\n\t");
        }
        word(field.append("by "), by, "[].:-_");
        if (!origin.protocol().isEmpty()) {
            word(field.append(" with "), origin.protocol(), "");
        }
        if (!id.isEmpty()) {
            word(field.append(" id "), id, ".-_");
        }
        if (!tls.isEmpty()) {
            word(field.append("\r\n\t(using "), tls, " .-_");
            if (!client.isEmpty()) {
                word(field.append(",\r\n\tclient certificate "), client, " =,.:@/*-_");
            }
            field.append(')');
        }
        if (envelope.recipients().size() == 1) {
            Mailbox mailbox = envelope.recipients().get(0).mailbox();
            field.append("\r\n\tfor <").append(mailbox.address()).append('>');
        }
        return field.append(";\r\n\t").append(MailDate.format(at)).append("\r\n").toString();
    }

    /** The octets of {@link #text()}. */
    public byte[] octets() {
        return text().getBytes(StandardCharsets.UTF_8);
    }

    private static void word(StringBuilder field, String text, String specials) {
        int length = Math.min(text.length(), ProtocolLimits.HELO_NAME_OCTETS_MAX);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean plain = Octets.isLetterOrDigit(c) || specials.indexOf(c) >= 0;
            field.append(plain ? c : '?');
        }
    }
}
