package org.posthouse;

import org.posthouse.core.Envelope;
import org.posthouse.core.HeaderFields;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Reply;
import org.posthouse.core.ReversePath;
import org.posthouse.server.SessionPolicy.HeaderVerdict;
import org.posthouse.server.SessionPolicy.Heading;
import org.posthouse.server.SessionView;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The header section of a message whose body is still on its way: what the headers hook sees and
 * changes. What it leaves is what is stored; fields that it does not touch keep their octets. Our
 * Received field, which goes on top, is not among them yet.
 *
 * @since 0.1
 */
public final class HeaderEdit {
    private static final String BY_HOOK = "PH-H103";
    private static final int FIELD_OCTETS_MAX = 65_536;
    private static final int LINE_OCTETS_WANTED = 78;
    private static final int LINE_OCTETS_MAX = 998;

    private final SessionView session;
    private final Heading heading;
    private final List<Field> fields = new ArrayList<>();
    private boolean isChanged;
    private Optional<HeaderVerdict> last = Optional.empty();

    HeaderEdit(SessionView session, Heading heading) {
        this.session = session;
        this.heading = heading;
        byte[] section = heading.headerSection();
        var each = new HeaderFields(section, 0, section.length);
        while (each.next()) {
            byte[] octets = Arrays.copyOfRange(section, each.from(), each.to());
            fields.add(new Field(each.name(), each.value(FIELD_OCTETS_MAX), ended(octets)));
        }
    }

    /** One field: name, unfolded value, and its octets with line end. */
    private record Field(String name, String value, byte[] octets) {
        boolean is(String other) {
            return name.equalsIgnoreCase(other);
        }
    }

    /** The session it comes in by. */
    public SessionView session() {
        return session;
    }

    /** Who gets it. */
    public Envelope envelope() {
        return heading.envelope();
    }

    /** The address of MAIL. */
    public ReversePath from() {
        return envelope().reversePath();
    }

    /** The addresses of RCPT. */
    public List<Mailbox> recipients() {
        return envelope().recipients().stream().map(r -> r.mailbox()).toList();
    }

    /** The names of all fields in their order. */
    public List<String> names() {
        return fields.stream().map(Field::name).toList();
    }

    /** The first field of that name, in any case, unfolded. */
    public Optional<String> first(String name) {
        return fields.stream().filter(f -> f.is(name)).map(Field::value).findFirst();
    }

    /** All fields of that name, in any case, unfolded. */
    public List<String> all(String name) {
        return fields.stream().filter(f -> f.is(name)).map(Field::value).toList();
    }

    /**
     * Adds a field on top.
     *
     * @throws IllegalArgumentException for a name that is none, a value with control characters,
     *     one that is not ASCII in a message without SMTPUTF8, or a word that fits no line
     */
    public void add(String name, String value) {
        fields.addFirst(field(name, value));
        isChanged = true;
    }

    /**
     * Gives the first field of that name this value and removes all others; adds one at the end
     * when there is none.
     *
     * @throws IllegalArgumentException as {@link #add}
     */
    public void set(String name, String value) {
        Field field = field(name, value);
        int at = 0;
        while (at < fields.size() && !fields.get(at).is(name)) {
            at++;
        }
        removeAll(name);
        fields.add(at, field);
        isChanged = true;
    }

    /** Removes all fields of that name; true when there were any. */
    public boolean removeAll(String name) {
        boolean removed = fields.removeIf(f -> f.is(name));
        isChanged |= removed;
        return removed;
    }

    /** Refuses the message when all of it was read; with 4yz the client tries again. */
    public void refuse(int code, String status, String text) {
        last = Optional.of(new HeaderVerdict.Refuse(Reply.of(code, status, text), BY_HOOK));
    }

    /** The same, then closes the connection. */
    public void disconnect(int code, String status, String text) {
        last = Optional.of(new HeaderVerdict.Disconnect(Reply.of(code, status, text), BY_HOOK));
    }

    HeaderVerdict verdict() {
        if (last.isPresent() || !isChanged) {
            return last.orElse(HeaderVerdict.KEEP);
        }
        var section = new ByteArrayOutputStream();
        for (Field field : fields) {
            section.writeBytes(field.octets());
        }
        return new HeaderVerdict.Replace(section.toByteArray());
    }

    /** Checks that a field is one and stays one. */
    static void requireField(String name, String value) {
        boolean named =
                !name.isEmpty() && name.chars().allMatch(c -> c > 32 && c < 127 && c != ':');
        boolean oneLine = value.chars().allMatch(c -> (c >= 32 && c != 127) || c == '\t');
        if (!named || !oneLine) {
            throw new IllegalArgumentException("not a header field: " + name);
        }
    }

    private Field field(String name, String value) {
        requireField(name, value);
        boolean isAscii = value.chars().allMatch(c -> c < 128);
        if (!isAscii && !envelope().options().smtpUtf8()) {
            throw new IllegalArgumentException(
                    name + " is not ASCII, and the message does without SMTPUTF8");
        }
        String folded = folded(name + ": " + value.strip());
        return new Field(name, value.strip(), folded.getBytes(StandardCharsets.UTF_8));
    }

    /** The last field of a content without body may lack its line end. */
    private static byte[] ended(byte[] octets) {
        if (octets[octets.length - 1] == '\n') {
            return octets;
        }
        byte[] line = Arrays.copyOf(octets, octets.length + 2);
        line[octets.length] = '\r';
        line[octets.length + 1] = '\n';
        return line;
    }

    /** Breaks the line before words, where it has to be (RFC 5322 section 2.2.3). */
    private static String folded(String line) {
        var text = new StringBuilder();
        int lineOctets = 0;
        for (String word : line.split("(?=[ \t])", -1)) {
            int octets = word.getBytes(StandardCharsets.UTF_8).length;
            boolean isTooLong = lineOctets + octets > LINE_OCTETS_WANTED;
            if (lineOctets > 0 && isTooLong && !word.isBlank()) {
                text.append("\r\n");
                lineOctets = 0;
            }
            if (lineOctets + octets > LINE_OCTETS_MAX) {
                throw new IllegalArgumentException("a word of a header field fits no line");
            }
            text.append(word);
            lineOctets += octets;
        }
        return text.append("\r\n").toString();
    }
}
