package org.posthouse.core;

/**
 * Domains of addresses (RFC 5321 section 4.1.2 and 4.1.3, RFC 6531 section 3.3): a name of labels,
 * or an address literal in brackets. Stricter than the grammar in two points: a last label that is
 * a number is no name (it would read as an IPv4 address somewhere), and a general address literal
 * holds no angle brackets. Wider in one: labels may have underscores, as names in DNS may (RFC 2181
 * section 11), and mail comes from such hosts and for them.
 */
final class DomainSyntax {
    private static final String IPV6_TAG = "ipv6:";

    private DomainSyntax() {}

    static boolean isValid(String domain) {
        if (domain.isEmpty() || Octets.length(domain) > ProtocolLimits.DOMAIN_OCTETS_MAX) {
            return false;
        }
        return domain.charAt(0) == '[' ? isLiteral(domain) : isName(domain);
    }

    private static boolean isName(String name) {
        int start = 0;
        while (true) {
            int dot = name.indexOf('.', start);
            int end = dot < 0 ? name.length() : dot;
            if (!isLabel(name, start, end)) {
                return false;
            }
            if (dot < 0) {
                return !isNumber(name, start);
            }
            start = dot + 1;
        }
    }

    private static boolean isLabel(String name, int from, int to) {
        boolean ascii = true;
        int codePoints = 0;
        for (int at = from; at < to; codePoints++) {
            int c = name.codePointAt(at);
            boolean edge = at == from || at + 1 == to;
            if (c > 127 ? !isLabelCodePoint(c) : !isLabelOctet(c, edge)) {
                return false;
            }
            ascii &= c <= 127;
            at += Character.charCount(c);
        }
        int longest =
                ascii
                        ? ProtocolLimits.LABEL_OCTETS_MAX
                        : ProtocolLimits.UNICODE_LABEL_CODE_POINTS_MAX;
        return codePoints > 0 && codePoints <= longest;
    }

    private static boolean isLabelOctet(int c, boolean edge) {
        return Octets.isLetterOrDigit(c) || c == '_' || (c == '-' && !edge);
    }

    /** Letters, digits, marks, and the joiners and dots that RFC 5892 allows in context. */
    private static boolean isLabelCodePoint(int c) {
        return switch (Character.getType(c)) {
            case Character.LOWERCASE_LETTER,
                    Character.UPPERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK ->
                    true;
            default -> c == 0xb7 || c == 0x375 || c == 0x5f3 || c == 0x5f4 || c == 0x30fb;
        };
    }

    private static boolean isNumber(String name, int from) {
        int length = name.length() - from;
        boolean hexadecimal = length >= 2 && name.regionMatches(true, from, "0x", 0, 2);
        for (int i = hexadecimal ? from + 2 : from; i < name.length(); i++) {
            char c = name.charAt(i);
            if (hexadecimal ? Octets.hexDigit(c) < 0 : !Octets.isDigit(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLiteral(String domain) {
        int end = domain.length() - 1;
        if (end < 2 || domain.charAt(end) != ']') {
            return false;
        }
        String inside = domain.substring(1, end);
        if (Octets.lowerAscii(inside).startsWith(IPV6_TAG)) {
            return IpSyntax.v6(inside.substring(IPV6_TAG.length())).isPresent();
        }
        int colon = inside.indexOf(':');
        return colon < 0 ? IpSyntax.v4(inside).isPresent() : isGeneral(inside, colon);
    }

    private static boolean isGeneral(String inside, int colon) {
        if (colon == 0 || colon == inside.length() - 1 || inside.charAt(colon - 1) == '-') {
            return false;
        }
        for (int i = 0; i < inside.length(); i++) {
            char c = inside.charAt(i);
            boolean tag = Octets.isLetterOrDigit(c) || c == '-';
            boolean content = c > 32 && c < 127 && "[\\]<>".indexOf(c) < 0;
            if (i < colon ? !tag : i > colon && !content) {
                return false;
            }
        }
        return true;
    }
}
