package org.posthouse.testkit;

import org.posthouse.core.EncodedWords;
import org.posthouse.core.HeaderFields;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a message (RFC 2045, 2046), as far as tests ask for it: leaves with their octets. What
 * makes no sense is taken as it is.
 */
final class MimePart {
    private static final int DEPTH_MAX = 20;
    private static final int FIELD_OCTETS_MAX = 64 * 1024;

    /** One field of a header section, decoded. */
    record Field(String name, String value) {}

    private final List<Field> fields;
    private final byte[] body;

    private MimePart(List<Field> fields, byte[] body) {
        this.fields = fields;
        this.body = body;
    }

    static MimePart parse(byte[] octets) {
        String latin = new String(octets, StandardCharsets.ISO_8859_1);
        int end = latin.startsWith("\r\n") ? 0 : latin.indexOf("\r\n\r\n") + 2;
        int headerEnd = end == 1 ? octets.length : end;
        int bodyFrom = Math.min(octets.length, headerEnd + 2);
        var fields = new ArrayList<Field>();
        var from = new HeaderFields(octets, 0, headerEnd);
        while (from.next()) {
            String value = EncodedWords.decode(utf8(from.value(FIELD_OCTETS_MAX)));
            fields.add(new Field(from.name(), value));
        }
        return new MimePart(fields, Arrays.copyOfRange(octets, bodyFrom, octets.length));
    }

    /** Header text is UTF-8 where it is not ASCII (RFC 6532). */
    private static String utf8(String latin) {
        boolean isLatin = latin.chars().allMatch(c -> c < 256);
        return isLatin
                ? new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                : latin;
    }

    List<Field> fields() {
        return fields;
    }

    List<String> values(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    private String first(String name) {
        return values(name).stream().findFirst().orElse("");
    }

    /** The media type in lower case. */
    String type() {
        String type = first("Content-Type").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return type.isEmpty() ? "text/plain" : type;
    }

    /** The name of an attachment; empty for what has none. */
    String fileName() {
        String name = parameter(first("Content-Disposition"), "filename");
        return name.isEmpty() ? parameter(first("Content-Type"), "name") : name;
    }

    boolean isAttachment() {
        String disposition = first("Content-Disposition").toLowerCase(Locale.ROOT);
        return disposition.startsWith("attachment") || !fileName().isEmpty();
    }

    private static String parameter(String field, String name) {
        Matcher found =
                Pattern.compile(
                                ";\\s*"
                                        + name
                                        + "(\\*)?\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;\\s]+))",
                                Pattern.CASE_INSENSITIVE)
                        .matcher(field);
        if (!found.find()) {
            return "";
        }
        if (found.group(2) != null) {
            return found.group(2).replaceAll("\\\\(.)", "$1");
        }
        String value = found.group(3);
        return found.group(1) == null ? value : extended(value);
    }

    /** RFC 2231 section 4: CHARSET'LANGUAGE'TEXT. */
    private static String extended(String value) {
        String[] parts = value.split("'", 3);
        if (parts.length < 3) {
            return value;
        }
        byte[] octets = unquoted(parts[2].replace("=", "=3D").replace('%', '='));
        return new String(octets, charset(parts[0]));
    }

    /** All that is no multipart, in order. */
    List<MimePart> leaves() {
        var leaves = new ArrayList<MimePart>();
        collect(leaves, 0);
        return leaves;
    }

    private void collect(List<MimePart> leaves, int depth) {
        String boundary = parameter(first("Content-Type"), "boundary");
        if (!type().startsWith("multipart/") || boundary.isEmpty() || depth == DEPTH_MAX) {
            leaves.add(this);
            return;
        }
        String latin = "\r\n" + new String(body, StandardCharsets.ISO_8859_1);
        String[] pieces =
                Pattern.compile("\r\n--" + Pattern.quote(boundary) + "(--)?[ \t]*(?=\r\n|$)")
                        .split(latin, 0);
        boolean hasEpilogue = latin.contains("\r\n--" + boundary + "--");
        int to =
                hasEpilogue && pieces.length > 2 && isEpilogue(latin, boundary)
                        ? pieces.length - 1
                        : pieces.length;
        for (int i = 1; i < to; i++) {
            String piece = pieces[i].startsWith("\r\n") ? pieces[i].substring(2) : pieces[i];
            parse(piece.getBytes(StandardCharsets.ISO_8859_1)).collect(leaves, depth + 1);
        }
    }

    /** Something stands behind the last boundary, which split gives as a piece of its own. */
    private static boolean isEpilogue(String latin, String boundary) {
        String closing = "\r\n--" + boundary + "--";
        return latin.length() > latin.indexOf(closing) + closing.length();
    }

    /** The octets, transfer encoding undone. */
    byte[] octets() {
        String encoding = first("Content-Transfer-Encoding").toLowerCase(Locale.ROOT);
        String latin = new String(body, StandardCharsets.ISO_8859_1);
        return switch (encoding) {
            case "base64" -> Base64.getMimeDecoder().decode(latin);
            case "quoted-printable" ->
                    unquoted(latin.replaceAll("[ \t]+(?=\r\n)", "").replaceAll("=\r\n", ""));
            default -> body.clone();
        };
    }

    /** The text, by its character set, with line ends of Java. */
    String text() {
        Charset charset = charset(parameter(first("Content-Type"), "charset"));
        return new String(octets(), charset).replace("\r\n", "\n");
    }

    private static Charset charset(String name) {
        try {
            return name.isEmpty() ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return StandardCharsets.UTF_8;
        }
    }

    /** RFC 2045 section 6.7, soft line ends gone. */
    private static byte[] unquoted(String text) {
        var octets = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            boolean isCode = text.charAt(i) == '=' && i + 2 < text.length();
            int high = isCode ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = isCode ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (high >= 0 && low >= 0) {
                octets.write(high << 4 | low);
                i += 2;
            } else {
                octets.write(text.charAt(i));
            }
        }
        return octets.toByteArray();
    }
}
