package org.posthouse.relay;

import org.posthouse.core.BodyType;
import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;
import org.posthouse.core.Diagnosis;
import org.posthouse.core.MailDate;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Ret;
import org.posthouse.core.Xtext;
import org.posthouse.platform.Entropy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;

/**
 * Writes delivery status notifications (RFC 3464, in the multipart/report of RFC 6522): a part for
 * people, a part for programs, and what came of the message. Non-ASCII addresses are told as RFC
 * 6533 has it.
 */
final class DsnComposer {
    private static final int BOUNDARY_OCTETS = 12;
    private static final int FOLD_AT = 76;
    private static final int DIAGNOSTIC_CHARS_MAX = 1000;

    private final String hostname;
    private final Entropy entropy;

    DsnComposer(String hostname, Entropy entropy) {
        this.hostname = hostname;
        this.entropy = entropy;
    }

    /**
     * Writes a report.
     *
     * @param to the reverse-path of the message it is about
     * @return the parameters of MAIL that the report goes with
     */
    MailOptions write(Report report, Mailbox to, Content original, ContentSink sink) {
        boolean full =
                report.action() == Report.Action.FAILED
                        && report.about().envelope().options().ret() == Ret.FULL;
        var returned = new ReturnedContent(original, full);
        boolean utf8 = needsUtf8(report, to);
        boolean eightBit = utf8 || returned.isEightBit();
        String boundary = random();
        var text = new StringBuilder(2048);
        header(text, report, to, boundary, eightBit);
        human(text.append("--").append(boundary).append("\r\n"), report, utf8);
        machine(text.append("--").append(boundary).append("\r\n"), report, utf8);
        text.append("--").append(boundary).append("\r\n");
        returnedHeader(text, report, returned, eightBit);
        write(text, sink);
        returned.writeTo(sink);
        write(new StringBuilder("\r\n--").append(boundary).append("--\r\n"), sink);
        BodyType body = eightBit ? BodyType.EIGHT_BIT_MIME : BodyType.SEVEN_BIT;
        return new MailOptions(0, body, utf8, Ret.UNSPECIFIED, "", "", false);
    }

    private void header(
            StringBuilder text, Report report, Mailbox to, String boundary, boolean eightBit) {
        text.append("Date: ").append(MailDate.format(report.at())).append("\r\n");
        text.append("From: Mail Delivery System <MAILER-DAEMON@").append(hostname).append(">\r\n");
        text.append("To: <").append(to.address()).append(">\r\n");
        text.append("Subject: ").append(subject(report.action())).append("\r\n");
        text.append("Message-ID: <").append(report.about().id()).append('.').append(random());
        text.append('@').append(hostname).append(">\r\n");
        text.append("Auto-Submitted: auto-replied\r\n");
        text.append("MIME-Version: 1.0\r\n");
        text.append("Content-Type: multipart/report; report-type=delivery-status;\r\n");
        text.append(" boundary=\"").append(boundary).append("\"\r\n");
        if (eightBit) {
            text.append("Content-Transfer-Encoding: 8bit\r\n");
        }
        text.append("\r\n");
    }

    private static String subject(Report.Action action) {
        return switch (action) {
            case FAILED -> "Undelivered mail returned to sender";
            case DELAYED -> "Delayed mail (still being retried)";
            case DELIVERED, RELAYED -> "Successful mail delivery report";
        };
    }

    private void human(StringBuilder text, Report report, boolean utf8) {
        text.append("Content-Type: text/plain; charset=").append(utf8 ? "utf-8" : "us-ascii");
        text.append(utf8 ? "\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" : "\r\n\r\n");
        text.append("This is the mail system at host ").append(hostname).append(".\r\n\r\n");
        text.append(opening(report.action())).append("\r\n").append(rest(report.action()));
        text.append("\r\n");
        for (Report.Entry entry : report.entries()) {
            text.append("\r\n<").append(entry.recipient().mailbox().address()).append(">:\r\n");
            String host = host(entry.nexthop());
            if (!host.isEmpty()) {
                text.append("    host ").append(host).append(" said:\r\n");
            }
            folded(text, "    ", entry.diagnostic(), utf8);
            Diagnosis diagnosis = Diagnosis.ofText(entry.diagnostic());
            if (diagnosis.isKnown()) {
                text.append("    which probably means: ").append(diagnosis.cause()).append("\r\n");
            }
            if (report.action() == Report.Action.DELAYED) {
                text.append("    tried until ").append(MailDate.format(entry.retriedUntil()));
                text.append("\r\n");
            }
        }
        text.append("\r\n");
    }

    private static String opening(Report.Action action) {
        return switch (action) {
            case FAILED -> "Your message could not be delivered to the following recipients.";
            case DELAYED -> "Your message has not been delivered yet to these recipients.";
            case DELIVERED -> "Your message was delivered to the following recipients.";
            case RELAYED -> "Your message was passed on for the following recipients.";
        };
    }

    private static String rest(Report.Action action) {
        return switch (action) {
            case FAILED -> "It will not be tried again.";
            case DELAYED -> "It is still being tried: there is nothing that you have to do.";
            case DELIVERED -> "This is the report that you asked for.";
            case RELAYED -> "The host that took it makes no further reports.";
        };
    }

    private void machine(StringBuilder text, Report report, boolean utf8) {
        text.append("Content-Type: message/")
                .append(utf8 ? "global-delivery-status\r\n" : "delivery-status\r\n");
        text.append(utf8 ? "Content-Transfer-Encoding: 8bit\r\n\r\n" : "\r\n");
        text.append("Reporting-MTA: dns; ").append(hostname).append("\r\n");
        String id = report.about().envelope().options().envelopeId();
        if (!id.isEmpty()) {
            text.append("Original-Envelope-Id: ").append(decoded(id, utf8)).append("\r\n");
        }
        date(text, "Arrival-Date", report.about().acceptedAt());
        for (Report.Entry entry : report.entries()) {
            entry(text.append("\r\n"), report, entry, utf8);
        }
        text.append("\r\n");
    }

    private static void entry(StringBuilder text, Report report, Report.Entry entry, boolean utf8) {
        String original = entry.recipient().originalRecipient();
        int semicolon = original.indexOf(';');
        if (semicolon > 0) {
            text.append("Original-Recipient: ").append(original, 0, semicolon).append("; ");
            text.append(decoded(original.substring(semicolon + 1), utf8)).append("\r\n");
        }
        Mailbox mailbox = entry.recipient().mailbox();
        text.append("Final-Recipient: ").append(mailbox.needsSmtpUtf8() ? "utf-8; " : "rfc822; ");
        text.append(mailbox.address()).append("\r\n");
        text.append("Action: ").append(report.action().word()).append("\r\n");
        text.append("Status: ").append(entry.status()).append("\r\n");
        String host = host(entry.nexthop());
        if (!host.isEmpty()) {
            text.append("Remote-MTA: dns; ").append(host).append("\r\n");
        }
        if (!entry.diagnostic().isEmpty()) {
            text.append("Diagnostic-Code: ").append(host.isEmpty() ? "X-Posthouse;" : "smtp;");
            text.append("\r\n");
            folded(text, " ", entry.diagnostic(), utf8);
        }
        if (report.action() != Report.Action.DELAYED || !entry.nexthop().isEmpty()) {
            date(text, "Last-Attempt-Date", report.at());
        }
        if (report.action() == Report.Action.DELAYED) {
            date(text, "Will-Retry-Until", entry.retriedUntil());
        }
    }

    private static void returnedHeader(
            StringBuilder text, Report report, ReturnedContent returned, boolean eightBit) {
        boolean global = eightBit && report.about().envelope().options().smtpUtf8();
        String type;
        if (returned.isFull()) {
            type = global ? "message/global" : "message/rfc822";
        } else {
            type = global ? "message/global-headers" : "text/rfc822-headers";
        }
        text.append("Content-Type: ").append(type).append("\r\n");
        if (eightBit) {
            text.append("Content-Transfer-Encoding: 8bit\r\n");
        }
        text.append("\r\n");
    }

    private static boolean needsUtf8(Report report, Mailbox to) {
        if (to.needsSmtpUtf8()) {
            return true;
        }
        for (Report.Entry entry : report.entries()) {
            if (entry.recipient().mailbox().needsSmtpUtf8()) {
                return true;
            }
        }
        return false;
    }

    /** The host's name of {@code mx1.example.net[192.0.2.1]:25}; its address where it has none. */
    private static String host(String nexthop) {
        int bracket = nexthop.indexOf('[');
        if (bracket < 0) {
            return "";
        }
        int end = nexthop.indexOf(']');
        return bracket > 0 ? nexthop.substring(0, bracket) : nexthop.substring(0, end + 1);
    }

    private static void date(StringBuilder text, String name, Instant at) {
        text.append(name).append(": ").append(MailDate.format(at)).append("\r\n");
    }

    private static String decoded(String xtext, boolean utf8) {
        return shown(Xtext.decode(xtext).orElse(xtext), utf8);
    }

    /** Text in lines of a fair length, each with the indent in front. */
    private static void folded(StringBuilder text, String indent, String words, boolean utf8) {
        String rest = shown(words, utf8);
        if (rest.length() > DIAGNOSTIC_CHARS_MAX) {
            rest = rest.substring(0, DIAGNOSTIC_CHARS_MAX) + "...";
        }
        while (rest.length() > FOLD_AT) {
            int space = rest.lastIndexOf(' ', FOLD_AT);
            int end = space > 0 ? space : FOLD_AT;
            text.append(indent).append(rest, 0, end).append("\r\n");
            rest = rest.substring(end).stripLeading();
        }
        if (!rest.isEmpty()) {
            text.append(indent).append(rest).append("\r\n");
        }
    }

    /** Without controls, and without what is not ASCII unless that is fit here. */
    private static String shown(String text, boolean utf8) {
        var shown = new StringBuilder(text);
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            if (c < 32 || c == 127 || (c > 127 && (!utf8 || c < 160))) {
                shown.setCharAt(i, '?');
            }
        }
        return shown.toString();
    }

    private String random() {
        var octets = new byte[BOUNDARY_OCTETS];
        entropy.fill(octets);
        return HexFormat.of().formatHex(octets);
    }

    private static void write(StringBuilder text, ContentSink sink) {
        byte[] octets = text.toString().getBytes(StandardCharsets.UTF_8);
        sink.write(octets, 0, octets.length);
    }
}
