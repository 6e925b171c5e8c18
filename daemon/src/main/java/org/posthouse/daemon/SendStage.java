package org.posthouse.daemon;

import java.util.Locale;

/** Where a test client may stop: behind the reply to this. */
enum SendStage {
    CONNECT,
    EHLO,
    TLS,
    AUTH,
    MAIL,
    RCPT,
    DATA;

    /** What a line that the client is about to say belongs to. */
    static SendStage of(String line, boolean secured) {
        String word = line.length() < 4 ? "" : line.substring(0, 4).toUpperCase(Locale.ROOT);
        return switch (word) {
            case "EHLO", "HELO" -> secured ? TLS : EHLO;
            case "STAR" -> TLS;
            case "AUTH" -> AUTH;
            case "MAIL" -> MAIL;
            case "RCPT" -> RCPT;
            default -> DATA;
        };
    }
}
