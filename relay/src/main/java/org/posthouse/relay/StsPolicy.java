package org.posthouse.relay;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A domain's policy of MTA-STS (RFC 8461 section 3.2).
 *
 * @param mx patterns of host names in lower case: a name, or {@code *.} and what stands behind any
 *     one label
 * @param maxAgeSeconds how long it holds
 */
record StsPolicy(Mode mode, List<String> mx, long maxAgeSeconds) {
    /** A longer document is not one (RFC 8461 section 3.3). */
    static final int OCTETS_MAX = 64 * 1024;

    /** About a year (RFC 8461 section 3.2). */
    static final long MAX_AGE_SECONDS_MAX = 31_557_600;

    private static final int PATTERNS_MAX = 200;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");
    private static final Pattern NAME =
            Pattern.compile(
                    "(?:\\*\\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\\.)*"
                            + "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
    private static final int NAME_OCTETS_MAX = 255;

    StsPolicy {
        mx = List.copyOf(mx);
    }

    /** What the domain wants. */
    enum Mode {
        /** Nothing is sent to hosts that do not fit. */
        ENFORCE,
        /** What does not fit is told. */
        TESTING,
        /** Nothing: there is no policy any more. */
        NONE
    }

    /** What a document is: a policy, or why it is none. */
    sealed interface Parsed {
        record Valid(StsPolicy policy) implements Parsed {}

        record Invalid(String why) implements Parsed {}
    }

    /**
     * Reads a document: lines {@code key: value}, ended by LF or CRLF. Of a key that stands there
     * again the first counts, but for {@code mx}; unknown keys are passed over.
     */
    static Parsed parse(String text) {
        if (text.length() > OCTETS_MAX) {
            return new Parsed.Invalid("the policy has more than " + OCTETS_MAX + " octets");
        }
        var fields = new Fields();
        for (String line : text.split("\n", -1)) {
            String content = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            int colon = content.indexOf(':');
            if (colon > 0) {
                fields.take(content.substring(0, colon), strip(content.substring(colon + 1)));
            } else if (!strip(content).isEmpty()) {
                return new Parsed.Invalid("a line of the policy has no key");
            }
        }
        return fields.policy();
    }

    /** Spaces and tabs at both ends. */
    private static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** True when it names this host; in lower case, ASCII. */
    boolean names(String host) {
        int dot = host.indexOf('.');
        String wild = dot > 0 ? "*" + host.substring(dot) : host;
        return mx.contains(host) || mx.contains(wild);
    }

    /** The fields of a document, as they come. */
    private static final class Fields {
        private final Set<String> seen = new HashSet<>();
        private final List<String> mx = new ArrayList<>();
        private String version = "";
        private String mode = "";
        private String maxAge = "";
        private String wrong = "";

        void take(String key, String value) {
            if (key.equals("mx")) {
                addPattern(value.toLowerCase(Locale.ROOT));
            } else if (seen.add(key)) {
                switch (key) {
                    case "version" -> version = value;
                    case "mode" -> mode = value;
                    case "max_age" -> maxAge = value;
                    default -> {}
                }
            }
        }

        private void addPattern(String pattern) {
            if (pattern.length() > NAME_OCTETS_MAX || !NAME.matcher(pattern).matches()) {
                wrong = "an mx of the policy is not a name";
            } else if (mx.size() == PATTERNS_MAX) {
                wrong = "the policy has more than " + PATTERNS_MAX + " mx";
            } else {
                mx.add(pattern);
            }
        }

        Parsed policy() {
            Optional<Mode> known =
                    switch (mode) {
                        case "enforce" -> Optional.of(Mode.ENFORCE);
                        case "testing" -> Optional.of(Mode.TESTING);
                        case "none" -> Optional.of(Mode.NONE);
                        default -> Optional.empty();
                    };
            if (!version.equals("STSv1")) {
                return new Parsed.Invalid("the policy has no version STSv1");
            } else if (known.isEmpty()) {
                return new Parsed.Invalid("the policy has no mode that is known");
            } else if (!NUMBER.matcher(maxAge).matches()) {
                return new Parsed.Invalid("the policy has no max_age");
            } else if (!wrong.isEmpty()) {
                return new Parsed.Invalid(wrong);
            } else if (mx.isEmpty() && known.get() != Mode.NONE) {
                return new Parsed.Invalid("the policy has no mx");
            }
            long seconds = Math.min(Long.parseLong(maxAge), MAX_AGE_SECONDS_MAX);
            return new Parsed.Valid(new StsPolicy(known.get(), mx, seconds));
        }
    }
}
