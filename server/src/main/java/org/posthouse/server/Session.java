package org.posthouse.server;

import org.posthouse.core.BodyType;
import org.posthouse.core.Command;
import org.posthouse.core.MailEvent;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.platform.Connection;
import org.posthouse.platform.DeadlineExceeded;
import org.posthouse.server.ClientRates.Kind;
import org.posthouse.server.CommandGate.Passage;
import org.posthouse.server.ListenerSettings.Tls;
import org.posthouse.server.SessionPolicy.RecipientVerdict;
import org.posthouse.server.SessionPolicy.StageVerdict;
import org.posthouse.server.SessionState.Closing;
import org.posthouse.server.SessionState.Connected;
import org.posthouse.server.SessionState.Identified;
import org.posthouse.server.SessionState.Receiving;
import org.posthouse.server.SessionState.Transacting;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.SSLContext;

/**
 * One connection, from greeting to end, on its own virtual thread. Each command goes the same way:
 * parsed (a total function), shown to the gate (a pure table), to the policy (may block), applied.
 * Only the session and its helpers read or write octets of the connection; only {@link #enter}
 * changes the state.
 */
final class Session implements Runnable {
    private static final System.Logger LOG = System.getLogger(Session.class.getName());

    /** For a last reply to a client that did not keep up. */
    private static final Duration LAST_REPLY_TIMEOUT = Duration.ofSeconds(1);

    private static final String BDAT = "BDAT";

    /** Who begins without HELO, where that is allowed. */
    private static final Identified NOT_GREETED = new Identified("", false);

    private final Reception reception;
    private final LiveSession live;
    private final Wire wire;
    private final Dialogue dialogue;
    private final CommandReader reader;
    private final Patience patience;
    private final Turns turns;
    private final Securing securing;
    private final Login login;
    private final ContentReceiver receiver;
    private List<String> discarded = List.of();

    private int transactions;

    Session(Reception reception, LiveSession live, Connection connection) {
        this.reception = reception;
        this.live = live;
        this.wire = new Wire(connection, live, reception.platform().time());
        this.dialogue = new Dialogue(reception, live, wire);
        this.reader = new CommandReader(reception, live, wire);
        this.patience = new Patience(reception, live);
        this.turns = new Turns(reception, live, wire, patience);
        this.securing = new Securing(reception, dialogue, live, wire);
        this.login = new Login(reception, dialogue, live, wire);
        var acceptance = new Acceptance(reception, dialogue, live);
        this.receiver = new ContentReceiver(reception, dialogue, wire, acceptance, patience);
    }

    @Override
    public void run() {
        tell(
                new MailEvent.SessionOpened(
                        dialogue.now(),
                        live.number(),
                        live.listener(),
                        live.clientAddress().toString()));
        reception.stress().entered(live);
        String why = "defect";
        try {
            why = converse();
        } catch (SessionEnded e) {
            why = e.farewell() == Replies.STOPPING ? "server stopped" : "disconnected";
            if (!e.wasSaid()) {
                sayLast(e.farewell());
            }
        } catch (DeadlineExceeded e) {
            why = "timeout";
            dialogue.farewell(Codes.TIMEOUT, Replies.TIMEOUT);
            flushLast();
        } catch (EOFException e) {
            why = "client closed the connection";
        } catch (IOException e) {
            why = "connection lost";
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            LOG.log(System.Logger.Level.ERROR, "a session failed", e);
            tell(new MailEvent.Trouble(dialogue.now(), Codes.DEFECT, e.toString()));
            sayLast(Replies.DISCONNECTED);
        } finally {
            leave(why);
        }
    }

    private String converse() throws IOException {
        discarded = Discard.of(reception.settings().discards(), live.clientAddress());
        if (reception.settings().tls() == Tls.IMPLICIT) {
            Optional<SSLContext> context = securing.context();
            if (context.isEmpty() || !securing.handshake(context.get(), patience.command())) {
                return "TLS handshake failed";
            }
            secured();
        }
        if (state() instanceof Connected && !isTurnedAway()) {
            welcome();
        }
        while (true) {
            if (state() instanceof Closing closing) {
                wire.flush(patience.command());
                return closing.why();
            }
            step();
        }
    }

    private void welcome() throws IOException {
        if (turns.isBrokenBeforeGreeting()) {
            early("connect");
        } else {
            greet();
        }
    }

    private void greet() {
        switch (reception.policy().connect(live)) {
            case StageVerdict.Proceed p -> wire.say(reception.rules().greeting());
            case StageVerdict.Say s -> wire.say(s.reply());
            case StageVerdict.Refuse r -> {
                dialogue.refuse("connect", "", r.code(), r.reply());
                enter(new Connected(false));
            }
            case StageVerdict.Disconnect d -> disconnect("connect", d.code(), d.reply());
        }
    }

    /** Refuses a client that comes too often, or for whom there is no memory. */
    private boolean isTurnedAway() {
        if (!patience.isStranger()) {
            return false;
        }
        if (reception.stress().isMemoryFull()) {
            dialogue.refuse("connect", "", Codes.STRESS, Replies.UNDER_STRESS);
        } else if (isTooMany(Kind.CONNECTIONS, reception.limits().connectionsPerMinute())) {
            dialogue.refuse("connect", "", Codes.RATE, Replies.TOO_OFTEN);
        } else {
            return false;
        }
        enter(new Closing(state().heloName(), "turned away"));
        return true;
    }

    private boolean isTooMany(Kind kind, int max) {
        return max > 0
                && !reception.limits().exempts(live.clientAddress())
                && !reception.rates().take(live.clientAddress(), kind, max);
    }

    private void early(String stage) {
        dialogue.refuse(stage, "", Codes.EARLY_TALK, Replies.EARLY_TALK);
        enter(new Closing(state().heloName(), "early talk"));
    }

    private void step() throws IOException {
        if (!reader.next(patience.command())) {
            dialogue.refuse("command", "", Codes.SYNTAX, Replies.LINE_TOO_LONG);
            if (wire.skipped(BDAT)) {
                closeOutOfStep();
            }
        } else {
            take(reader.parse());
        }
        if (state() instanceof Closing) {
            return;
        }
        if (dialogue.hasTooManyErrors(patience.errorsMax())
                || login.failures() >= reception.limits().errorsMax()) {
            close(Codes.ERRORS, Replies.TOO_MANY_ERRORS, "too many errors");
        } else if (dialogue.hasTooManyCommands()) {
            close(Codes.COMMANDS, Replies.TOO_MANY_COMMANDS, "too many commands");
        }
    }

    private void take(Command command) throws IOException {
        boolean tooLong = reader.isTooLongFor(command);
        if (wire.lineEndedByCrlf() && !tooLong) {
            pass(command);
            return;
        }
        CannedReply reply = tooLong ? Replies.LINE_TOO_LONG : Replies.BARE_LF;
        dialogue.refuse("command", "", Codes.SYNTAX, reply);
        closeOutOfStep(command);
    }

    private void pass(Command command) throws IOException {
        if (turns.isBrokenBehind(command, !discarded.contains(Turns.PIPELINING))) {
            early(command.verb());
            return;
        }
        var standing =
                new Rulebook.Standing(
                        state(), wire.isSecured(), !live.login().isEmpty(), discarded);
        Passage passage = reception.rules().passage(command, standing);
        if (passage == Passage.OPEN) {
            consult(command);
            return;
        }
        boolean isContent = command instanceof Command.Data || command instanceof Command.Bdat;
        if (isContent && state() instanceof Transacting t) {
            t.transaction().refuseContent();
        }
        if (command instanceof Command.Bdat bdat) {
            if (!receiver.skip(bdat.octets())) {
                enter(receiver.tooMuch(state().heloName()));
                return;
            }
            if (state() instanceof Receiving receiving) {
                enter(receiving.peer()); // nobody takes a message without one of its chunks
            }
        }
        dialogue.refuse(command.verb(), "", passage.code(), passage.reply());
        if (command instanceof Command.Malformed) {
            closeOutOfStep(command);
        }
    }

    /** What follows a BDAT that can't be understood could be content: it must not run. */
    private void closeOutOfStep(Command command) {
        if (command.verb().equals(BDAT)) {
            closeOutOfStep();
        }
    }

    private void closeOutOfStep() {
        close(Codes.SYNTAX, Replies.OUT_OF_STEP, "out of step");
    }

    private void consult(Command command) throws IOException {
        switch (command) {
            case Command.Helo h -> hello("HELO", h.name());
            case Command.Ehlo e -> hello("EHLO", e.name());
            case Command.Lhlo l when reception.isLmtp() -> hello("LHLO", l.name());
            case Command.Lhlo l -> unknown(new Command.Unknown(l.verb(), l.name()));
            case Command.Mail m -> mail(m);
            case Command.Rcpt r -> recipient(r.recipient());
            case Command.Data d -> data();
            case Command.Bdat b -> chunk(b);
            case Command.Rset r -> rset();
            case Command.Noop n -> dialogue.sayIdle(Replies.OK);
            case Command.Help h ->
                    dialogue.sayIdle(reception.isLmtp() ? Replies.LMTP_HELP : Replies.HELP);
            case Command.Vrfy v ->
                    dialogue.sayIdle("VRFY", "", reception.policy().verify(live, v.name()));
            case Command.Expn e ->
                    dialogue.sayIdle("EXPN", "", reception.policy().expand(live, e.list()));
            case Command.Quit q -> {
                wire.say(reception.rules().goodbye());
                enter(new Closing(state().heloName(), "QUIT"));
            }
            case Command.StartTls s -> startTls();
            case Command.Auth a -> auth(a);
            case Command.Unknown u -> unknown(u);
            case Command.Malformed m -> {
                dialogue.refuseUncoded(m.verb(), Codes.SYNTAX, m.reply());
                closeOutOfStep(m);
            }
        }
    }

    private void rset() {
        reset();
        switch (reception.policy().reset(live)) {
            case StageVerdict.Proceed p -> dialogue.sayIdle(Replies.OK);
            case StageVerdict.Say s -> dialogue.sayIdle("RSET", "", s.reply());
            case StageVerdict.Refuse r -> dialogue.refuse("RSET", "", r.code(), r.reply());
            case StageVerdict.Disconnect d -> disconnect("RSET", d.code(), d.reply());
        }
    }

    private void unknown(Command.Unknown command) {
        if (command.verb().equals("XCLIENT") && !reception.settings().frontEnds().isEmpty()) {
            xclient(command.argument());
            return;
        }
        if (command.verb().equals("PROXY")) {
            close(Codes.PROXY, Replies.NO_PROXY, "PROXY from a stranger");
            return;
        }
        Reply reply = reception.policy().unknown(live, command.verb(), command.argument());
        if (reply.isPositive()) {
            dialogue.sayIdle("", "", reply);
        } else {
            dialogue.refuseUncoded("unknown", Codes.UNKNOWN_VERB, reply);
        }
    }

    /** The peer is a front end of ours, by the settings of now and whoever its client is. */
    private boolean isFrontEnd() {
        return Xclient.isFor(reception.settings().frontEnds(), live.countedAs());
    }

    /** The session begins again, for the client that the front end names. */
    private void xclient(String argument) {
        if (!isFrontEnd()) {
            dialogue.refuse("XCLIENT", "", Codes.XCLIENT, Replies.NO_FRONT_END);
            return;
        }
        if (state() instanceof Transacting || state() instanceof Receiving) {
            Passage passage = Passage.IN_TRANSACTION;
            dialogue.refuse("XCLIENT", "", passage.code(), passage.reply());
            return;
        }
        Optional<Xclient> said = Xclient.parse(argument);
        if (said.isEmpty()) {
            dialogue.refuse("XCLIENT", "", Codes.XCLIENT, Replies.NO_XCLIENT);
            return;
        }
        live.speaksFor(said.get().client());
        live.loggedIn(said.get().login());
        discarded = Discard.of(reception.settings().discards(), live.clientAddress());
        dialogue.beginAgain();
        login.beginAgain();
        enter(new Connected(true));
        greet();
    }

    private void hello(String verb, String name) {
        switch (reception.policy().hello(live, name)) {
            case StageVerdict.Proceed p -> greetBack(verb, name);
            case StageVerdict.Say s -> greetBack(verb, name);
            case StageVerdict.Refuse r -> dialogue.refuse(verb, "", r.code(), r.reply());
            case StageVerdict.Disconnect d -> disconnect(verb, d.code(), d.reply());
        }
    }

    private void greetBack(String verb, String name) {
        boolean extended = !verb.equals("HELO");
        enter(new Identified(name, extended));
        CannedReply reply =
                extended ? reception.ehloReply(wire.isSecured()) : reception.rules().heloReply();
        if (extended && (isFrontEnd() || !discarded.isEmpty())) {
            var lines = new ArrayList<>(Discard.without(discarded, reply.reply().lines()));
            if (isFrontEnd()) {
                lines.add(Xclient.KEYWORD);
            }
            reply = CannedReply.lines(250, lines);
        }
        dialogue.sayIdle(reply);
    }

    private void mail(Command.Mail command) {
        ServerLimits limits = reception.limits();
        String address = command.reversePath().address();
        if (transactions >= limits.transactionsMax()) {
            close(Codes.MESSAGES, Replies.TOO_MANY_MESSAGES, "too many messages");
        } else if (isTooMany(Kind.MESSAGES, limits.messagesPerMinute())) {
            dialogue.refuse("MAIL", address, Codes.RATE, Replies.TOO_MANY_A_MINUTE);
        } else {
            reception
                    .rules()
                    .flawOf(command)
                    .ifPresentOrElse(
                            flaw -> dialogue.refuse("MAIL", address, flaw.code(), flaw.reply()),
                            () -> begin(command, address));
        }
    }

    private void begin(Command.Mail command, String address) {
        switch (reception.policy().mail(live, command.reversePath(), command.options())) {
            case StageVerdict.Proceed p -> {
                open(command);
                dialogue.say(Replies.MAIL_OK);
            }
            case StageVerdict.Say s -> {
                open(command);
                wire.say(s.reply());
            }
            case StageVerdict.Refuse r -> dialogue.refuse("MAIL", address, r.code(), r.reply());
            case StageVerdict.Disconnect d -> disconnect("MAIL", d.code(), d.reply());
        }
    }

    private void open(Command.Mail command) {
        transactions++;
        reset();
        enter(
                new Transacting(
                        state() instanceof Connected ? NOT_GREETED : state().peer(),
                        new Transaction(
                                command.reversePath(),
                                command.options(),
                                reception.isLmtp(),
                                patience.transaction())));
    }

    private void recipient(Recipient recipient) {
        Transaction transaction = transaction();
        String address = recipient.mailbox().address();
        boolean isLmtp = reception.isLmtp(); // a reply is due for each RCPT, whomever it names
        int most = reception.limits().recipientsMax();
        boolean isFull =
                !transaction.holds(recipient.mailbox()) && transaction.recipientCount() >= most;
        if (isFull || (isLmtp && transaction.commandCount() >= most)) {
            dialogue.overflow(address, Codes.RECIPIENTS, Replies.TOO_MANY_RECIPIENTS);
            return;
        }
        if (transaction.isNamed(recipient.mailbox())) {
            transaction.addAgain(recipient.mailbox());
            dialogue.sayIdle(Replies.RCPT_OK);
            return;
        }
        if (isTooMany(Kind.RECIPIENTS, reception.limits().recipientsPerMinute())) {
            dialogue.refuse("RCPT", address, Codes.RATE, Replies.TOO_MANY_A_MINUTE);
            return;
        }
        switch (reception.policy().recipient(live, transaction.reversePath(), recipient)) {
            case RecipientVerdict.Accept a ->
                    dialogue.taken(
                            transaction.add(
                                    new RecipientVerdict.Target(
                                            recipient, a.disposition(), a.why(), a.otherwise())),
                            a.reply());
            case RecipientVerdict.Expand e ->
                    dialogue.taken(transaction.add(e.targets()), e.reply());
            case RecipientVerdict.Refuse r -> dialogue.refuse("RCPT", address, r.code(), r.reply());
            case RecipientVerdict.Disconnect d -> disconnect("RCPT", d.code(), d.reply());
        }
    }

    private void data() throws IOException {
        if (transaction().options().body() == BodyType.BINARY_MIME) {
            dialogue.refuse("DATA", "", Codes.SEQUENCE, Replies.BINARY_BY_BDAT);
            return;
        }
        Optional<IncomingContent> content = receiver.open("DATA", transaction());
        if (content.isEmpty()) {
            transaction().refuseContent();
            return;
        }
        var receiving = new Receiving(state().peer(), transaction(), content.get());
        enter(receiving);
        enter(receiver.data(receiving));
    }

    private void chunk(Command.Bdat command) throws IOException {
        if (state() instanceof Receiving receiving) {
            enter(receiver.chunk(receiving, command));
            return;
        }
        if (command.last()) {
            dialogue.sayTimes(reception.repliesTo(transaction()));
        }
        Optional<IncomingContent> content = receiver.open("BDAT", transaction());
        if (content.isEmpty()) {
            boolean inStep = receiver.skip(command.octets());
            enter(inStep ? state().peer() : receiver.tooMuch(state().heloName()));
            return;
        }
        var receiving = new Receiving(state().peer(), transaction(), content.get());
        enter(receiving);
        enter(receiver.chunk(receiving, command));
    }

    private void auth(Command.Auth command) throws IOException {
        login.run(command);
        if (login.isOver()) {
            enter(new Closing(state().heloName(), "refused"));
        }
    }

    private void startTls() throws IOException {
        Optional<SSLContext> context = securing.context();
        if (context.isEmpty()) {
            dialogue.refuse("STARTTLS", "", Codes.NO_CERTIFICATE, Replies.NO_TLS_NOW);
            return;
        }
        dialogue.sayIdle(Replies.READY_FOR_TLS);
        wire.flush(patience.command());
        if (securing.handshake(context.get(), patience.command())) {
            live.loggedIn("");
            enter(new Connected(true));
            secured();
        } else {
            enter(new Closing(state().heloName(), "TLS handshake failed"));
        }
    }

    /** TLS is on: whoever is not welcome then hears so at once, and that is all. */
    private void secured() {
        switch (reception.policy().secured(live)) {
            case StageVerdict.Proceed p -> {}
            case StageVerdict.Say s -> {}
            case StageVerdict.Refuse r -> disconnect("STARTTLS", r.code(), r.reply());
            case StageVerdict.Disconnect d -> disconnect("STARTTLS", d.code(), d.reply());
        }
    }

    /** Drops the transaction, when there is one. */
    private void reset() {
        if (!(state() instanceof Connected)) {
            enter(state().peer());
        }
    }

    private void disconnect(String stage, String code, Reply reply) {
        dialogue.refuse(stage, "", code, reply);
        enter(new Closing(state().heloName(), "refused"));
    }

    private void close(String code, CannedReply farewell, String why) {
        dialogue.farewell(code, farewell);
        enter(new Closing(state().heloName(), why));
    }

    private void sayLast(CannedReply farewell) {
        wire.say(farewell);
        flushLast();
    }

    private void flushLast() {
        try {
            wire.flush(reception.platform().time().after(LAST_REPLY_TIMEOUT));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a last reply was lost", e);
        }
    }

    private void leave(String why) {
        if (!(state() instanceof Closing)) {
            enter(new Closing(state().heloName(), why));
        }
        wire.close();
        reception.stress().left(live);
        tell(new MailEvent.SessionClosed(dialogue.now(), live.number(), why));
    }

    private Transaction transaction() {
        if (state() instanceof Transacting transacting) {
            return transacting.transaction();
        }
        throw new IllegalStateException("no transaction is open");
    }

    private SessionState state() {
        return live.current();
    }

    /** The one place that changes the state. */
    private void enter(SessionState next) {
        SessionState last = state();
        if (last instanceof Receiving receiving && !(next instanceof Receiving)) {
            receiving.content().discard();
        }
        if (LOG.isLoggable(System.Logger.Level.TRACE)) {
            LOG.log(
                    System.Logger.Level.TRACE,
                    "session {0}: {1} -> {2}",
                    live.number(),
                    last.word(),
                    next.word());
        }
        live.enter(next);
    }

    private void tell(MailEvent event) {
        reception.events().emit(event);
    }
}
