package org.posthouse.client;

import org.posthouse.core.AccessTokens;
import org.posthouse.core.Reply;
import org.posthouse.core.SaslMechanism;
import org.posthouse.platform.TlsFacts;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Logs in (RFC 4954). What it writes is secret: nothing else of a conversation is, and all that is
 * goes through {@link #say}.
 */
final class Authenticator {
    /** RFC 4954 section 4: a longer line has no first words of ours in it. */
    private static final int LINE_OCTETS_MAX = 512 - 2;

    private static final int CHALLENGES_MAX = 5;
    private static final int REFUSED = 535;

    private static final List<SaslMechanism> STRONGEST_FIRST =
            List.of(
                    SaslMechanism.SCRAM_SHA_256_PLUS,
                    SaslMechanism.SCRAM_SHA_256,
                    SaslMechanism.PLAIN,
                    SaslMechanism.LOGIN);
    private static final List<SaslMechanism> FOR_TOKENS =
            List.of(SaslMechanism.OAUTHBEARER, SaslMechanism.XOAUTH2);

    private final Conversation wire;
    private final Extensions extensions;
    private final Duration command;

    Authenticator(Conversation wire, Extensions extensions, Duration command) {
        this.wire = wire;
        this.extensions = extensions;
        this.command = command;
    }

    /** What came of it. */
    sealed interface Result {
        /** The host said so, for good or ill. */
        record Said(Reply reply) implements Result {}

        /** It did not come to that. */
        record Failed(String why) implements Result {}
    }

    Result logIn(Login login) throws IOException {
        return switch (login) {
            case Login.None none -> throw new IllegalArgumentException("no login");
            case Login.Password password -> byPassword(password);
            case Login.Token token -> byToken(token);
        };
    }

    private Result byPassword(Login.Password login) throws IOException {
        Optional<SaslMechanism> found = offered(login.how(), STRONGEST_FIRST);
        if (found.isEmpty()) {
            return notOffered(login.how(), STRONGEST_FIRST);
        }
        SaslMechanism how = found.get();
        SaslClient client =
                switch (how) {
                    case LOGIN -> SaslClient.login(login.user(), login.secret());
                    case CRAM_MD5 -> SaslClient.cramMd5(login.user(), login.secret());
                    case SCRAM_SHA_256, SCRAM_SHA_256_PLUS ->
                            new ScramClient(login, login.nonces().get(), binding(how));
                    case PLAIN, AUTO, XOAUTH2, OAUTHBEARER ->
                            SaslClient.plain(login.user(), login.secret());
                };
        return exchange(how, client);
    }

    /** A token that was kept may have become useless: then a fresh one is tried, once. */
    private Result byToken(Login.Token login) throws IOException {
        Optional<SaslMechanism> found = offered(login.how(), FOR_TOKENS);
        if (found.isEmpty()) {
            return notOffered(login.how(), FOR_TOKENS);
        }
        String refused = "";
        while (true) {
            switch (login.tokens().token(refused)) {
                case AccessTokens.Given.None none -> {
                    return new Result.Failed("no access token: " + none.why());
                }
                case AccessTokens.Given.Token token -> {
                    Result result = exchange(found.get(), client(found.get(), login, token));
                    boolean isRefused =
                            result instanceof Result.Said said && said.reply().code() == REFUSED;
                    if (!isRefused || token.fresh() || !refused.isEmpty()) {
                        return result;
                    }
                    refused = token.value();
                }
            }
        }
    }

    private SaslClient client(
            SaslMechanism how, Login.Token login, AccessTokens.Given.Token token) {
        var host = wire.connection().remote();
        return how == SaslMechanism.XOAUTH2
                ? SaslClient.xoauth2(login.user(), token.value())
                : SaslClient.bearer(
                        login.user(),
                        token.value(),
                        host.getAddress().getHostAddress(),
                        host.getPort());
    }

    private Result exchange(SaslMechanism how, SaslClient client) throws IOException {
        try {
            Reply reply = begin(how, client);
            for (int i = 0; i < CHALLENGES_MAX && reply.isIntermediate(); i++) {
                reply = say(base64(client.answer(challenge(reply))));
            }
            if (reply.isPositive() && !client.isComplete()) {
                throw new SaslClient.Broken("it did not prove that it knows the password");
            }
            return reply.isIntermediate()
                    ? new Result.Failed(how.word() + ": it asks and asks")
                    : new Result.Said(reply);
        } catch (SaslClient.Broken e) {
            return new Result.Failed(how.word() + ": " + e.getMessage());
        }
    }

    private Reply begin(SaslMechanism how, SaslClient client)
            throws IOException, SaslClient.Broken {
        String verb = "AUTH " + how.word();
        if (!client.isFirst()) {
            return say(verb);
        }
        String first = base64(client.answer(new byte[0]));
        String line = verb + " " + (first.isEmpty() ? "=" : first);
        if (line.length() <= LINE_OCTETS_MAX) {
            return say(line);
        }
        Reply reply = say(verb);
        return reply.isIntermediate() ? say(first) : reply;
    }

    /** Writes a line that nobody may see. */
    private Reply say(String secret) throws IOException {
        return wire.exchange(secret + "\r\n", command);
    }

    private Optional<SaslMechanism> offered(
            SaslMechanism wanted, List<SaslMechanism> strongestFirst) {
        List<SaslMechanism> all = wanted == SaslMechanism.AUTO ? strongestFirst : List.of(wanted);
        for (SaslMechanism each : all) {
            boolean isPlus = each == SaslMechanism.SCRAM_SHA_256_PLUS;
            if (extensions.offersMechanism(each.word()) && (!isPlus || certificate().isPresent())) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    private static Result notOffered(SaslMechanism wanted, List<SaslMechanism> all) {
        List<SaslMechanism> tried = wanted == SaslMechanism.AUTO ? all : List.of(wanted);
        String words = String.join(", ", tried.stream().map(SaslMechanism::word).toList());
        return new Result.Failed("the host offers no login that we may use (" + words + ")");
    }

    private Optional<X509Certificate> certificate() {
        return wire.connection().tls().flatMap(TlsFacts::peerCertificate);
    }

    private ScramClient.Binding binding(SaslMechanism how) {
        if (how == SaslMechanism.SCRAM_SHA_256_PLUS) {
            return ScramClient.Binding.of(TlsFacts.endPoint(certificate().orElseThrow()));
        }
        boolean couldBind =
                certificate().isPresent()
                        && !extensions.offersMechanism(SaslMechanism.SCRAM_SHA_256_PLUS.word());
        return couldBind ? ScramClient.Binding.NOT_OFFERED : ScramClient.Binding.NONE;
    }

    private static byte[] challenge(Reply reply) throws SaslClient.Broken {
        String text = reply.lines().getLast().strip();
        try {
            return text.equals("=") ? new byte[0] : Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new SaslClient.Broken("what it said is not in base 64");
        }
    }

    private static String base64(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }
}
