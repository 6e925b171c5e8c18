package org.posthouse.core;

import java.util.Optional;

/**
 * Reads command lines: a total function from octets to {@link Command}, strict, without exceptions.
 * Tolerated beyond the grammar, as peers do: verbs and keywords in any case, spaces at the end of
 * the line, more than one space between words, spaces behind the colon of MAIL and RCPT, and names
 * behind HELO that are none.
 *
 * <p>Has no state and may be shared.
 *
 * @since 0.1
 */
public final class CommandParser {
    private static final String POSTMASTER = "postmaster";

    private final String postmasterDomain;
    private final String ownDomain;

    /**
     * Makes a parser.
     *
     * @param postmasterDomain the domain that the bare {@code <postmaster>} of RCPT stands for (RFC
     *     5321 section 4.1.1.3)
     * @throws IllegalArgumentException when that is no domain
     */
    public CommandParser(String postmasterDomain) {
        this.postmasterDomain = new Mailbox(POSTMASTER, postmasterDomain).domain();
        ownDomain = "";
    }

    private CommandParser(CommandParser other, String ownDomain) {
        postmasterDomain = other.postmasterDomain;
        this.ownDomain = new Mailbox(POSTMASTER, ownDomain).domain();
    }

    /**
     * The same, but local parts alone are addresses of this domain (RFC 6409 section 4.2).
     *
     * @throws IllegalArgumentException when that is no domain
     */
    public CommandParser completing(String domain) {
        return new CommandParser(this, domain);
    }

    /**
     * Parses one line, CRLF excluded, outside a transaction that uses SMTPUTF8. The array is read
     * and not kept.
     */
    public Command parse(byte[] line, int from, int to) {
        return parse(line, from, to, false);
    }

    /**
     * Parses one line, CRLF excluded. The array is read and not kept.
     *
     * @param smtpUtf8 true in a transaction whose MAIL had SMTPUTF8: RCPT may then name non-ASCII
     *     addresses (RFC 6531). MAIL itself goes by its own parameter.
     */
    public Command parse(byte[] line, int from, int to, boolean smtpUtf8) {
        int end = to;
        while (end > from && line[end - 1] == ' ') {
            end--;
        }
        int verbTo = Octets.indexOf(line, from, end, ' ');
        if (hasControls(line, from, end)) {
            return new Command.Malformed(knownVerb(line, from, verbTo), SyntaxReplies.CONTROLS);
        }
        if (verbTo == from) {
            return new Command.Malformed("", SyntaxReplies.EMPTY);
        }
        int argument = verbTo;
        while (argument < end && line[argument] == ' ') {
            argument++;
        }
        return command(verb(line, from, verbTo), line, argument, end, smtpUtf8);
    }

    private Command command(String verb, byte[] line, int from, int to, boolean smtpUtf8) {
        return switch (verb) {
            case "HELO", "EHLO", "LHLO" -> hello(verb, line, from, to);
            case "MAIL" -> mail(line, from, to);
            case "RCPT" -> rcpt(line, from, to, smtpUtf8);
            case "BDAT" -> bdat(line, from, to);
            case "AUTH" -> auth(line, from, to);
            case "DATA" -> bare(new Command.Data(), from, to);
            case "RSET" -> bare(new Command.Rset(), from, to);
            case "QUIT" -> bare(new Command.Quit(), from, to);
            case "STARTTLS" -> bare(new Command.StartTls(), from, to);
            case "NOOP" -> new Command.Noop();
            case "HELP" -> new Command.Help(Octets.text(line, from, to));
            case "VRFY" ->
                    from == to
                            ? malformed(verb, SyntaxReplies.ARGUMENT_MISSING)
                            : new Command.Vrfy(Octets.text(line, from, to));
            case "EXPN" ->
                    from == to
                            ? malformed(verb, SyntaxReplies.ARGUMENT_MISSING)
                            : new Command.Expn(Octets.text(line, from, to));
            default -> new Command.Unknown(verb, Octets.text(line, from, to));
        };
    }

    private static Command bare(Command command, int from, int to) {
        return from == to ? command : malformed(command.verb(), SyntaxReplies.NO_ARGUMENT);
    }

    /** Any name: what is wrong with it is policy. */
    private static Command hello(String verb, byte[] line, int from, int to) {
        if (to == from || to - from > ProtocolLimits.HELO_NAME_OCTETS_MAX) {
            return malformed(verb, SyntaxReplies.NAME);
        }
        String name = printable(Octets.text(line, from, to));
        return switch (verb) {
            case "EHLO" -> new Command.Ehlo(name);
            case "LHLO" -> new Command.Lhlo(name);
            default -> new Command.Helo(name);
        };
    }

    /**
     * With question marks for spaces and all beyond ASCII: old clients give the name that their
     * user gave the machine, and whoever shows or compares it gets one word.
     */
    private static String printable(String name) {
        var shown = new StringBuilder(name);
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            if (c <= ' ' || c > '~') {
                shown.setCharAt(i, '?');
            }
        }
        return shown.toString();
    }

    private Command mail(byte[] line, int from, int to) {
        int start = behindWord(line, from, to, "FROM:");
        if (start < 0) {
            return malformed("MAIL", SyntaxReplies.MAIL);
        }
        var parser = new MailboxParser(line, start, to);
        MailboxParser.Found found = parser.path();
        if (found != MailboxParser.Found.NULL_PATH && !isAddress(found, parser)) {
            return malformed("MAIL", SyntaxReplies.SENDER);
        }
        ReversePath path =
                found == MailboxParser.Found.NULL_PATH ? ReversePath.NULL : address(found, parser);
        var parameters = new MailParameters(line, parser.position(), to);
        Optional<Reply> wrong = parameters.read();
        if (wrong.isPresent()) {
            return malformed("MAIL", wrong.get());
        }
        if (!parameters.smtpUtf8() && !isAscii(line, start, parser.position())) {
            return malformed("MAIL", SyntaxReplies.NEEDS_SMTPUTF8);
        }
        return new Command.Mail(path, parameters.options());
    }

    private Command rcpt(byte[] line, int from, int to, boolean smtpUtf8) {
        int start = behindWord(line, from, to, "TO:");
        if (start < 0) {
            return malformed("RCPT", SyntaxReplies.RCPT);
        }
        var parser = new MailboxParser(line, start, to);
        MailboxParser.Found found = parser.path();
        boolean postmaster =
                found == MailboxParser.Found.LOCAL_PART
                        && Octets.lowerAscii(parser.localPart()).equals(POSTMASTER);
        if (!isAddress(found, parser) && !postmaster) {
            return malformed("RCPT", SyntaxReplies.RECIPIENT);
        }
        Mailbox mailbox =
                postmaster
                        ? new Mailbox(parser.localPart(), postmasterDomain)
                        : address(found, parser);
        var parameters = new RcptParameters(line, parser.position(), to, smtpUtf8);
        Optional<Reply> wrong = parameters.read();
        if (wrong.isPresent()) {
            return malformed("RCPT", wrong.get());
        }
        if (!smtpUtf8 && !isAscii(line, start, parser.position())) {
            return malformed("RCPT", SyntaxReplies.NEEDS_SMTPUTF8);
        }
        return new Command.Rcpt(parameters.recipient(mailbox));
    }

    /**
     * As the path is written: in a mailbox, U-labels have become A-labels (RFC 6531 section 3.5).
     */
    private static boolean isAscii(byte[] line, int from, int to) {
        for (int i = from; i < to; i++) {
            if (line[i] < 0) {
                return false;
            }
        }
        return true;
    }

    private boolean isAddress(MailboxParser.Found found, MailboxParser parser) {
        return switch (found) {
            case MAILBOX -> true;
            case LOCAL_PART ->
                    !ownDomain.isEmpty() && MailboxParser.isValid(parser.localPart(), ownDomain);
            case NOTHING, NULL_PATH -> false;
        };
    }

    private Mailbox address(MailboxParser.Found found, MailboxParser parser) {
        return found == MailboxParser.Found.MAILBOX
                ? parser.mailbox()
                : new Mailbox(parser.localPart(), ownDomain);
    }

    private static Command bdat(byte[] line, int from, int to) {
        int at = from;
        long octets = 0;
        while (at < to
                && at - from < ProtocolLimits.CHUNK_SIZE_DIGITS_MAX
                && Octets.isDigit(line[at])) {
            octets = octets * 10 + line[at++] - '0';
        }
        int word = skipSpaces(line, at, to);
        boolean last = Octets.isWord(line, word, to, "LAST");
        boolean valid = at > from && (at == to || (word > at && last));
        return valid ? new Command.Bdat(octets, last) : malformed("BDAT", SyntaxReplies.BDAT);
    }

    private static Command auth(byte[] line, int from, int to) {
        int end = Octets.indexOf(line, from, to, ' ');
        boolean valid = end > from && end - from <= ProtocolLimits.MECHANISM_OCTETS_MAX;
        for (int i = from; i < end && valid; i++) {
            valid = Octets.isLetterOrDigit(line[i]) || line[i] == '-' || line[i] == '_';
        }
        if (!valid) {
            return malformed("AUTH", SyntaxReplies.AUTH);
        }
        int response = skipSpaces(line, end, to);
        return isBase64(line, response, to)
                ? new Command.Auth(verb(line, from, end), Octets.text(line, response, to))
                : malformed("AUTH", SyntaxReplies.AUTH_RESPONSE);
    }

    /** Base64 with its padding, {@code =} alone, or nothing (RFC 4954 section 8). */
    private static boolean isBase64(byte[] line, int from, int to) {
        int at = from;
        while (at < to
                && (Octets.isLetterOrDigit(line[at]) || line[at] == '+' || line[at] == '/')) {
            at++;
        }
        int padding = to - at;
        for (int i = at; i < to; i++) {
            if (line[i] != '=') {
                return false;
            }
        }
        return (to - from) % 4 == 0 ? padding <= 2 : padding == 1 && at == from;
    }

    private static int behindWord(byte[] line, int from, int to, String word) {
        int end = from + word.length();
        boolean found = end <= to && Octets.isWord(line, from, end, word);
        return found ? skipSpaces(line, end, to) : -1;
    }

    private static int skipSpaces(byte[] line, int from, int to) {
        int at = from;
        while (at < to && line[at] == ' ') {
            at++;
        }
        return at;
    }

    private static boolean hasControls(byte[] line, int from, int to) {
        for (int i = from; i < to; i++) {
            if ((line[i] >= 0 && line[i] < ' ') || line[i] == 127) {
                return true;
            }
        }
        return false;
    }

    private static String knownVerb(byte[] line, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Octets.isLetter(line[i])) {
                return "";
            }
        }
        return verb(line, from, to);
    }

    private static String verb(byte[] line, int from, int to) {
        var upper = new byte[to - from];
        for (int i = from; i < to; i++) {
            upper[i - from] = (byte) Octets.upper(line[i]);
        }
        return Octets.text(upper, 0, upper.length);
    }

    private static Command.Malformed malformed(String verb, Reply reply) {
        return new Command.Malformed(verb, reply);
    }
}
