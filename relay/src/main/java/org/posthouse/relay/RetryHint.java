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
        String unit = text.substring(at).stripLeading();
        if (unit.startsWith("min") || unit.equals("m") || unit.startsWith("m ")) {
            return Duration.ofMinutes(value);
        }
        if (unit.startsWith("hour")) {
            return Duration.ofHours(value);
        }
        return unit.startsWith("s") ? Duration.ofSeconds(value) : Duration.ZERO;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
