package org.posthouse.core;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text of header fields as people read it (RFC 2047). What can't be decoded stays as it is.
 *
 * @since 0.1
 */
public final class EncodedWords {
    private static final Pattern WORD =
            Pattern.compile("=\\?([^?*\\s]{1,40})(?:\\*[^?\\s]*)?\\?([BbQq])\\?([^?\\s]*)\\?=");
    private static final Pattern BETWEEN = Pattern.compile("(\\?=)\\s+(=\\?)");

    private EncodedWords() {}

    /** The text that a field's unfolded value says. */
    public static String decode(String field) {
        Matcher words = WORD.matcher(BETWEEN.matcher(field).replaceAll("$1$2"));
        return words.replaceAll(
                found ->
                        Matcher.quoteReplacement(
                                word(
                                        found.group(1),
                                        found.group(2),
                                        found.group(3),
                                        found.group())));
    }

    private static String word(String charset, String encoding, String text, String whole) {
        try {
            byte[] octets =
                    encoding.equalsIgnoreCase("B")
                            ? Base64.getDecoder().decode(text)
                            : quoted(text);
            return new String(octets, Charset.forName(charset));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return whole;
        } catch (IllegalArgumentException e) {
            return whole; // not Base64, not hexadecimal
        }
    }

    private static byte[] quoted(String text) {
        var octets = new ByteArrayOutputStream(text.length());
        byte[] from = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < from.length; i++) {
            if (from[i] == '=' && i + 2 < from.length) {
                octets.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                octets.write(from[i] == '_' ? ' ' : from[i]);
            }
        }
        return octets.toByteArray();
    }
}
