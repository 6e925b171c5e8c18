package org.posthouse.core;

import java.text.Normalizer;
import java.util.Locale;

/**
 * Domain names in A-labels, as IDNA2008 registries and all current mail systems have them (RFC
 * 5891, with the mapping of UTS 46, not transitional): lower case, NFC, Punycode (RFC 3492). The
 * JDK's {@link java.net.IDN} does IDNA2003, by which {@code straße.example} would be another
 * domain.
 *
 * @since 0.1
 */
public final class Idna {
    private static final int LABEL_MAX = 63;
    private static final int NAME_MAX = 253;
    private static final String PREFIX = "xn--";

    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int FIRST_BIAS = 72;
    private static final int FIRST_CODE_POINT = 128;

    private Idna() {}

    /**
     * The name in ASCII, in lower case.
     *
     * @param domain with U-labels, A-labels or both
     * @throws IllegalArgumentException when it is no domain name
     */
    public static String toAscii(String domain) {
        var name = new StringBuilder();
        String mapped = isAscii(domain) ? domain : mapped(domain);
        for (String label : mapped.toLowerCase(Locale.ROOT).split("\\.", -1)) {
            if (!name.isEmpty()) {
                name.append('.');
            }
            String ascii = isAscii(label) ? label : PREFIX + punycode(label);
            if (ascii.isEmpty() || ascii.length() > LABEL_MAX) {
                throw new IllegalArgumentException("not a domain name: " + domain);
            }
            name.append(ascii);
        }
        if (name.length() > NAME_MAX) {
            throw new IllegalArgumentException("too long for a domain name: " + domain);
        }
        return name.toString();
    }

    /**
     * The one spelling of a domain or an address literal, whatever its owner or a client write: as
     * {@link #toAscii}. What is no domain name is in lower case and otherwise as it is.
     */
    public static String spelled(String domain) {
        String lower = Octets.lowerAscii(domain);
        if (isAscii(lower)) {
            return lower;
        }
        try {
            return toAscii(lower);
        } catch (IllegalArgumentException e) {
            return lower;
        }
    }

    /** Full stops of other scripts, wide letters and compositions are one thing each. */
    private static String mapped(String domain) {
        String stops = domain.replace('\u3002', '.').replace('\uff0e', '.').replace('\uff61', '.');
        String lower = Normalizer.normalize(stops, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        String text = Normalizer.normalize(lower, Normalizer.Form.NFC);
        if (!text.codePoints().allMatch(Idna::isOfNames)) {
            throw new IllegalArgumentException("not a domain name: " + domain);
        }
        return text;
    }

    /** Letters, marks, digits and joiners, also those that are younger than this JDK. */
    private static boolean isOfNames(int c) {
        if (c < FIRST_CODE_POINT) {
            return Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.';
        }
        boolean isJoiner = c == 0x200c || c == 0x200d;
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            case Character.FORMAT -> isJoiner;
            default -> true;
        };
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < FIRST_CODE_POINT);
    }

    /** RFC 3492 section 6.3. */
    private static String punycode(String label) {
        int[] points = label.codePoints().toArray();
        var out = new StringBuilder();
        for (int point : points) {
            if (point < FIRST_CODE_POINT) {
                out.append((char) point);
            }
        }
        int basic = out.length();
        if (basic > 0) {
            out.append('-');
        }
        int handled = basic;
        int next = FIRST_CODE_POINT;
        int bias = FIRST_BIAS;
        long delta = 0;
        while (handled < points.length) {
            int least = leastFrom(points, next);
            delta += (long) (least - next) * (handled + 1);
            next = least;
            for (int point : points) {
                if (point < next) {
                    delta++;
                } else if (point == next) {
                    appendNumber(out, delta, bias);
                    bias = adapted(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }
            delta++;
            next++;
        }
        return out.toString();
    }

    private static int leastFrom(int[] points, int from) {
        int least = Integer.MAX_VALUE;
        for (int point : points) {
            if (point >= from && point < least) {
                least = point;
            }
        }
        return least;
    }

    private static void appendNumber(StringBuilder out, long number, int bias) {
        long left = number;
        for (int k = BASE; ; k += BASE) {
            int t = Math.clamp(k - bias, T_MIN, T_MAX);
            if (left < t) {
                out.append(digit((int) left));
                return;
            }
            out.append(digit((int) (t + (left - t) % (BASE - t))));
            left = (left - t) / (BASE - t);
        }
    }

    private static char digit(int value) {
        return (char) (value < 26 ? 'a' + value : '0' + value - 26);
    }

    private static int adapted(long delta, int points, boolean first) {
        long rest = first ? delta / DAMP : delta / 2;
        rest += rest / points;
        int k = 0;
        while (rest > (BASE - T_MIN) * T_MAX / 2) {
            rest /= BASE - T_MIN;
            k += BASE;
        }
        return (int) (k + (BASE - T_MIN + 1) * rest / (rest + SKEW));
    }
}
