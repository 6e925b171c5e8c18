package org.posthouse.daemon;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Suspensions as people read them. */
final class SuspensionText {
    private SuspensionText() {}

    /** {@code domain example.net for 2h 3m, 57m left maintenance}. */
    static String line(Map<String, Object> suspension, Instant now) {
        var text = new StringBuilder(what(suspension)).append("   for ");
        Instant since = DeliveryLines.instant(suspension, "since");
        text.append(Figures.time(Duration.between(since, now)));
        if (suspension.containsKey("until")) {
            Instant until = DeliveryLines.instant(suspension, "until");
            text.append(", ends in ").append(Figures.time(Duration.between(now, until)));
        } else {
            text.append(", until resumed");
        }
        String reason = ControlCommand.text(suspension, "reason");
        return reason.isEmpty() ? text.toString() : text.append("   ").append(reason).toString();
    }

    /** {@code domain example.net}. */
    static String what(Map<String, Object> suspension) {
        return ControlCommand.text(suspension, "scope")
                + " "
                + ControlCommand.text(suspension, "pattern");
    }
}
