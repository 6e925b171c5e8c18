package org.posthouse.server;

import org.posthouse.core.Command;
import org.posthouse.core.ProtocolLimits;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.core.ReversePath;
import org.posthouse.platform.Deadline;
import org.posthouse.policy.IpAddress;
import org.posthouse.server.CommandGate.Passage;
import org.posthouse.server.ListenerSettings.Protocol;
import org.posthouse.server.ListenerSettings.Tls;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a listener would say to a client up to RCPT, as far as that follows from its settings: the
 * same parser and the same tables as those of sessions, without a session. What depends on others
 * (counts and rates of connections, hooks) is not part of it.
 *
 * @since 0.1
 */
public final class Rehearsal {
    private final Rulebook rules;
    private final Part part;
    private final List<String> discarded;
    private final List<String> said = new ArrayList<>();
    private SessionState state = new SessionState.Connected(true);
    private boolean secured;
    private boolean loggedIn;

    private Rehearsal(Rulebook rules, Part part) {
        this.rules = rules;
        this.part = part;
        discarded = Discard.of(rules.settings().discards(), part.client());
        secured = rules.settings().tls() == Tls.IMPLICIT;
    }

    /**
     * What the client does.
     *
     * @param client its address
     * @param secures it uses STARTTLS; of no meaning where TLS is there from the first octet
     * @param logsIn it logs in, rightly
     * @param heloName of EHLO
     * @param reversePath of MAIL, without the angle brackets
     * @param octets declared with SIZE; 0: not declared
     * @param recipient of RCPT, without the angle brackets
     */
    public record Part(
            IpAddress client,
            boolean secures,
            boolean logsIn,
            String heloName,
            String reversePath,
            long octets,
            String recipient) {}

    /** How far it comes. */
    public sealed interface Result {
        /** The commands that were taken, by their verbs. */
        List<String> taken();

        /**
         * Refused before anybody is asked about the recipient.
         *
         * @param verb the command that is refused; {@code connect} for none at all
         */
        record Refused(List<String> taken, String verb, Reply reply, String code)
                implements Result {
            /** Copies the list. */
            public Refused {
                taken = List.copyOf(taken);
            }
        }

        /** The policy would be asked. */
        record Asked(List<String> taken, ReversePath reversePath, Recipient recipient)
                implements Result {
            /** Copies the list. */
            public Asked {
                taken = List.copyOf(taken);
            }
        }
    }

    /**
     * Plays it through.
     *
     * @param postmasterDomain the domain of the bare {@code <postmaster>}
     */
    public static Result play(ListenerSettings settings, String postmasterDomain, Part part) {
        return new Rehearsal(new Rulebook(settings, postmasterDomain), part).play();
    }

    private Result play() {
        if (Introduction.isProxy(rules.settings(), part.client())) {
            Reply reply = Introduction.noHeader("the header did not come");
            return new Result.Refused(said, "connect", reply, Codes.PROXY);
        }
        try {
            introduce();
            return transact();
        } catch (Refusal e) {
            return new Result.Refused(said, e.verb, e.reply, e.code);
        }
    }

    private void introduce() throws Refusal {
        hello();
        if (part.secures() && !secured) {
            say("STARTTLS");
            secured = true;
            state = new SessionState.Connected(true);
            hello();
        }
        if (part.logsIn()) {
            say("AUTH PLAIN");
            loggedIn = true;
        }
    }

    private void hello() throws Refusal {
        boolean isLmtp = rules.settings().protocol() == Protocol.LMTP;
        say((isLmtp ? "LHLO " : "EHLO ") + part.heloName());
        state = new SessionState.Identified(part.heloName(), true);
    }

    private Result transact() throws Refusal {
        boolean utf8 = !isAscii(part.reversePath()) || !isAscii(part.recipient());
        String size = part.octets() > 0 ? " SIZE=" + part.octets() : "";
        Command mail =
                say("MAIL FROM:<" + part.reversePath() + ">" + size + (utf8 ? " SMTPUTF8" : ""));
        if (!(mail instanceof Command.Mail taken)) {
            throw new IllegalStateException("MAIL became " + mail.verb());
        }
        var transaction =
                new Transaction(taken.reversePath(), taken.options(), false, Deadline.NEVER);
        state = new SessionState.Transacting(state.peer(), transaction);
        Command rcpt = say("RCPT TO:<" + part.recipient() + ">");
        if (!(rcpt instanceof Command.Rcpt asked)) {
            throw new IllegalStateException("RCPT became " + rcpt.verb());
        }
        return new Result.Asked(said, taken.reversePath(), asked.recipient());
    }

    private Command say(String line) throws Refusal {
        byte[] octets = line.getBytes(StandardCharsets.UTF_8);
        boolean smtpUtf8 =
                state instanceof SessionState.Transacting t && t.transaction().options().smtpUtf8();
        Command command = rules.parser(loggedIn).parse(octets, 0, octets.length, smtpUtf8);
        if (octets.length + 2 > ProtocolLimits.COMMAND_LINE_OCTETS_MAX) {
            throw new Refusal(command, Codes.SYNTAX, Replies.LINE_TOO_LONG.reply());
        }
        Passage passage =
                rules.passage(command, new Rulebook.Standing(state, secured, loggedIn, discarded));
        if (passage != Passage.OPEN) {
            throw new Refusal(command, passage.code(), passage.reply().reply());
        }
        if (command instanceof Command.Malformed malformed) {
            throw new Refusal(command, Codes.SYNTAX, malformed.reply());
        }
        Optional<Rulebook.Refusal> flaw =
                command instanceof Command.Mail mail ? rules.flawOf(mail) : Optional.empty();
        if (flaw.isPresent()) {
            throw new Refusal(command, flaw.get().code(), flaw.get().reply().reply());
        }
        said.add(command.verb());
        return command;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    /** The end of a rehearsal. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        private final String verb;
        private final String code;
        private final transient Reply reply;

        Refusal(Command command, String code, Reply reply) {
            super(code, null, false, false);
            this.verb = command.verb();
            this.code = code;
            this.reply = reply;
        }
    }
}
