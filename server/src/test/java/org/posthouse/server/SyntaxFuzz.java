package org.posthouse.server;

import org.posthouse.core.Command;
import org.posthouse.core.CommandParser;
import org.posthouse.core.DataDecoder;
import org.posthouse.core.LineNormaliser;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Recipient;
import org.posthouse.core.ReplyParser;
import org.posthouse.core.ReversePath;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Fuzz targets for what is read octet by octet. Each throws when something is wrong. */
final class SyntaxFuzz {
    private static final CommandParser PARSER = new CommandParser("mx.example");

    private SyntaxFuzz() {}

    /** Commands, their addresses and parameters: total, and what is printed reads the same. */
    static final class Commands {
        private Commands() {}

        public static void fuzzerTestOneInput(byte[] octets) {
            for (boolean utf8 : new boolean[] {false, true}) {
                switch (PARSER.parse(octets, 0, octets.length, utf8)) {
                    case Command.Mail m -> check(m.reversePath());
                    case Command.Rcpt r -> check(r.recipient());
                    default -> {}
                }
            }
            String text = new String(octets, StandardCharsets.UTF_8);
            Mailbox.tryParse(text).ifPresent(SyntaxFuzz::check);
        }
    }

    private static void check(ReversePath path) {
        String line = "MAIL FROM:<" + path.address() + "> SMTPUTF8";
        byte[] octets = line.getBytes(StandardCharsets.UTF_8);
        if (octets.length < 500
                && (!(PARSER.parse(octets, 0, octets.length) instanceof Command.Mail again)
                        || !again.reversePath().equals(path))) {
            throw new IllegalStateException("reads otherwise: " + line);
        }
    }

    private static void check(Recipient recipient) {
        check(recipient.mailbox());
    }

    /** DATA and BDAT: the same in any pieces, ended by CRLF dot CRLF alone, no bare line ends. */
    static final class Contents {
        private Contents() {}

        public static void fuzzerTestOneInput(byte[] octets) {
            int split = octets.length == 0 ? 0 : (octets[0] & 0xFF) % octets.length;
            var whole = new ByteArrayOutputStream();
            var parts = new ByteArrayOutputStream();
            var decoder = new DataDecoder();
            int used = decoder.decode(octets, 0, octets.length, whole::write);
            var again = new DataDecoder();
            int usedAgain = again.decode(octets, 0, split, parts::write);
            usedAgain += again.decode(octets, usedAgain, octets.length, parts::write);
            require(used == usedAgain, "other pieces are used otherwise");
            require(Arrays.equals(whole.toByteArray(), parts.toByteArray()), "pieces differ");
            requireEnd(octets, used, decoder.ended());
            requireLines(whole.toByteArray());
            normalise(octets, split);
        }

        private static void requireEnd(byte[] octets, int used, boolean ended) {
            String text = new String(octets, StandardCharsets.ISO_8859_1);
            int at = ("\r\n" + text).indexOf("\r\n.\r\n");
            require(ended == at >= 0, "ended");
            require(used == (ended ? at + 3 : octets.length), "used");
        }

        private static void normalise(byte[] octets, int split) {
            var whole = new ByteArrayOutputStream();
            var parts = new ByteArrayOutputStream();
            var one = new LineNormaliser();
            one.normalise(octets, 0, octets.length, whole::write);
            one.end(whole::write);
            var two = new LineNormaliser();
            two.normalise(octets, 0, split, parts::write);
            two.normalise(octets, split, octets.length, parts::write);
            two.end(parts::write);
            require(Arrays.equals(whole.toByteArray(), parts.toByteArray()), "chunks differ");
            requireLines(whole.toByteArray());
        }

        private static void requireLines(byte[] octets) {
            for (int i = 0; i < octets.length; i++) {
                boolean behindCr = i > 0 && octets[i - 1] == '\r';
                boolean beforeLf = i + 1 < octets.length && octets[i + 1] == '\n';
                require(octets[i] != '\n' || behindCr, "a bare LF");
                require(octets[i] != '\r' || beforeLf || i + 1 == octets.length, "a bare CR");
            }
        }
    }

    /** Replies of next hops. */
    static final class Replies {
        private Replies() {}

        public static void fuzzerTestOneInput(byte[] octets) {
            var parser = new ReplyParser();
            int from = 0;
            for (int i = 0; i <= octets.length; i++) {
                if (i == octets.length || octets[i] == '\n') {
                    ReplyParser.Result unused = parser.line(octets, from, i);
                    from = i + 1;
                }
            }
        }
    }

    /** The header of a proxy: it asks for more until it knows, and never for nothing. */
    static final class Proxies {
        private Proxies() {}

        public static void fuzzerTestOneInput(byte[] octets) {
            int length = 0;
            for (int rounds = 0; ; rounds++) {
                require(rounds <= octets.length + 1, "does not end");
                if (!(ProxyHeader.parse(octets, length)
                        instanceof ProxyHeader.Result.Incomplete i)) {
                    return;
                }
                require(i.more() > 0, "asks for nothing");
                if (length + i.more() > octets.length) {
                    return;
                }
                length += i.more();
            }
        }
    }

    /** What a front end says of its client. */
    static final class FrontEnds {
        private FrontEnds() {}

        public static void fuzzerTestOneInput(byte[] octets) {
            String text = new String(octets, StandardCharsets.ISO_8859_1);
            Xclient.parse(text)
                    .ifPresent(
                            said -> {
                                require(!said.client().isUnresolved(), "an address");
                                require(said.login().chars().noneMatch(c -> c < ' '), "a login");
                            });
        }
    }

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
