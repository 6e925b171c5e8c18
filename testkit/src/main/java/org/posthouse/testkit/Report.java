package org.posthouse.testkit;

import java.time.Duration;
import java.util.List;

/** What did come, for who waited in vain. */
final class Report {
    private static final int LINES_MAX = 20;

    private Report() {}

    static String missing(
            int count,
            Selector selector,
            Duration limit,
            List<ReceivedMail> received,
            List<Attempt> attempts) {
        var text = new StringBuilder();
        text.append(count == 1 ? "no mail" : "not " + count + " mails");
        text.append(" within ").append(limit.toMillis()).append(" ms: ").append(selector);
        append(text, selector, received, attempts);
        return text.toString();
    }

    static String notOne(
            Selector selector,
            List<ReceivedMail> found,
            List<ReceivedMail> received,
            List<Attempt> attempts) {
        if (!found.isEmpty()) {
            return "one mail was meant by " + selector + ", but came: " + found;
        }
        var text = new StringBuilder("no mail: " + selector);
        append(text, selector, received, attempts);
        return text.toString();
    }

    private static void append(
            StringBuilder text,
            Selector selector,
            List<ReceivedMail> received,
            List<Attempt> attempts) {
        text.append(received.isEmpty() ? "\nnothing was received" : "\nreceived:");
        for (ReceivedMail mail : received.subList(0, Math.min(LINES_MAX, received.size()))) {
            String misses = selector.misses(mail);
            text.append("\n  ").append(mail);
            text.append(misses.isEmpty() ? "\n    matches" : "\n    misses " + misses);
        }
        if (received.size() > LINES_MAX) {
            text.append("\n  and ").append(received.size() - LINES_MAX).append(" more");
        }
        List<Attempt> failed =
                attempts.stream().filter(attempt -> attempt.mail().isEmpty()).toList();
        for (Attempt attempt : failed.subList(0, Math.min(LINES_MAX, failed.size()))) {
            text.append("\nattempt ").append(attempt);
        }
    }
}
