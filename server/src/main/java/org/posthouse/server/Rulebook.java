package org.posthouse.server;

import org.posthouse.core.BodyType;
import org.posthouse.core.Command;
import org.posthouse.core.CommandParser;
import org.posthouse.server.CommandGate.Passage;
import org.posthouse.server.ListenerSettings.Auth;
import org.posthouse.server.ListenerSettings.Tls;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that follows from the settings of a listener: what its clients may say, and what it says by
 * itself. Pure, so that {@link Rehearsal} gives the answers that sessions give.
 */
final class Rulebook {
    private final ListenerSettings settings;
    private final String postmasterDomain;
    private final CommandGate gate;
    private final CommandParser parser;
    private final CommandParser completing;
    private final CannedReply greeting;
    private final CannedReply goodbye;
    private final CannedReply heloReply;

    /** Replaced when other mechanisms are offered; as the one below. */
    private volatile EhloReply ehloClearText;

    /** Replaced when other mechanisms are offered. */
    private volatile EhloReply ehloSecured;

    Rulebook(ListenerSettings settings, String postmasterDomain) {
        this.settings = settings;
        this.postmasterDomain = postmasterDomain;
        gate = new CommandGate(settings);
        parser = new CommandParser(postmasterDomain);
        completing =
                settings.completionDomain().isEmpty()
                        ? parser
                        : parser.completing(settings.completionDomain());
        greeting = CannedReply.plain(220, words(settings.hostname(), settings.greeting()));
        goodbye = CannedReply.of(221, "2.0.0", words(settings.goodbye(), ""));
        heloReply = CannedReply.plain(250, settings.hostname());
        ehloClearText = ehloReplyWith(false, List.of());
        ehloSecured = ehloReplyWith(true, List.of());
    }

    /** A refusal that needs nobody's opinion. */
    record Refusal(String code, CannedReply reply) {}

    /**
     * Where a session stands when a command comes.
     *
     * @param discarded keywords of EHLO that its client is not told of
     */
    record Standing(
            SessionState state, boolean secured, boolean loggedIn, List<String> discarded) {}

    ListenerSettings settings() {
        return settings;
    }

    String postmasterDomain() {
        return postmasterDomain;
    }

    /** For a client that has logged in, or one that has not. */
    CommandParser parser(boolean loggedIn) {
        return loggedIn ? completing : parser;
    }

    /** Whether a command has its place now. */
    Passage passage(Command command, Standing standing) {
        Passage passage =
                gate.check(command, standing.state(), standing.secured(), standing.loggedIn());
        boolean isDiscarded =
                !standing.discarded().isEmpty()
                        && Discard.neededBy(command).stream()
                                .anyMatch(standing.discarded()::contains);
        if (passage != Passage.OPEN || !isDiscarded) {
            return passage;
        }
        boolean isParameter = command instanceof Command.Mail || command instanceof Command.Rcpt;
        return isParameter ? Passage.NO_PARAMETER : Passage.NOT_OFFERED;
    }

    /** What is wrong with the parameters of MAIL; empty when nothing is. */
    Optional<Refusal> flawOf(Command.Mail command) {
        long octetsMax = settings.limits().messageOctetsMax();
        if (octetsMax > 0 && command.options().declaredOctets() > octetsMax) {
            return Optional.of(new Refusal(Codes.SIZE, Replies.TOO_BIG));
        }
        boolean isBinary = command.options().body() == BodyType.BINARY_MIME;
        return isBinary && !settings.content().binaryMime()
                ? Optional.of(new Refusal(Codes.EXTENSION, Replies.NO_BINARY))
                : Optional.empty();
    }

    CannedReply greeting() {
        return greeting;
    }

    CannedReply goodbye() {
        return goodbye;
    }

    CannedReply heloReply() {
        return heloReply;
    }

    /**
     * The reply to EHLO.
     *
     * @param offered the mechanisms of now
     */
    CannedReply ehloReply(boolean secured, List<Mechanism> offered) {
        EhloReply reply = secured ? ehloSecured : ehloClearText;
        if (offersLogins(secured) && !offered.equals(reply.offered())) {
            reply = ehloReplyWith(secured, offered);
            if (secured) {
                ehloSecured = reply;
            } else {
                ehloClearText = reply;
            }
        }
        return reply.reply();
    }

    /** Whether mechanisms are told of, when there are some. */
    boolean offersLogins(boolean secured) {
        return settings.auth() != Auth.OFF && (secured || settings.takesClearTextLogins());
    }

    /** A reply with the mechanisms in it. */
    private record EhloReply(List<Mechanism> offered, CannedReply reply) {}

    private EhloReply ehloReplyWith(boolean secured, List<Mechanism> offered) {
        return new EhloReply(offered, CannedReply.lines(250, keywords(secured, offered)));
    }

    private List<String> keywords(boolean secured, List<Mechanism> offered) {
        var lines = new ArrayList<String>();
        lines.add(settings.hostname());
        lines.add("PIPELINING");
        lines.add("SIZE " + Math.max(0, settings.limits().messageOctetsMax()));
        if (!secured && settings.tls() != Tls.OFF) {
            lines.add("STARTTLS");
        }
        if (offersLogins(secured) && !offered.isEmpty()) {
            lines.add("AUTH " + String.join(" ", offered.stream().map(Mechanism::word).toList()));
        }
        if (secured) {
            lines.add(Discard.REQUIRETLS);
        }
        lines.add("ENHANCEDSTATUSCODES");
        lines.add("8BITMIME");
        lines.add("SMTPUTF8");
        lines.add("CHUNKING");
        if (settings.content().binaryMime()) {
            lines.add("BINARYMIME");
        }
        lines.add("DSN");
        lines.add(limitsKeyword(settings.limits()));
        lines.addAll(settings.keywords());
        return lines;
    }

    /** RFC 9422. */
    private static String limitsKeyword(ServerLimits limits) {
        return "LIMITS MAILMAX=" + limits.transactionsMax() + " RCPTMAX=" + limits.recipientsMax();
    }

    private static String words(String first, String second) {
        return second.isEmpty() ? first : first + " " + second;
    }
}
