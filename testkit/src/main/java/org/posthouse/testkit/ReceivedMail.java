package org.posthouse.testkit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mail that a sandbox received, as a test asks about it. Text is decoded; {@link #raw} is as it
 * came.
 *
 * @since 0.1
 */
public final class ReceivedMail implements MailFacts {
    private static final Pattern LINK = Pattern.compile("https?://[^\\s\"'<>]+");
    private static final Pattern CODE = Pattern.compile("(?<![\\w-])\\d{4,8}(?![\\w-])");

    private final String from;
    private final List<String> to;
    private final String login;
    private final Instant at;
    private final byte[] raw;
    private final MimePart content;

    ReceivedMail(Attempt attempt, List<String> to, Instant at, byte[] raw) {
        this.from = attempt.from();
        this.login = attempt.login();
        this.to = List.copyOf(to);
        this.at = at;
        this.raw = raw;
        this.content = MimePart.parse(raw);
    }

    /**
     * A header field.
     *
     * @param value unfolded, encoded words decoded
     */
    public record Header(String name, String value) {}

    /**
     * An attachment.
     *
     * @param name its file name; empty for none
     * @param contentType such as {@code application/pdf}
     * @param octets its content, transfer encoding undone
     */
    public record Attachment(String name, String contentType, byte[] octets) {}

    /** The address of MAIL; empty for the null reverse-path. */
    @Override
    public String from() {
        return from;
    }

    /** The addresses of RCPT, in order: who gets it, Bcc included. */
    @Override
    public List<String> to() {
        return to;
    }

    /** The login of the client; empty for none. */
    @Override
    public String login() {
        return login;
    }

    /** When it was received. */
    public Instant receivedAt() {
        return at;
    }

    /** The subject, decoded; empty for none. */
    @Override
    public String subject() {
        return header("Subject").orElse("");
    }

    /** The first header field of a name in any case. */
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    /** The header fields of a name in any case. */
    @Override
    public List<String> headers(String name) {
        return content.values(name);
    }

    /** All header fields, in order. */
    public List<Header> headers() {
        return content.fields().stream()
                .map(field -> new Header(field.name(), field.value()))
                .toList();
    }

    /** The plain text; empty for none. Lines end in {@code \n}. */
    @Override
    public String text() {
        return body("text/plain");
    }

    /** The HTML; empty for none. */
    public String html() {
        return body("text/html");
    }

    /** The attachments, in order. */
    public List<Attachment> attachments() {
        return content.leaves().stream()
                .filter(MimePart::isAttachment)
                .map(part -> new Attachment(part.fileName(), part.type(), part.octets()))
                .toList();
    }

    /**
     * The first link, of text or else of HTML, that holds this.
     *
     * @throws AssertionError when there is none
     */
    public String firstLink(String part) {
        String all = text() + "\n" + html().replace("&amp;", "&");
        List<String> links = LINK.matcher(all).results().map(found -> found.group()).toList();
        return links.stream()
                .filter(link -> link.contains(part))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no link with " + part + " among " + links));
    }

    /**
     * The first number of 4 to 8 digits that stands alone in the text, or else the HTML.
     *
     * @throws AssertionError when there is none
     */
    public String firstCode() {
        Matcher code = CODE.matcher(text() + "\n" + html().replaceAll("<[^>]*>", " "));
        if (!code.find()) {
            throw new AssertionError("no code of 4 to 8 digits in: " + text());
        }
        return code.group();
    }

    /** The octets as the client sent them, dots undone. */
    public byte[] raw() {
        return raw.clone();
    }

    private String body(String type) {
        return content.leaves().stream()
                .filter(part -> part.type().equals(type) && !part.isAttachment())
                .findFirst()
                .map(MimePart::text)
                .orElse("");
    }

    @Override
    public String toString() {
        return from + " -> " + String.join(", ", to) + " \"" + subject() + "\"";
    }
}
