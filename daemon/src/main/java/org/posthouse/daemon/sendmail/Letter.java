package org.posthouse.daemon.sendmail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message as programs write it to sendmail: its header section is completed, and gives recipients
 * where that is asked for. The body is not looked at.
 */
final class Letter {
    private final List<String> fields = new ArrayList<>();
    private final byte[] octets;
    private int bodyAt;

    /**
     * Reads the header section.
     *
     * @param octets the beginning of the message, with all of its header section
     * @param length of these
     */
    Letter(byte[] octets, int length) {
        this.octets = octets;
        int at = 0;
        boolean isFirst = true;
        while (at < length) {
            int end = endOfLine(at, length);
            String line = line(at, end);
            boolean isEnvelope = isFirst && line.startsWith("From ");
            boolean isFolded = !fields.isEmpty() && isSpace(line);
            if (!isEnvelope && !isFolded && !isField(line)) {
                at = line.isEmpty() ? end : at;
                break;
            }
            if (isFolded) {
                fields.set(fields.size() - 1, fields.getLast() + "\r\n" + line);
            } else if (!isEnvelope) {
                fields.add(line);
            }
            isFirst = false;
            at = end;
        }
        bodyAt = at;
    }

    private int endOfLine(int from, int length) {
        int end = from;
        while (end < length && octets[end] != '\n') {
            end++;
        }
        return Math.min(end + 1, length);
    }

    private String line(int from, int end) {
        int to = end;
        while (to > from && (octets[to - 1] == '\n' || octets[to - 1] == '\r')) {
            to--;
        }
        return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean isSpace(String line) {
        return !line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == '\t');
    }

    private static boolean isField(String line) {
        int colon = line.indexOf(':');
        for (int i = 0; i < colon; i++) {
            if (line.charAt(i) <= ' ' || line.charAt(i) > '~') {
                return false;
            }
        }
        return colon > 0;
    }

    private static boolean isCalled(String field, String name) {
        return field.length() > name.length()
                && field.charAt(name.length()) == ':'
                && field.substring(0, name.length()).equalsIgnoreCase(name);
    }

    private boolean has(String name) {
        for (String field : fields) {
            if (isCalled(field, name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The addresses of To, Cc and Bcc; those of Resent-To and its like alone where there are any.
     */
    List<String> recipients() {
        List<String> resent = addresses("Resent-To", "Resent-Cc", "Resent-Bcc");
        return resent.isEmpty() ? addresses("To", "Cc", "Bcc") : resent;
    }

    private List<String> addresses(String... names) {
        List<String> found = new ArrayList<>();
        for (String name : names) {
            for (String field : fields) {
                if (isCalled(field, name)) {
                    String value = field.substring(name.length() + 1).replace("\r\n", "");
                    found.addAll(
                            Addresses.of(
                                    new String(
                                            value.getBytes(StandardCharsets.ISO_8859_1),
                                            StandardCharsets.UTF_8)));
                }
            }
        }
        return found;
    }

    /** Nobody sees who gets a blind copy. */
    void removeBlindCopies() {
        var left = new ArrayList<String>();
        for (String field : fields) {
            if (!isCalled(field, "Bcc") && !isCalled(field, "Resent-Bcc")) {
                left.add(field);
            }
        }
        fields.clear();
        fields.addAll(left);
    }

    /** Of the fields that every message has, those that are not there. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        for (String name : List.of("Date", "From", "Message-ID")) {
            if (!has(name)) {
                missing.add(name);
            }
        }
        return missing;
    }

    /** The header section with the empty line behind it. */
    byte[] head() {
        var text = new StringBuilder();
        for (String field : fields) {
            text.append(field).append("\r\n");
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Where the body begins in what was given. */
    int bodyAt() {
        return bodyAt;
    }
}
