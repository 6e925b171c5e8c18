package org.posthouse.client;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a host means by the alert with which it ends TLS (RFC 8446 section 6.2). All that it can say
 * of a certificate is about ours: of its own, we are the ones to complain.
 */
final class Alerts {
    private static final Pattern ALERT =
            Pattern.compile(".*[Rr]eceived fatal alert: ([a-z_]{1,40}).*");

    private Alerts() {}

    /** The text of a failure in plain words, where it is about our certificate. */
    static String words(String failure) {
        Matcher told = ALERT.matcher(failure);
        if (!told.matches()) {
            return failure;
        }
        String alert = told.group(1);
        return switch (alert) {
            case "certificate_required" ->
                    "TLS failed: the host wants a certificate of ours, and was shown none";
            case "bad_certificate",
                    "unsupported_certificate",
                    "certificate_revoked",
                    "certificate_expired",
                    "certificate_unknown",
                    "unknown_ca",
                    "access_denied" ->
                    "TLS failed: the host does not take our certificate, or the lack of one ("
                            + alert.replace('_', ' ')
                            + ")";
            default -> failure;
        };
    }
}
