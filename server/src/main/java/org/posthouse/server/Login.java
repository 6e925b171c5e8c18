package org.posthouse.server;

import org.posthouse.core.Command;
import org.posthouse.core.MailEvent;
import org.posthouse.core.ProtocolLimits;
import org.posthouse.platform.TimeSource;
import org.posthouse.server.SaslExchange.Step;
import org.posthouse.server.SessionPolicy.StageVerdict;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** The AUTH command (RFC 4954 section 4) with its challenges and answers. */
final class Login {
    /** The first failure waits this long, each further one twice as long, up to the longest. */
    static final Duration FAILURE_DELAY = Duration.ofSeconds(1);

    static final int FAILURE_DELAY_DOUBLINGS_MAX = 3;

    /** Characters of a login that are told of, whatever a client sends. */
    private static final int LOGIN_TOLD_MAX = 256;

    private static final String STAGE = "AUTH";

    private final Reception reception;
    private final Dialogue dialogue;
    private final LiveSession live;
    private final Wire wire;
    private int failures;
    private boolean isOver;

    Login(Reception reception, Dialogue dialogue, LiveSession live, Wire wire) {
        this.reception = reception;
        this.dialogue = dialogue;
        this.live = live;
        this.wire = wire;
    }

    /** Wrong logins so far; an accepted message does not forget them. */
    int failures() {
        return failures;
    }

    /** Another client speaks, which has failed nothing yet. */
    void beginAgain() {
        failures = 0;
    }

    /** Runs one exchange to its end. */
    void run(Command.Auth command) throws IOException {
        Optional<SaslExchange> exchange =
                reception.mechanisms().exchange(command.mechanism(), live);
        boolean isEarly =
                !command.initialResponse().isEmpty()
                        && exchange.filter(e -> !e.takesInitialResponse()).isPresent();
        if (exchange.isEmpty()) {
            refuse(Codes.EXTENSION, Replies.AUTH_UNKNOWN);
            return;
        }
        if (isEarly) {
            refuse(Codes.SYNTAX, Replies.AUTH_NOT_BASE64);
            return;
        }
        if (!isSpared() && isLockedOut(ofClient())) {
            refuse(Codes.LOCKED_OUT, Replies.LOCKED_OUT);
            return;
        }
        Step step =
                command.initialResponse().isEmpty()
                        ? exchange.get().begin()
                        : initial(exchange.get(), command.initialResponse());
        while (step instanceof Step.Challenge challenge) {
            Optional<Step> next = challenge(exchange.get(), challenge);
            if (next.isEmpty()) {
                return;
            }
            step = next.get();
        }
        finish(command.mechanism(), step);
    }

    /** The initial response; {@code =} stands for an empty one. */
    private static Step initial(SaslExchange exchange, String response) {
        if (response.equals("=")) {
            return exchange.answer(new byte[0]);
        }
        Optional<byte[]> octets = decode(response.getBytes(StandardCharsets.ISO_8859_1));
        return octets.isEmpty() ? new Step.Broken() : exchange.answer(octets.get());
    }

    /** Asks, waits for the answer and takes it; nothing when the exchange is over. */
    private Optional<Step> challenge(SaslExchange exchange, Step.Challenge challenge)
            throws IOException {
        ask(challenge.octets());
        var deadline = time().after(reception.limits().commandTimeout());
        if (!wire.readCommand(ProtocolLimits.AUTH_LINE_OCTETS_MAX, deadline)) {
            refuse(Codes.SYNTAX, Replies.AUTH_TOO_LONG);
            return Optional.empty();
        }
        byte[] line = Arrays.copyOfRange(wire.buffer(), wire.lineFrom(), wire.lineTo());
        if (line.length == 1 && line[0] == '*') {
            refuse(Codes.SYNTAX, Replies.AUTH_CANCELLED);
            return Optional.empty();
        }
        Optional<byte[]> octets = wire.lineEndedByCrlf() ? decode(line) : Optional.empty();
        return Optional.of(octets.isEmpty() ? new Step.Broken() : exchange.answer(octets.get()));
    }

    private void finish(String mechanism, Step step) throws IOException {
        switch (step) {
            case Step.Challenge c -> throw new IllegalStateException("not the end of an exchange");
            case Step.Broken b -> refuse(Codes.SYNTAX, Replies.AUTH_NOT_BASE64);
            case Step.Refused r -> fail(mechanism, r.login());
            case Step.Proved p when isLoginLockedOut(p.login()) ->
                    refuse(Codes.LOCKED_OUT, Replies.LOCKED_OUT);
            case Step.Proved p -> welcome(mechanism, p.login());
            case Step.CheckToken check when isLoginLockedOut(check.login()) ->
                    refuse(Codes.LOCKED_OUT, Replies.LOCKED_OUT);
            case Step.CheckToken check -> check(mechanism, check);
            case Step.Check check when isLoginLockedOut(check.credentials().login()) ->
                    refuse(Codes.LOCKED_OUT, Replies.LOCKED_OUT);
            case Step.Check check -> check(mechanism, check.credentials());
        }
    }

    private boolean isExempt() {
        return reception.limits().exempts(live.clientAddress());
    }

    /** Not to be locked out. */
    private boolean isSpared() {
        boolean isHere = live.client().getAddress().isLoopbackAddress();
        return isExempt() || (isHere && reception.settings().lockout().sparesLoopback());
    }

    private String ofClient() {
        return LoginFailures.ofClient(live.clientAddress());
    }

    /** Who is exempt is not locked out by what others do to a login. */
    private boolean isLoginLockedOut(String login) {
        return !isSpared() && isLockedOut(LoginFailures.ofLogin(login));
    }

    private boolean isLockedOut(String key) {
        return reception.loginFailures().isLockedOut(key, reception.settings().lockout());
    }

    /**
     * Counts a wrong login; true when there had been too many before. Tries that run at the same
     * time learn no more of their passwords than those that come one after the other.
     */
    private boolean remember(String login) {
        if (isSpared()) {
            return false;
        }
        Lockout lockout = reception.settings().lockout();
        boolean isLockedOut = reception.loginFailures().add(ofClient(), lockout);
        if (!login.isEmpty()) {
            isLockedOut |= reception.loginFailures().add(LoginFailures.ofLogin(login), lockout);
        }
        return isLockedOut;
    }

    private void check(String mechanism, Credentials credentials) throws IOException {
        Optional<String> identity = reception.policy().authenticate(live, mechanism, credentials);
        if (identity.isEmpty()) {
            refuse(Codes.HOOK_FAILED, Replies.AUTH_NOT_NOW);
        } else if (identity.get().isEmpty()) {
            fail(mechanism, credentials.login());
        } else {
            welcome(mechanism, identity.get());
        }
    }

    /** What the client answers to the challenge that tells of the failure does not matter. */
    private void check(String mechanism, Step.CheckToken check) throws IOException {
        Optional<String> identity =
                reception.policy().authenticateToken(live, mechanism, check.login(), check.token());
        if (identity.isEmpty()) {
            refuse(Codes.HOOK_FAILED, Replies.AUTH_NOT_NOW);
        } else if (!identity.get().isEmpty()) {
            welcome(mechanism, identity.get());
        } else {
            // first: the client may be gone instead of answering
            boolean isLockedOut = note(mechanism, check.login());
            boolean isAnswered = hasAnswered(check.failure());
            refuseLate(isLockedOut, isAnswered ? Replies.AUTH_FAILED : Replies.AUTH_TOO_LONG);
        }
    }

    private boolean hasAnswered(byte[] challenge) throws IOException {
        ask(challenge);
        var deadline = time().after(reception.limits().commandTimeout());
        return wire.readCommand(ProtocolLimits.AUTH_LINE_OCTETS_MAX, deadline);
    }

    private void ask(byte[] challenge) {
        wire.text("334 ");
        wire.text(Base64.getEncoder().encodeToString(challenge));
        wire.text("\r\n");
    }

    private void welcome(String mechanism, String identity) {
        if (!isSpared() && (isLockedOut(ofClient()) || isLoginLockedOut(identity))) {
            refuse(Codes.LOCKED_OUT, Replies.LOCKED_OUT); // others failed meanwhile
            return;
        }
        switch (reception.policy().login(live, identity)) {
            case StageVerdict.Proceed p -> {
                enter(mechanism, identity);
                dialogue.say(Replies.LOGGED_IN);
            }
            case StageVerdict.Say s -> {
                enter(mechanism, identity);
                wire.say(s.reply());
            }
            case StageVerdict.Refuse r -> dialogue.refuse(STAGE, "", r.code(), r.reply());
            case StageVerdict.Disconnect d -> {
                dialogue.refuse(STAGE, "", d.code(), d.reply());
                isOver = true;
            }
        }
    }

    private void enter(String mechanism, String identity) {
        live.loggedIn(identity);
        reception.loginFailures().forget(LoginFailures.ofLogin(identity));
        tell(mechanism, identity, true);
    }

    /** True when the session is to end. */
    boolean isOver() {
        return isOver;
    }

    private void fail(String mechanism, String login) throws IOException {
        refuseLate(note(mechanism, login), Replies.AUTH_FAILED);
    }

    /** Counts and tells of a wrong login; true when there had been too many before. */
    private boolean note(String mechanism, String login) {
        failures++;
        boolean isLockedOut = remember(login);
        tell(mechanism, login, false);
        return isLockedOut;
    }

    /** Lets the client wait, the longer the more it has failed. */
    private void refuseLate(boolean isLockedOut, CannedReply reply) throws IOException {
        wire.flush(time().after(reception.limits().commandTimeout()));
        int doublings = Math.min(failures - 1, FAILURE_DELAY_DOUBLINGS_MAX);
        try {
            if (!isExempt()) {
                time().sleep(FAILURE_DELAY.multipliedBy(1L << doublings));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
        if (isLockedOut) {
            refuse(Codes.LOCKED_OUT, Replies.LOCKED_OUT);
        } else {
            refuse(Codes.WRONG_LOGIN, reply);
        }
    }

    private void refuse(String code, CannedReply reply) {
        dialogue.refuse(STAGE, "", code, reply);
    }

    private void tell(String mechanism, String login, boolean succeeded) {
        String shown = login.substring(0, Math.min(login.length(), LOGIN_TOLD_MAX));
        reception
                .events()
                .emit(
                        new MailEvent.Authenticated(
                                dialogue.now(), live.number(), mechanism, shown, succeeded));
    }

    private TimeSource time() {
        return reception.platform().time();
    }

    /** Base64 with its padding (RFC 4648 section 4), nothing else. */
    private static Optional<byte[]> decode(byte[] text) {
        if (text.length % 4 != 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
