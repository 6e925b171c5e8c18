package org.posthouse.core;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** All short strings over the octets that matter to content, and what they mean, naively. */
final class ShortStrings {
    private static final String ALPHABET = "\r\n.a";
    private static final Pattern STUFFED = Pattern.compile("(?:\\A|(?<=\\r\\n))\\.");

    private ShortStrings() {}

    /** Calls for every string of up to so many octets. */
    static void upTo(int length, Consumer<String> consumer) {
        extend("", length, consumer);
    }

    /** CR, LF and CRLF become CRLF. */
    static String normalised(String text) {
        return text.replaceAll("\\r\\n|\\r|\\n", "\r\n");
    }

    static boolean hasBareLineEnd(String text) {
        String rest = text.replace("\r\n", "");
        return rest.contains("\r") || rest.contains("\n");
    }

    /** Where the content of a DATA stream ends: behind its CRLF.CRLF, which must be there. */
    static int endOf(String wire) {
        return ("\r\n" + wire).indexOf("\r\n.\r\n") + 3;
    }

    /** The raw content of a DATA stream, still stuffed. */
    static String rawContent(String wire) {
        return wire.substring(0, endOf(wire) - 3);
    }

    static String unstuffed(String raw) {
        return STUFFED.matcher(raw).replaceAll("");
    }

    /** The DATA stream of normalised content. */
    static String stuffed(String content) {
        String whole = content.isEmpty() || content.endsWith("\r\n") ? content : content + "\r\n";
        return STUFFED.matcher(whole).replaceAll("..") + ".\r\n";
    }

    static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(ByteArrayOutputStream out) {
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static void extend(String head, int more, Consumer<String> consumer) {
        consumer.accept(head);
        for (int i = 0; i < ALPHABET.length() && more > 0; i++) {
            extend(head + ALPHABET.charAt(i), more - 1, consumer);
        }
    }
}
