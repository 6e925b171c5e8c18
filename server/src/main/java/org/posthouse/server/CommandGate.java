package org.posthouse.server;

import org.posthouse.core.Command;
import org.posthouse.server.ListenerSettings.Auth;
import org.posthouse.server.ListenerSettings.Protocol;
import org.posthouse.server.ListenerSettings.Tls;

/**
 * Which commands have a place in which state: a pure table (RFC 5321 section 4.1.4, RFC 3030
 * section 2, RFC 3207 section 4, RFC 4954 section 4).
 *
 * <table>
 * <caption>Open (+) or the reply</caption>
 * <tr><th>command</th><th>Connected</th><th>Identified</th><th>Transacting</th><th>Receiving</th>
 * </tr>
 * <tr><td>HELO EHLO (LHLO) RSET</td><td>+</td><td>+</td><td>+</td><td>+</td></tr>
 * <tr><td>NOOP HELP VRFY EXPN QUIT</td><td>+</td><td>+</td><td>+</td><td>+</td></tr>
 * <tr><td>MAIL</td><td>503 hello first (by setting: +)</td><td>+</td><td>503 nested; + after refused DATA</td><td>503 nested</td></tr>
 * <tr><td>RCPT</td><td>503 hello first</td><td>503 MAIL first</td><td>+</td><td>503</td></tr>
 * <tr><td>DATA</td><td>503 hello first</td><td>503 MAIL first</td><td>+, 554 without recipients
 * (LMTP: 503)</td><td>503</td></tr>
 * <tr><td>BDAT</td><td>503 hello first</td><td>503 MAIL first</td><td>+, 554 without recipients
 * </td><td>+</td></tr>
 * <tr><td>STARTTLS</td><td>+</td><td>+</td><td>503</td><td>503</td></tr>
 * <tr><td>AUTH</td><td>503 hello first</td><td>+</td><td>503</td><td>503</td></tr>
 * </table>
 *
 * <p>Before that: where TLS is required, a session in clear text may only greet, secure itself and
 * leave ({@code 530 5.7.0}). After that: where a login is required, MAIL, VRFY and EXPN wait for it
 * ({@code 530 5.7.0}). MAIL with REQUIRETLS needs TLS ({@code 530 5.7.10}, RFC 8689). LMTP has LHLO
 * in the place of HELO and EHLO (RFC 2033 section 4.1), and SMTP does not know LHLO.
 */
final class CommandGate {
    /** The answer of the gate. */
    @SuppressWarnings("ImmutableEnumChecker") // nobody changes the octets of a canned reply
    enum Passage {
        OPEN(Codes.SEQUENCE, Replies.OK),
        LHLO_ONLY(Codes.UNKNOWN_VERB, CannedReply.of(500, "5.5.1", "this is LMTP, say LHLO")),
        HELLO_FIRST(Codes.SEQUENCE, CannedReply.of(503, "5.5.1", "say EHLO or HELO first")),
        MAIL_FIRST(Codes.SEQUENCE, CannedReply.of(503, "5.5.1", "no transaction, MAIL first")),
        NESTED_MAIL(Codes.SEQUENCE, CannedReply.of(503, "5.5.1", "a transaction is open")),
        NO_RECIPIENTS(Codes.SEQUENCE, CannedReply.of(554, "5.5.1", "no valid recipients")),
        NO_LMTP_RECIPIENTS(Codes.SEQUENCE, CannedReply.of(503, "5.5.1", "no valid recipients")),
        CHUNKS_BEGUN(Codes.SEQUENCE, CannedReply.of(503, "5.5.1", "only BDAT can follow BDAT")),
        IN_TRANSACTION(Codes.SEQUENCE, CannedReply.of(503, "5.5.1", "not in a transaction")),
        QUIT_ONLY(Codes.SEQUENCE, CannedReply.of(503, "5.5.1", "no service for you but QUIT")),
        TLS_FIRST(
                Codes.TLS_NEEDED,
                CannedReply.of(530, "5.7.0", "must issue a STARTTLS command first")),
        TLS_ACTIVE(Codes.SEQUENCE, CannedReply.of(503, "5.5.1", "TLS is active already")),
        NO_TLS(Codes.EXTENSION, CannedReply.of(502, "5.5.1", "STARTTLS is not available")),
        LOGIN_FIRST(Codes.LOGIN_NEEDED, CannedReply.of(530, "5.7.0", "authentication required")),
        LOGGED_IN(Codes.SEQUENCE, CannedReply.of(503, "5.5.1", "logged in already")),
        NO_AUTH(Codes.EXTENSION, CannedReply.of(502, "5.5.1", "AUTH is not available")),
        NOT_OFFERED(Codes.EXTENSION, CannedReply.of(502, "5.5.1", "this is not available to you")),
        NO_PARAMETER(
                Codes.EXTENSION,
                CannedReply.of(555, "5.5.4", "a parameter is not available to you")),
        REQUIRES_TLS(
                Codes.TLS_NEEDED,
                CannedReply.of(530, "5.7.10", "REQUIRETLS needs a STARTTLS command first")),
        CLEAR_TEXT(
                Codes.TLS_NEEDED,
                CannedReply.of(538, "5.7.11", "encryption required for authentication mechanisms"));

        private final String code;
        private final CannedReply reply;

        Passage(String code, CannedReply reply) {
            this.code = code;
            this.reply = reply;
        }

        /** The stable code of the refusal. */
        String code() {
            return code;
        }

        /** The refusal; not to be said for OPEN. */
        CannedReply reply() {
            return reply;
        }
    }

    private final Tls tls;
    private final Auth auth;
    private final Protocol protocol;
    private final boolean needsHello;
    private final boolean takesClearTextLogins;

    CommandGate(ListenerSettings settings) {
        this.protocol = settings.protocol();
        this.tls = settings.tls();
        this.auth = settings.auth();
        this.needsHello = settings.needsHello();
        this.takesClearTextLogins = settings.takesClearTextLogins();
    }

    CommandGate(Tls tls, Auth auth, Protocol protocol, boolean needsHello) {
        this.protocol = protocol;
        this.tls = tls;
        this.auth = auth;
        this.needsHello = needsHello;
        this.takesClearTextLogins = false;
    }

    /** The answer for a command in a state. */
    Passage check(Command command, SessionState state, boolean secured, boolean loggedIn) {
        if (state instanceof SessionState.Connected connected
                && !connected.welcome()
                && !(command instanceof Command.Quit)) {
            return Passage.QUIT_ONLY;
        }
        if (tls == Tls.REQUIRE && !secured && !isForClearText(command)) {
            return Passage.TLS_FIRST;
        }
        Passage passage = byState(command, state, secured, loggedIn);
        boolean loginMissing = auth == Auth.REQUIRED && !loggedIn;
        return passage == Passage.OPEN && loginMissing && needsLogin(command)
                ? Passage.LOGIN_FIRST
                : passage;
    }

    private Passage byState(
            Command command, SessionState state, boolean secured, boolean loggedIn) {
        return switch (command) {
            case Command.Mail m when m.options().requireTls() && !secured -> Passage.REQUIRES_TLS;
            case Command.Mail m -> mail(state);
            case Command.Rcpt r -> rcpt(state);
            case Command.Data d -> data(state);
            case Command.Bdat b -> bdat(state);
            case Command.StartTls s -> startTls(state, secured);
            case Command.Auth a -> auth(state, secured, loggedIn);
            case Command.Helo h -> smtpOnly();
            case Command.Ehlo e -> smtpOnly();
            case Command.Lhlo l -> Passage.OPEN;
            case Command.Rset r -> Passage.OPEN;
            case Command.Noop n -> Passage.OPEN;
            case Command.Help h -> Passage.OPEN;
            case Command.Vrfy v -> Passage.OPEN;
            case Command.Expn e -> Passage.OPEN;
            case Command.Quit q -> Passage.OPEN;
            case Command.Unknown u -> Passage.OPEN;
            case Command.Malformed m when m.verb().equals("AUTH") -> auth(state, secured, loggedIn);
            case Command.Malformed m -> Passage.OPEN;
        };
    }

    private Passage smtpOnly() {
        return protocol == Protocol.LMTP ? Passage.LHLO_ONLY : Passage.OPEN;
    }

    private Passage mail(SessionState state) {
        return switch (state) {
            case SessionState.Connected c -> needsHello ? Passage.HELLO_FIRST : Passage.OPEN;
            case SessionState.Identified i -> Passage.OPEN;
            case SessionState.Transacting t ->
                    t.transaction().isContentRefused() ? Passage.OPEN : Passage.NESTED_MAIL;
            case SessionState.Receiving r -> Passage.NESTED_MAIL;
            case SessionState.Closing c -> Passage.QUIT_ONLY;
        };
    }

    private static Passage rcpt(SessionState state) {
        return switch (state) {
            case SessionState.Connected c -> Passage.HELLO_FIRST;
            case SessionState.Identified i -> Passage.MAIL_FIRST;
            case SessionState.Transacting t -> Passage.OPEN;
            case SessionState.Receiving r -> Passage.CHUNKS_BEGUN;
            case SessionState.Closing c -> Passage.QUIT_ONLY;
        };
    }

    private Passage data(SessionState state) {
        return state instanceof SessionState.Receiving ? Passage.CHUNKS_BEGUN : bdat(state);
    }

    /** RFC 5321 section 3.3, RFC 2033 section 4.2. */
    private Passage noRecipients() {
        return protocol == Protocol.LMTP ? Passage.NO_LMTP_RECIPIENTS : Passage.NO_RECIPIENTS;
    }

    private Passage bdat(SessionState state) {
        return switch (state) {
            case SessionState.Connected c -> Passage.HELLO_FIRST;
            case SessionState.Identified i -> Passage.MAIL_FIRST;
            case SessionState.Transacting t ->
                    t.transaction().recipientCount() == 0 ? noRecipients() : Passage.OPEN;
            case SessionState.Receiving r -> Passage.OPEN;
            case SessionState.Closing c -> Passage.QUIT_ONLY;
        };
    }

    private Passage startTls(SessionState state, boolean secured) {
        if (secured) {
            return Passage.TLS_ACTIVE;
        }
        if (tls == Tls.OFF) {
            return Passage.NO_TLS;
        }
        return inTransaction(state) ? Passage.IN_TRANSACTION : Passage.OPEN;
    }

    private Passage auth(SessionState state, boolean secured, boolean loggedIn) {
        if (auth == Auth.OFF) {
            return Passage.NO_AUTH;
        }
        if (!secured && !takesClearTextLogins) {
            return Passage.CLEAR_TEXT;
        }
        if (state instanceof SessionState.Connected) {
            return Passage.HELLO_FIRST;
        }
        if (loggedIn) {
            return Passage.LOGGED_IN;
        }
        return inTransaction(state) ? Passage.IN_TRANSACTION : Passage.OPEN;
    }

    private static boolean inTransaction(SessionState state) {
        return state instanceof SessionState.Transacting || state instanceof SessionState.Receiving;
    }

    /** What RFC 3207 section 4 lets pass before STARTTLS. */
    private static boolean isForClearText(Command command) {
        return switch (command) {
            case Command.Helo h -> true;
            case Command.Ehlo e -> true;
            case Command.Lhlo l -> true;
            case Command.StartTls s -> true;
            case Command.Noop n -> true;
            case Command.Rset r -> true;
            case Command.Quit q -> true;
            case Command.Mail m -> false;
            case Command.Rcpt r -> false;
            case Command.Data d -> false;
            case Command.Bdat b -> false;
            case Command.Help h -> false;
            case Command.Vrfy v -> false;
            case Command.Expn e -> false;
            case Command.Auth a -> false;
            case Command.Unknown u -> false;
            case Command.Malformed m -> m.verb().equals("STARTTLS");
        };
    }

    private static boolean needsLogin(Command command) {
        return command instanceof Command.Mail
                || command instanceof Command.Vrfy
                || command instanceof Command.Expn;
    }
}
