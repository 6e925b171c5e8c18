package org.posthouse.simulation;

import java.util.Random;

/** The content of a message, as a function of its name and length: so nobody can change it. */
final class Sheet {
    private static final String FIELD = "X-Id: ";
    private static final int LINE_MAX = 200;

    private Sheet() {}

    /** Lines that end in CRLF, some of them with a dot in front, or empty. */
    static String of(String id, int octets) {
        var random = new Random(id.hashCode());
        var text = new StringBuilder("From: <someone@home.example>\r\n" + FIELD + id + "\r\n\r\n");
        while (text.length() < octets) {
            if (random.nextInt(6) == 0) {
                text.append('.');
            }
            for (int i = random.nextInt(LINE_MAX); i > 0; i--) {
                text.append((char) (32 + random.nextInt(95)));
            }
            text.append("\r\n");
        }
        return text.toString();
    }

    /** The name of the message whose content, or whose returned header, this is; empty: none. */
    static String idIn(String content) {
        int at = content.indexOf(FIELD);
        return at < 0 ? "" : content.substring(at + FIELD.length(), content.indexOf("\r\n", at));
    }

    /** With the dots of DATA, and its end. */
    static String stuffed(String content) {
        String lines = content.startsWith(".") ? "." + content : content;
        return lines.replace("\r\n.", "\r\n..") + ".\r\n";
    }
}
