package org.posthouse.testkit;

import org.assertj.core.api.AbstractAssert;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Assertions about a mail.
 *
 * @since 0.1
 */
public final class ReceivedMailAssert extends AbstractAssert<ReceivedMailAssert, ReceivedMail> {
    private static final Pattern REMOTE =
            Pattern.compile(
                    "(?i)(?:src|background)\\s*=\\s*[\"']?(?:https?:)?//|url\\(\\s*[\"']?https?:");

    ReceivedMailAssert(ReceivedMail mail) {
        super(mail, ReceivedMailAssert.class);
    }

    /** The address of MAIL is this one. */
    public ReceivedMailAssert isFrom(String address) {
        return same("from", address, mail().from());
    }

    /** The addresses of RCPT are these, in this order. */
    public ReceivedMailAssert isTo(String... addresses) {
        return same("to", List.of(addresses), mail().to());
    }

    /** The subject is this one. */
    public ReceivedMailAssert hasSubject(String subject) {
        return same("subject", subject, mail().subject());
    }

    /** The plain text holds this. */
    public ReceivedMailAssert hasTextContaining(String part) {
        return holds("text", mail().text(), part);
    }

    /** The HTML holds this. */
    public ReceivedMailAssert hasHtmlContaining(String part) {
        return holds("HTML", mail().html(), part);
    }

    /** A header field of this name has this value. */
    public ReceivedMailAssert hasHeader(String name, String value) {
        List<String> values = mail().headers(name);
        if (!values.contains(value)) {
            failWithMessage("expected header %s: %s, but it has %s", name, value, values);
        }
        return this;
    }

    /** There is an attachment of this file name. */
    public ReceivedMailAssert hasAttachment(String name) {
        List<String> names =
                mail().attachments().stream().map(ReceivedMail.Attachment::name).toList();
        if (!names.contains(name)) {
            failWithMessage("expected attachment %s, but there are %s", name, names);
        }
        return this;
    }

    /** The HTML loads nothing from elsewhere: no image, no style. */
    public ReceivedMailAssert hasNoRemoteContent() {
        if (REMOTE.matcher(mail().html()).find()) {
            failWithMessage("expected no remote content, but the HTML is: %s", mail().html());
        }
        return this;
    }

    private ReceivedMail mail() {
        isNotNull();
        return Objects.requireNonNull(actual);
    }

    private ReceivedMailAssert same(String what, Object expected, Object found) {
        if (!expected.equals(found)) {
            failWithMessage("expected %s of the mail: %s, but it is: %s", what, expected, found);
        }
        return this;
    }

    private ReceivedMailAssert holds(String what, String found, String part) {
        if (!found.contains(part)) {
            failWithMessage("expected %s that contains: %s, but it is: %s", what, part, found);
        }
        return this;
    }
}
