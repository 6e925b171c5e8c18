package org.posthouse.relay;

import org.posthouse.core.Reply;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** How long a reply asks to wait: "try again in 5 minutes", "greylisted for 300 seconds". */
final class RetryHint {
    private static final List<String> LEADS =
            List.of("again in ", "retry in ", "back in ", "listed for ", "after ", "wait ", "in ");
    private static final int DIGITS_MAX = 5;
    private static final String CLOCK = "hh:mm:ss";

    /** What is meant for certain, whatever the reply is about. */
    private static final List<String> ASKING = LEADS.subList(0, 3);

    private RetryHint() {}

    /** The time that a reply of any kind asks for in so many words; zero when there is none. */
    static Duration asked(Reply reply) {
        return behind(ASKING, reply);
    }

    /** The time that a greylisting reply asks for; zero when there is none. */
    static Duration of(Reply reply) {
        return behind(LEADS, reply);
    }

    private static Duration behind(List<String> leads, Reply reply) {
        String text = String.join(" ", reply.lines()).toLowerCase(Locale.ROOT);
        for (String lead : leads) {
            int at = text.indexOf(lead);
            if (at >= 0) {
                Duration found = durationAt(text, at + lead.length());
                if (!found.isZero()) {
                    return found;
                }
            }
        }
        return Duration.ZERO;
    }

    private static Duration durationAt(String text, int from) {
        int at = from;
        long value = 0;
        while (at < text.length() && at - from < DIGITS_MAX && isDigit(text.charAt(at))) {
            value = value * 10 + text.charAt(at++) - '0';
        }
        if (at == from || (at < text.length() && isDigit(text.charAt(at)))) {
            return Duration.ZERO;
        }
        if (at < text.length() && text.charAt(at) == ':') {
            return clock(text, from);
        }
        String unit = text.substring(at).stripLeading();
        if (unit.startsWith("min") || unit.equals("m") || unit.startsWith("m ")) {
            return Duration.ofMinutes(value);
        }
        if (unit.startsWith("hour")) {
            return Duration.ofHours(value);
        }
        return unit.startsWith("s") ? Duration.ofSeconds(value) : Duration.ZERO;
    }

    /** {@code 00:05:00}, as milter-greylist says it. */
    private static Duration clock(String text, int from) {
        int end = from + CLOCK.length();
        if (end > text.length() || (end < text.length() && isDigit(text.charAt(end)))) {
            return Duration.ZERO;
        }
        long seconds = 0;
        for (int i = 0; i < CLOCK.length(); i += 3) {
            char tens = text.charAt(from + i);
            char ones = text.charAt(from + i + 1);
            boolean fits = i == 0 || text.charAt(from + i - 1) == ':';
            if (!fits || !isDigit(tens) || !isDigit(ones)) {
                return Duration.ZERO;
            }
            seconds = seconds * 60 + (tens - '0') * 10L + ones - '0';
        }
        return Duration.ofSeconds(seconds);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
