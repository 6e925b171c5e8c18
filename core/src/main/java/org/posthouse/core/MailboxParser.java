package org.posthouse.core;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The one strict parser of addresses (RFC 5321 section 4.1.2, RFC 6531 section 3.3), on octets. It
 * reads from a position on, and stands behind what it read.
 *
 * <p>Local parts lose quotes and escapes; source routes are checked and dropped (RFC 5321 appendix
 * C). Non-ASCII octets must be UTF-8; whether they may be there at all is the caller's question,
 * see {@link Mailbox#needsSmtpUtf8()}.
 */
final class MailboxParser {
    /** What stood at the position. */
    enum Found {
        /** No path, or no address. */
        NOTHING,
        /** {@code <>}. */
        NULL_PATH,
        /** A local part without a domain, such as {@code <postmaster>}. */
        LOCAL_PART,
        /** An address. */
        MAILBOX
    }

    private static final char REPLACEMENT = '\uFFFD';

    private final byte[] octets;
    private final int end;
    private int at;
    private String localPart = "";
    private String domain = "";

    MailboxParser(byte[] octets, int from, int to) {
        this.octets = octets;
        this.at = from;
        this.end = to;
    }

    static Mailbox parse(String text) {
        return tryParse(text)
                .orElseThrow(() -> new IllegalArgumentException("not an address: " + text));
    }

    static Optional<Mailbox> tryParse(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        var parser = new MailboxParser(octets, 0, octets.length);
        boolean whole =
                octets.length <= ProtocolLimits.PATH_OCTETS_MAX - 2
                        && parser.address() == Found.MAILBOX
                        && parser.at == parser.end;
        return whole ? Optional.of(parser.mailbox()) : Optional.empty();
    }

    /** The local part as it stands in an address: quoted unless it is a dot-string. */
    static String quoteIfNeeded(String localPart) {
        if (isDotString(localPart)) {
            return localPart;
        }
        var quoted = new StringBuilder(localPart.length() + 8).append('"');
        for (int i = 0; i < localPart.length(); i++) {
            char c = localPart.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c);
        }
        return quoted.append('"').toString();
    }

    /** True when an address may be made of these parts. */
    static boolean isValid(String localPart, String domain) {
        int local = Octets.length(localPart);
        if (local == 0
                || local > ProtocolLimits.PATH_OCTETS_MAX
                || !isText(localPart)
                || !DomainSyntax.isValid(domain)) {
            return false;
        }
        // Quoting may double a local part and adds two quotes; short addresses need no exact count.
        int rest = Octets.length(domain) + "<@>".length();
        return 2 * local + 2 + rest <= ProtocolLimits.PATH_OCTETS_MAX
                || Octets.length(quoteIfNeeded(localPart)) + rest <= ProtocolLimits.PATH_OCTETS_MAX;
    }

    /** Where the parser stands: behind the path when one was found. */
    int position() {
        return at;
    }

    /** The address; valid after {@link Found#MAILBOX}. */
    Mailbox mailbox() {
        return new Mailbox(localPart, domain);
    }

    /** The local part; valid after {@link Found#MAILBOX} and {@link Found#LOCAL_PART}. */
    String localPart() {
        return localPart;
    }

    /** Reads a path in angle brackets. */
    Found path() {
        int start = at;
        if (!take('<')) {
            return Found.NOTHING;
        }
        if (take('>')) {
            return Found.NULL_PATH;
        }
        if (at < end && octets[at] == '@' && !sourceRoute()) {
            return Found.NOTHING;
        }
        Found found = address();
        boolean closed = found != Found.NOTHING && take('>');
        return closed && at - start <= ProtocolLimits.PATH_OCTETS_MAX ? found : Found.NOTHING;
    }

    /** Reads {@code local-part[@domain]}. */
    private Found address() {
        boolean valid = (at < end && octets[at] == '"') ? quotedString() : dotString();
        if (!valid) {
            return Found.NOTHING;
        }
        if (!take('@')) {
            return Found.LOCAL_PART;
        }
        return domain() && isMailbox() ? Found.MAILBOX : Found.NOTHING;
    }

    /** A domain beyond ASCII may become too long, or a number, as it is spelled in a mailbox. */
    private boolean isMailbox() {
        String spelled = Idna.spelled(domain);
        return spelled.equals(domain) || isValid(localPart, spelled);
    }

    private boolean dotString() {
        int start = at;
        while (at < end && (octets[at] == '.' || Octets.isAtext(octets[at]))) {
            at++;
        }
        localPart = Octets.text(octets, start, at);
        return isDotString(localPart) && isText(localPart);
    }

    private boolean quotedString() {
        var content = new byte[end - at];
        int count = 0;
        at++;
        while (at < end && octets[at] != '"') {
            if (octets[at] == '\\' && (++at == end || octets[at] < 0)) {
                return false;
            }
            content[count++] = octets[at++];
        }
        localPart = Octets.text(content, 0, count);
        return take('"') && count > 0 && isText(localPart);
    }

    private boolean sourceRoute() {
        do {
            if (!take('@') || !domain()) {
                return false;
            }
        } while (take(','));
        return take(':');
    }

    private boolean domain() {
        int start = at;
        if (at < end && octets[at] == '[') {
            at = Math.min(end, Octets.indexOf(octets, at, end, ']') + 1);
        } else {
            while (at < end && isDomainOctet(octets[at])) {
                at++;
            }
        }
        domain = Octets.text(octets, start, at);
        return DomainSyntax.isValid(domain);
    }

    private boolean take(char wanted) {
        if (at == end || octets[at] != wanted) {
            return false;
        }
        at++;
        return true;
    }

    private static boolean isDomainOctet(byte octet) {
        boolean inner = octet == '-' || octet == '_' || octet == '.';
        return octet < 0 || inner || Octets.isLetterOrDigit(octet);
    }

    private static boolean isDotString(String text) {
        boolean dot = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' ? dot : !Octets.isAtext(c)) {
                return false;
            }
            dot = c == '.';
        }
        return !dot;
    }

    /** True without controls, and without what is not UTF-8 or cannot become it. */
    private static boolean isText(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 127 ? c < 32 : isBeyondText(text.codePointAt(i))) {
                return false;
            }
            i += Character.isHighSurrogate(c) ? 1 : 0;
        }
        return true;
    }

    private static boolean isBeyondText(int codePoint) {
        boolean surrogate =
                codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        return surrogate || codePoint == REPLACEMENT || Octets.isControl(codePoint);
    }
}
