package org.posthouse;

import org.posthouse.PosthouseBuilder.CertificateFiles;
import org.posthouse.core.Content;
import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.Recipient;
import org.posthouse.core.SpoolId;
import org.posthouse.core.Xtext;
import org.posthouse.platform.Dns;
import org.posthouse.policy.AliasRecipients;
import org.posthouse.policy.Passage;
import org.posthouse.policy.RelayProof;
import org.posthouse.policy.Route;
import org.posthouse.server.SessionView;
import org.posthouse.spool.AcceptResult;
import org.posthouse.spool.Acceptance;
import org.posthouse.spool.RecoveryReport;
import org.posthouse.spool.StoredMessage;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A running engine: receives mail, decides, stores locally, and relays only what was granted.
 *
 * <pre>{@code
 * var mail = Posthouse.builder()
 *     .hostname("mail.shop.example")
 *     .listen(2525)
 *     .local("shop.example")
 *     .onReceived(m -> System.out.println(m.from() + " -> " + m.subject()))
 *     .start();
 * }</pre>
 *
 * @since 0.1
 */
public final class Posthouse implements AutoCloseable {
    /** How long {@link #close()} lets running work finish. */
    public static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

    private static final Content NO_CONTENT =
            new Content() {
                @Override
                public long octets() {
                    return 0;
                }

                @Override
                public int read(long position, byte[] into, int offset, int length) {
                    return -1;
                }

                @Override
                public void close() {}
            };

    final Engine engine;

    private Posthouse(Engine engine) {
        this.engine = engine;
    }

    /** Begins a configuration. */
    public static PosthouseBuilder builder() {
        return new PosthouseBuilder();
    }

    static Posthouse start(EngineSettings settings) {
        return new Posthouse(Engine.start(settings));
    }

    /** The Unix-domain sockets of the listeners that have one, by name. */
    public Map<String, Path> sockets() {
        return engine.server().sockets();
    }

    /**
     * The bound addresses of the listeners by name, in the order they were given; without those on
     * {@link #sockets}.
     */
    public Map<String, InetSocketAddress> addresses() {
        return engine.server().addresses();
    }

    /**
     * The bound address of a listener.
     *
     * @throws IllegalArgumentException when no listener has that name
     */
    public InetSocketAddress address(String listener) {
        InetSocketAddress address = addresses().get(listener);
        if (address == null) {
            throw new IllegalArgumentException("no listener is called " + listener);
        }
        return address;
    }

    /**
     * The bound port of the first listener.
     *
     * @throws IllegalStateException when there is none
     */
    public int port() {
        if (addresses().isEmpty()) {
            throw new IllegalStateException("this engine has no listener");
        }
        return addresses().values().iterator().next().getPort();
    }

    /** The sessions connected now. */
    public List<SessionView> sessions() {
        return engine.server().sessions();
    }

    /** The instant by the engine's clock. */
    public Instant now() {
        return engine.platform().time().now();
    }

    /**
     * The domain of local users: the host name where its mail is stored here, or a local domain.
     */
    public String ownDomain() {
        EngineSettings settings = engine.settings();
        Set<String> local = settings.rules().localDomains();
        boolean isHost = local.isEmpty() || local.contains(settings.hostname());
        return isHost ? settings.hostname() : local.stream().sorted().findFirst().orElseThrow();
    }

    /** The queue. */
    public QueueView queue() {
        return engine.queue();
    }

    /**
     * What would become of a message, and why: by the same decision as that of sessions, but
     * without asking hooks, and without limits that depend on what others do at the time.
     *
     * @throws IllegalArgumentException when there is no listener, or none of the name asked for
     */
    public Explanation explain(Ask ask) {
        return engine.explainer().explain(ask);
    }

    /**
     * What was decided about a message when it was accepted, and whether the configuration of now
     * would do the same: for seven days, or longer while it is queued. Of a message whose way is
     * not kept any more, or not yet when the machine failed, only the outcome is told.
     *
     * @return empty when there is no such message, or it is forgotten
     */
    public Optional<PastDecision> explain(SpoolId id) {
        return engine.journal()
                .find(id)
                .or(() -> queued(id))
                .map(entry -> new Hindsight(engine.settings(), entry).explain());
    }

    /**
     * What happened to a message: for as long as that is kept ({@link
     * PosthouseBuilder#keepDecisions}), or longer while it is queued.
     *
     * @return empty when there is no such message, or it is forgotten
     */
    public Optional<Timeline> timeline(SpoolId id) {
        Optional<JournalEntry> entry = engine.journal().find(id).or(() -> queued(id));
        List<MailEvent> events = past(id);
        return entry.or(() -> Chronicle.accepted(events)).map(e -> timeline(e, events));
    }

    private Timeline timeline(JournalEntry entry, List<MailEvent> events) {
        SpoolId id = entry.id();
        Instant givesUpAt = queue().message(id).map(engine.relay()::givesUpAt).orElse(Instant.MAX);
        var chronicle = new Chronicle(entry, queue().of(id), events);
        String subject = "";
        try (Content content = queue().content(id).orElse(NO_CONTENT)) {
            subject = Subject.of(content);
        } catch (UncheckedIOException e) {
            // it is in the spool, and can't be read now
        }
        return chronicle.timeline(subject, givesUpAt);
    }

    /**
     * What was said in the attempts of a message that did not go well, one after the other; what
     * went well has no dialogue. Kept as {@link #timeline} is.
     */
    public List<MailEvent.Tried> tries(SpoolId id) {
        return past(id).stream()
                .filter(MailEvent.Tried.class::isInstance)
                .map(MailEvent.Tried.class::cast)
                .toList();
    }

    private List<MailEvent> past(SpoolId id) {
        Instant acceptedAt = QueueShape.acceptedAt(id);
        return engine.past().find(id, acceptedAt.minus(DecisionJournal.CLOCK_STEP));
    }

    private Optional<JournalEntry> queued(SpoolId id) {
        StoredMessage message;
        try {
            message = engine.spool().message(id);
        } catch (NoSuchElementException e) {
            return Optional.empty();
        }
        List<Recipient> recipients = message.envelope().recipients();
        var kept = new ArrayList<JournalEntry.Kept>();
        for (int i = 0; i < Math.min(recipients.size(), JournalEntry.RECIPIENTS_MAX); i++) {
            Disposition disposition = message.dispositions().get(i);
            kept.add(new JournalEntry.Kept(recipients.get(i).mailbox(), disposition, ""));
        }
        return Optional.of(
                new JournalEntry(
                        id,
                        message.acceptedAt(),
                        message.origin(),
                        message.envelope().reversePath(),
                        message.octets(),
                        recipients.size(),
                        "",
                        kept));
    }

    /** Who may relay to the outside. */
    public RelayProof relayProof() {
        EngineSettings settings = engine.settings();
        return RelayProof.of(settings.rules().relayRules(), Doors.of(settings));
    }

    /** Looks up DNS as the engine does. */
    public Dns dns() {
        return engine.platform().dns();
    }

    /** What opening the queue found. */
    public RecoveryReport recovery() {
        return engine.spool().admin().recovery();
    }

    /** How it is: whether it runs, and whether it should get mail. */
    public Health health() {
        return engine.health();
    }

    /**
     * When the certificates of listeners and routes end, as their files are now; without those that
     * can't be read.
     */
    public List<CertificateEnd> certificateEnds() {
        Stream<CertificateFiles> ofRoutes =
                engine.settings().rules().routes().stream()
                        .map(Route::certificate)
                        .filter(shown -> !shown.isNone())
                        .map(shown -> new CertificateFiles(shown.chain(), shown.key()));
        List<CertificateFiles> all =
                Stream.concat(engine.settings().certificates().stream(), ofRoutes)
                        .distinct()
                        .toList();
        return Certificates.ends(engine.platform().disk(), all);
    }

    /**
     * The end of a certificate.
     *
     * @param file with its chain
     * @param endsAt the last instant at which it is valid
     */
    public record CertificateEnd(Path file, Instant endsAt) {
        /** Checks that nothing is missing. */
        public CertificateEnd {
            Objects.requireNonNull(file);
            Objects.requireNonNull(endsAt);
        }
    }

    /** How much is where, and what was done since the start. */
    public EngineCounts counts() {
        return engine.counts();
    }

    /** True until closed. */
    public boolean isRunning() {
        return engine.isRunning();
    }

    /**
     * Queues a message from the program itself, without any listener: on disk when this returns.
     * Recipients of local domains are stored here, all others relayed: the call is the grant.
     *
     * @throws PosthouseException {@code PH-S031} when there is no room, {@code PH-S030} when the
     *     disk fails; nothing is queued then
     */
    public SendReceipt submit(Message message) {
        byte[] content = content(message);
        return submit(message, Origin.INTERNAL, new ByteArrayInputStream(content));
    }

    /**
     * The same with a content that is read while it is stored, so that a large one costs no memory.
     * Lines may end in LF or CRLF. The stream is not closed.
     *
     * @param origin where it came from, as lists show it; no listener for this program
     * @param content header section and body, in the place of what the message holds
     * @throws java.io.UncheckedIOException when the stream breaks; nothing is queued then
     */
    public SendReceipt submit(Message message, Origin origin, InputStream content) {
        Acceptance acceptance = acceptance(message, origin, content);
        long octets = acceptance.content().octets();
        return switch (engine.intake().accept(acceptance)) {
            case AcceptResult.Accepted accepted -> {
                engine.intake().tell(acceptance, accepted, octets);
                engine.intake().keepOwn(acceptance, accepted, octets);
                yield new SendReceipt(accepted.id(), accepted.repeated());
            }
            case AcceptResult.NoSpace none ->
                    throw new PosthouseException("PH-S031", "no space in the queue");
            case AcceptResult.Unavailable no ->
                    throw new PosthouseException(
                            "PH-S030", "the queue can't store: " + no.reason());
        };
    }

    /**
     * The same with a key: the message of this key is queued once, whoever submits it again. The
     * receipt is then the first one, as long as the message is queued and for a day behind that,
     * over restarts and crashes, too; see {@link Message#key}.
     */
    public SendReceipt submit(Message message, String key) {
        return submit(message.withKey(key));
    }

    /**
     * Takes another configuration while it runs, as a whole or not at all. Listeners whose place
     * stays keep their connections. Rules, routes, domains, aliases, logins and limits count from
     * the next command on, and for mail that waits already. Hooks and listeners of events stay
     * those of the start; what else can't change is named in the result and left as it was.
     *
     * @throws PosthouseException when the configuration is wrong, a listener can't be bound or a
     *     certificate not read; nothing has changed then
     * @throws IllegalStateException when it is closed
     */
    public Reloaded reload(PosthouseBuilder next) {
        return engine.reload(EngineSettings.freeze(next));
    }

    /**
     * Stops: no new connections and attempts; running transactions and attempts may finish within
     * the time, then they are cut. What is not settled stays in the queue for the next start.
     */
    public void close(Duration within) {
        engine.close(within);
    }

    /** {@link #close(Duration)} within {@link #CLOSE_WITHIN}. */
    @Override
    public void close() {
        close(CLOSE_WITHIN);
    }

    private Acceptance acceptance(Message message, Origin origin, InputStream content) {
        Set<Mailbox> known = new HashSet<>();
        var recipients = new ArrayList<Recipient>();
        var dispositions = new ArrayList<Disposition>();
        boolean utf8 = !message.from().isNull() && needsUtf8(message.from().address());
        for (Recipient written : message.recipients()) {
            for (AliasRecipients.Placed each :
                    OwnRecipients.place(
                            engine.settings().rules(),
                            new Passage(message.from(), origin.login(), written.mailbox()),
                            written,
                            new Disposition.Relayed("submit", message.via()))) {
                if (known.add(each.recipient().mailbox())) {
                    recipients.add(each.recipient());
                    dispositions.add(each.disposition());
                    utf8 |= each.recipient().mailbox().needsSmtpUtf8();
                }
            }
        }
        var stored = StreamedContent.of(engine.spool(), content);
        var options =
                new MailOptions(
                        stored.sink().octets(),
                        stored.body(),
                        utf8,
                        message.reports().returned(),
                        Xtext.encode(message.reports().envelopeId()),
                        "",
                        false,
                        message.priority(),
                        stored.waivesTls());
        return new Acceptance(
                message.key(),
                origin,
                new Envelope(message.from(), options, recipients),
                dispositions,
                new byte[0],
                stored.sink(),
                message.notBefore(),
                message.expiresAt());
    }

    private byte[] content(Message message) {
        if (message.content().length > 0) {
            return message.content();
        }
        Instant now = engine.platform().time().now();
        var id = new byte[16];
        engine.platform().entropy().fill(id);
        String messageId =
                java.util.HexFormat.of().formatHex(id) + "@" + engine.settings().hostname();
        return TextContent.write(message, now, messageId);
    }

    private static boolean needsUtf8(String address) {
        return address.chars().anyMatch(c -> c > 126);
    }
}
