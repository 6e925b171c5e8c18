package org.posthouse.client;

import org.jspecify.annotations.Nullable;
import org.posthouse.core.MailEvent.Step;
import org.posthouse.core.Reply;
import org.posthouse.core.TlsFault;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

import javax.net.ssl.SSLException;

/** From the greeting to the point where the first transaction may begin. Used once. */
final class Opener {
    private static final int SERVICE_CLOSING = 421;
    private static final int UNKNOWN = 500;
    private static final int NOT_IMPLEMENTED = 502;

    private final TimeSource time;
    private final Conversation wire;
    private final ClientSettings settings;
    private final Steps steps;
    private final Duration command;
    private Stage stage = Stage.GREETING;
    private Extensions extensions = Extensions.NONE;
    private final Set<HostTrait> learned = EnumSet.noneOf(HostTrait.class);

    Opener(TimeSource time, Conversation wire, ClientSettings settings, Steps steps) {
        this.time = time;
        this.wire = wire;
        this.settings = settings;
        this.steps = steps;
        command = settings.timeouts().command();
    }

    Opening open() {
        Opening.NotOpened refusal;
        try {
            refusal = converse();
        } catch (IOException e) {
            String when = "in " + stage;
            Reply words = Conversation.wordsFor(e, when);
            refusal = new Opening.NotOpened(stage, false, words, Faults.of(e));
        }
        if (refusal != null) {
            wire.close();
            if (!refusal.said()) {
                wire.note(refusal.reply().lines().getFirst());
            }
            return refusal.with(wire.tape().dialogue());
        }
        return new Opening.Opened(
                new ClientSession(time, wire, settings, extensions, steps, learned));
    }

    private Opening.@Nullable NotOpened converse() throws IOException {
        if (settings.useTls() == ClientSettings.UseTls.IMPLICIT) {
            handshake();
        }
        stage = Stage.GREETING;
        Reply greeting = wire.reply(settings.timeouts().greeting());
        if (!greeting.isPositive()) {
            return said(greeting);
        }
        Opening.NotOpened refusal = hello();
        if (refusal == null) {
            refusal = startTls();
        }
        return refusal == null ? logIn() : refusal;
    }

    /** EHLO, and HELO where it is refused for good (RFC 5321 section 3.2); or LHLO. */
    private Opening.@Nullable NotOpened hello() throws IOException {
        stage = Stage.HELLO;
        steps.reached(Step.HELLO);
        if (settings.protocol().isLmtp()) {
            return localHello();
        }
        boolean needsNothing =
                settings.useTls() != ClientSettings.UseTls.REQUIRED
                        && settings.login() instanceof Login.None;
        boolean isKnown =
                settings.knows(HostTrait.NO_EHLO) || settings.knows(HostTrait.CLOSED_AT_EHLO);
        if (needsNothing && isKnown) {
            return plainHello();
        }
        Reply reply = wire.exchange("EHLO " + settings.heloName() + "\r\n", command);
        if (reply.isPositive()) {
            extensions = Extensions.of(reply).without(settings);
            return null;
        }
        if (!reply.isPermanent()) {
            return said(reply);
        }
        if (reply.code() == UNKNOWN || reply.code() == NOT_IMPLEMENTED) {
            learned.add(HostTrait.NO_EHLO);
        }
        return plainHello();
    }

    /** RFC 2033 section 4.1; there is nothing plainer. */
    private Opening.@Nullable NotOpened localHello() throws IOException {
        Reply reply = wire.exchange("LHLO " + settings.heloName() + "\r\n", command);
        if (!reply.isPositive()) {
            return said(reply);
        }
        extensions = Extensions.of(reply).without(settings);
        return null;
    }

    private Opening.@Nullable NotOpened plainHello() throws IOException {
        extensions = Extensions.NONE;
        Reply reply = wire.exchange("HELO " + settings.heloName() + "\r\n", command);
        return reply.isPositive() ? null : said(reply);
    }

    private Opening.@Nullable NotOpened startTls() throws IOException {
        boolean offered = extensions.offers("STARTTLS") && !wire.isSecured();
        return switch (settings.useTls()) {
            case OFF, IMPLICIT -> null;
            case WHERE_OFFERED -> offered ? upgrade() : null;
            case REQUIRED ->
                    offered
                            ? upgrade()
                            : missing(
                                    TlsFault.STARTTLS_NOT_SUPPORTED,
                                    "the host does not offer STARTTLS");
        };
    }

    private Opening.@Nullable NotOpened upgrade() throws IOException {
        stage = Stage.TLS;
        Reply reply = wire.exchange("STARTTLS\r\n", command);
        if (!reply.isPositive()) {
            boolean stop =
                    settings.useTls() == ClientSettings.UseTls.REQUIRED
                            || reply.code() == SERVICE_CLOSING;
            return stop ? said(reply) : null;
        }
        handshake();
        return helloAgain();
    }

    /** A host that ends here did not like the handshake: with TLS 1.3 it tells so only now. */
    private Opening.@Nullable NotOpened helloAgain() throws IOException {
        try {
            return hello();
        } catch (IOException e) {
            stage = Stage.TLS;
            throw e;
        }
    }

    private void handshake() throws IOException {
        stage = Stage.TLS;
        steps.reached(Step.NEGOTIATING_TLS);
        wire.secure(settings.tls(), command);
        steps.reached(Step.ESTABLISHED_TLS);
        String objection = wire.connection().tls().map(steps::objection).orElse("");
        if (!objection.isEmpty()) {
            throw new SSLException(objection);
        }
    }

    private Opening.@Nullable NotOpened logIn() throws IOException {
        if (settings.login() instanceof Login.None) {
            return null;
        }
        stage = Stage.AUTH;
        if (!wire.isSecured() && settings.useTls() != ClientSettings.UseTls.OFF) {
            return missing(
                    TlsFault.STARTTLS_NOT_SUPPORTED, "no TLS, so that the password is not sent");
        }
        steps.reached(Step.AUTHENTICATING);
        var authenticator = new Authenticator(wire, extensions, command);
        return switch (authenticator.logIn(settings.login())) {
            case Authenticator.Result.Said said ->
                    said.reply().isPositive() ? null : said(said.reply());
            case Authenticator.Result.Failed failed ->
                    missing(TlsFault.VALIDATION_FAILURE, failed.why());
        };
    }

    private Opening.NotOpened said(Reply reply) {
        return new Opening.NotOpened(stage, true, reply);
    }

    private Opening.NotOpened missing(TlsFault fault, String what) {
        stage = stage == Stage.AUTH ? Stage.AUTH : Stage.TLS;
        return new Opening.NotOpened(stage, false, Reply.of(454, "4.7.0", what), fault);
    }
}
