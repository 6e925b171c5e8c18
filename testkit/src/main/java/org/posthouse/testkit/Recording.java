package org.posthouse.testkit;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a server said in a recorded dialogue, and to which commands: the replies are in the order of
 * the commands (RFC 5321 section 4.1.1), however far a client was ahead.
 *
 * @param greeting empty where the connection was there already
 * @param turns in order; the replies of the last ones may be missing
 * @param end what became of the connection behind what was said
 */
record Recording(Optional<String> greeting, List<Turn> turns, End end) {
    private static final String CONTENT = " octets of content";

    /** Copies the list. */
    Recording {
        turns = List.copyOf(turns);
    }

    /**
     * A command, and its reply as it is on the wire, without the last line end.
     *
     * @param command {@code .} for the end of the content
     * @param reply empty: none came
     */
    record Turn(String command, Optional<String> reply) {
        boolean isFor(String line) {
            String verb = verb(line);
            return verb.equals("RCPT")
                    ? path(command).equals(path(line))
                    : verb(command).equals(verb);
        }

        private static String path(String line) {
            int end = line.indexOf('>');
            return line.substring(0, end < 0 ? line.length() : end).toUpperCase(Locale.ROOT);
        }
    }

    /** How it ended. */
    enum End {
        /** The connection broke or was closed. */
        CLOSES,
        /** No reply came, the connection was there. */
        HANGS
    }

    static String verb(String line) {
        int space = line.indexOf(' ');
        return line.substring(0, space < 0 ? line.length() : space).toUpperCase(Locale.ROOT);
    }

    /**
     * Reads lines {@code S: …}, {@code C: …} and notes in parentheses.
     *
     * @throws IllegalArgumentException when lines are missing, or are of no dialogue
     */
    static Recording parse(String dialogue) {
        var reader = new Reader();
        dialogue.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(reader::line);
        return reader.recording();
    }

    /** Collects what the lines say. */
    private static final class Reader {
        private final List<String> commands = new ArrayList<>();
        private final List<String> replies = new ArrayList<>();
        private final StringBuilder reply = new StringBuilder();
        private boolean isGreeted;
        private End end = End.CLOSES;

        private void line(String line) {
            if (line.startsWith("S: ")) {
                server(line.substring(3));
            } else if (line.startsWith("C: ")) {
                commands.add(line.substring(3));
            } else if (line.startsWith("(") && line.endsWith(")")) {
                note(line.substring(1, line.length() - 1));
            } else {
                throw new IllegalArgumentException("not a line of a dialogue: " + line);
            }
        }

        private void server(String text) {
            isGreeted |= commands.isEmpty();
            reply.append(reply.isEmpty() ? "" : "\r\n").append(text);
            if (text.length() < 4 || text.charAt(3) != '-') {
                replies.add(reply.toString());
                reply.setLength(0);
            }
        }

        private void note(String text) {
            if (text.endsWith("lines are left out")) {
                throw new IllegalArgumentException("this dialogue can't be replayed: " + text);
            }
            if (!text.endsWith(CONTENT)) {
                end = text.contains("timed out") ? End.HANGS : End.CLOSES;
            }
        }

        private Recording recording() {
            Iterator<String> left = replies.iterator();
            Optional<String> greeting = isGreeted ? next(left) : Optional.empty();
            var turns = new ArrayList<Turn>();
            for (String command : commands) {
                turns.add(new Turn(command, next(left)));
            }
            if (greeting.isEmpty() && turns.isEmpty()) {
                throw new IllegalArgumentException("nothing was said in this dialogue");
            }
            return new Recording(greeting, turns, end);
        }

        private static Optional<String> next(Iterator<String> replies) {
            return replies.hasNext() ? Optional.of(replies.next()) : Optional.empty();
        }
    }
}
