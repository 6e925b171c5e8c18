package org.posthouse.daemon;

import org.posthouse.Message;
import org.posthouse.Posthouse;
import org.posthouse.PosthouseException;
import org.posthouse.SendReceipt;
import org.posthouse.core.MailDate;
import org.posthouse.core.Origin;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

/**
 * Queues mail of the daemon's own user: what {@code sendmail} hands over. Answers when it is on
 * disk. Addresses without a domain get that of this machine.
 */
final class Submission implements BiFunction<ControlRequest, InputStream, ControlAnswer> {
    /** Recipients of one message. */
    static final int RECIPIENTS_MAX = 10_000;

    /** Octets of one message. */
    static final long OCTETS_MAX = 100_000_000;

    static final String TOO_BIG = "PH-S063";

    private final Posthouse engine;
    private final AtomicLong submitted;

    Submission(Posthouse engine) {
        this.engine = engine;
        submitted = new AtomicLong(ProcessHandle.current().pid() << 32);
    }

    @Override
    public ControlAnswer apply(ControlRequest request, InputStream content) {
        List<String> to = request.texts("to");
        if (to.isEmpty() || to.size() > RECIPIENTS_MAX) {
            throw new IllegalArgumentException("1 to " + RECIPIENTS_MAX + " recipients");
        }
        String domain = engine.ownDomain();
        Message.Builder message = Message.builder().key(request.text("key"));
        String from = request.text("from");
        if (!from.isEmpty() && !from.equals("<>")) {
            message.from(qualified(from, domain));
        }
        for (String each : to) {
            message.to(qualified(each, domain));
        }
        InputStream whole = new SequenceInputStream(head(request, from, domain), content);
        var origin = new Origin("", "", request.text("user"), "", "local");
        try {
            SendReceipt receipt =
                    engine.submit(message.build(), origin, new Bounded(whole, OCTETS_MAX));
            return ControlAnswer.ok(
                    json ->
                            json.text("id", receipt.id().toString())
                                    .flag("repeated", receipt.repeated()));
        } catch (TooBig e) {
            return ControlAnswer.no(TOO_BIG, "a message has at most " + OCTETS_MAX + " octets");
        } catch (PosthouseException e) {
            return ControlAnswer.no(e.code(), String.valueOf(e.getMessage()));
        }
    }

    /** What goes before the content: a trace field, and the fields that it lacks. */
    private InputStream head(ControlRequest request, String from, String domain) {
        String date = MailDate.format(engine.now());
        String user = plain(request.text("user"));
        var head = new StringBuilder("Received: by ").append(domain).append(" (sendmail");
        head.append(user.isEmpty() ? "" : ", " + user).append(");\r\n\t").append(date);
        for (String name : request.texts("missing")) {
            String value =
                    switch (name) {
                        case "Date" -> date;
                        case "From" -> named(request.text("name"), from, domain);
                        case "Message-ID" -> "<" + messageId() + "@" + domain + ">";
                        default -> throw new IllegalArgumentException("no field " + name);
                    };
            head.append("\r\n").append(name).append(": ").append(value);
        }
        byte[] octets = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        return new ByteArrayInputStream(octets);
    }

    private String messageId() {
        long millis = engine.now().toEpochMilli();
        return Long.toHexString(millis) + "." + Long.toHexString(submitted.incrementAndGet());
    }

    private static String named(String name, String from, String domain) {
        boolean isNull = from.isEmpty() || from.equals("<>");
        String address = qualified(isNull ? "MAILER-DAEMON" : from, domain);
        return name.isEmpty() ? address : "\"" + plain(name) + "\" <" + address + ">";
    }

    /** Nothing that could end a quoted string, a comment or a line. */
    private static String plain(String text) {
        return text.replaceAll("[\\p{Cntrl}\"\\\\()<>]", " ").strip();
    }

    private static String qualified(String address, String domain) {
        return address.indexOf('@') < 0 ? address + "@" + domain : address;
    }

    /** It has more than may be. */
    private static final class TooBig extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** Breaks off what is too long. */
    private static final class Bounded extends FilterInputStream {
        private long left;

        Bounded(InputStream behind, long octetsMax) {
            super(behind);
            left = octetsMax;
        }

        @Override
        public int read() throws IOException {
            int octet = super.read();
            count(octet < 0 ? 0 : 1);
            return octet;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = super.read(into, offset, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int octets) {
            left -= octets;
            if (left < 0) {
                throw new TooBig();
            }
        }
    }
}
