package org.posthouse;

import org.posthouse.PosthouseBuilder.StoreChoice;
import org.posthouse.core.MailEvents;
import org.posthouse.journal.EventLog;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Platform;
import org.posthouse.platform.TlsContexts;
import org.posthouse.policy.PolicySet;
import org.posthouse.relay.OwnAddresses;
import org.posthouse.relay.Relay;
import org.posthouse.relay.RelayException;
import org.posthouse.relay.RelayParts;
import org.posthouse.server.ListenerSettings;
import org.posthouse.server.ServerException;
import org.posthouse.server.SmtpServer;
import org.posthouse.spool.Spool;
import org.posthouse.spool.SpoolException;
import org.posthouse.spool.SpoolLog;
import org.posthouse.store.Maildir;
import org.posthouse.store.Mbox;
import org.posthouse.store.MessageStore;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

/**
 * The parts of a running engine and their order: opened from the queue outwards, so that nothing is
 * received before it can be kept; closed from the listeners inwards.
 */
final class Engine {
    /** How long listeners of events may take to hear the rest. */
    private static final Duration EVENTS_WITHIN = Duration.ofSeconds(5);

    private final CountedPlatform platform;
    private final MailEvents told;
    private final EventLog past;
    private final MailEvents events;
    private final Spool spool;
    private final Relay relay;
    private final SmtpServer server;
    private final SpoolIntake intake;
    private final DecisionJournal journal;
    private final RelayTallies tallies;
    private final QueueView queue;
    private final ArrayDeque<Runnable> closers;

    /** One end, or one change, at a time. */
    private final ReentrantLock changing = new ReentrantLock();

    private volatile boolean running = true;
    private volatile boolean closing;
    private volatile EngineSettings settings;

    /** Guarded by the lock. */
    private Optional<Supplier<SSLContext>> certificates;

    private final OwnCertificates shown;

    private Engine(EngineSettings settings, ArrayDeque<Runnable> closers) {
        this.closers = closers;
        this.settings = settings;
        platform = new CountedPlatform(platform(settings));
        told = EventDispatcher.start(platform, settings.events());
        closers.push(this::closeEvents);
        Path folder = settings.data().resolve("journal");
        Duration kept = settings.journal().kept();
        past = EventLog.start(platform, folder, EventLog.LIMITS.keeping(kept));
        closers.push(this::closeJournal);
        events = kept.isPositive() ? EventTee.of(past, told) : told;
        certificates = certificates(settings);
        shown = new OwnCertificates(platform, events, settings.rules());
        spool = openSpool(settings);
        closers.push(spool::close);
        Supplier<PolicySet> rules = () -> this.settings.rules();
        relay =
                new Relay(
                        new RelayParts(
                                platform,
                                spool,
                                store(settings),
                                rules,
                                settings.relay(),
                                shown,
                                this::isOwn,
                                BoundRelayHooks.of(
                                        settings.hooks(),
                                        new HookRunner(platform, settings.hooks().timeout)),
                                events,
                                Optional.of(settings.data())));
        journal = DecisionJournal.start(platform, folder, DecisionJournal.LIMITS.keeping(kept));
        closers.push(this::closeDecisions);
        intake =
                new SpoolIntake(
                        spool,
                        platform.time(),
                        events,
                        journal,
                        kept.isPositive() && settings.journal().subjects());
        queue = new LiveQueue(spool, relay, rules);
        tallies = new RelayTallies(platform.time());
        var policy =
                new BoundPolicy(
                        this::settings,
                        new HookRunner(platform, settings.hooks().timeout),
                        SaltSeed.in(settings.data(), platform.disk(), platform.entropy()),
                        tallies);
        List<ListenerSettings> listeners = ListenerPlans.of(settings, certificates);
        server = new SmtpServer(platform, listeners, policy, intake, events);
    }

    private Optional<Supplier<SSLContext>> certificates(EngineSettings of) {
        return of.certificates().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new LiveCertificates<>(
                                platform, events, of.certificates(), TlsContexts::fromPemsAsking));
    }

    /** Those in force. */
    EngineSettings settings() {
        return settings;
    }

    /**
     * Takes other settings: all that can change while it runs, or nothing.
     *
     * @throws PosthouseException when they can't be taken; nothing has changed then
     */
    Reloaded reload(EngineSettings wanted) {
        changing.lock();
        try {
            if (!running) {
                throw new IllegalStateException("the engine is closed");
            }
            Reloaded reloaded = new Differences(settings, wanted).find();
            EngineSettings next = wanted.keeping(settings);
            Optional<Supplier<SSLContext>> presented =
                    next.certificates().equals(settings.certificates())
                            ? certificates
                            : certificates(next);
            OwnCertificates.Read ofRoutes = shown.read(next.rules());
            server.change(ListenerPlans.of(next, presented), () -> settings = next);
            certificates = presented;
            shown.use(ofRoutes);
            return reloaded;
        } catch (ServerException e) {
            throw translated(e);
        } finally {
            changing.unlock();
        }
    }

    static Engine start(EngineSettings settings) {
        var closers = new ArrayDeque<Runnable>();
        try {
            var engine = new Engine(settings, closers);
            engine.server.start();
            engine.relay.start();
            return engine;
        } catch (RuntimeException e) {
            closers.forEach(Runnable::run);
            throw translated(e);
        }
    }

    Platform platform() {
        return platform;
    }

    Spool spool() {
        return spool;
    }

    SmtpServer server() {
        return server;
    }

    SpoolIntake intake() {
        return intake;
    }

    /** Explains as sessions are decided now. */
    Explainer explainer() {
        EngineSettings now = settings;
        return new Explainer(now, tallies.spent(now.rules()));
    }

    DecisionJournal journal() {
        return journal;
    }

    EventLog past() {
        return past;
    }

    Relay relay() {
        return relay;
    }

    Health health() {
        var hindrances = new ArrayList<String>();
        if (closing) {
            hindrances.add("it stops");
        }
        intake.commits().hindrance().ifPresent(hindrances::add);
        return new Health(running, hindrances);
    }

    EngineCounts counts() {
        return new EngineCounts(
                server.sessions().size(),
                spool.admin().messageCount(),
                relay.counts(),
                intake.commits().count(),
                intake.commits().time(),
                told instanceof EventDispatcher dispatcher ? dispatcher.dropped() : 0,
                freeOctets(),
                platform.dns().counts());
    }

    private long freeOctets() {
        try {
            return platform.disk().usableOctets(settings.data());
        } catch (IOException e) {
            return -1;
        }
    }

    QueueView queue() {
        return queue;
    }

    boolean isRunning() {
        return running;
    }

    void close(Duration within) {
        changing.lock();
        try {
            if (!running) {
                return;
            }
            closing = true;
            Deadline deadline = platform.time().after(within);
            server.close(within);
            relay.drain(left(deadline));
            closers.forEach(Runnable::run);
            running = false;
        } finally {
            changing.unlock();
        }
    }

    /** Asked when connecting, so after the listeners were bound. */
    private boolean isOwn(InetSocketAddress address) {
        return OwnAddresses.of(List.copyOf(server.addresses().values())).contains(address);
    }

    private Duration left(Deadline deadline) {
        return Duration.ofNanos(Math.max(0, deadline.nanos() - platform.time().nanos()));
    }

    private void closeDecisions() {
        try {
            journal.close(platform.time().after(EVENTS_WITHIN));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeJournal() {
        try {
            past.close(platform.time().after(EVENTS_WITHIN));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeEvents() {
        try {
            EventDispatcher.close(told, platform.time().after(EVENTS_WITHIN));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Platform platform(EngineSettings settings) {
        if (settings.platform().isPresent()) {
            return settings.platform().get();
        }
        var own = JdkPlatform.create(settings.dns());
        closers.push(own::close);
        return own;
    }

    private Spool openSpool(EngineSettings settings) {
        return SpoolLog.open(platform, settings.data().resolve("spool"), settings.spool());
    }

    private MessageStore store(EngineSettings settings) {
        Path data = settings.data();
        return switch (settings.store()) {
            case StoreChoice.InMaildir maildir ->
                    Maildir.at(platform.disk(), maildir.directory().orElse(data.resolve("mail")));
            case StoreChoice.InMbox mbox ->
                    Mbox.at(platform.disk(), mbox.file().orElse(data.resolve("mbox")));
            case StoreChoice.Custom custom -> custom.make().apply(platform);
        };
    }

    static PosthouseException translated(RuntimeException failure) {
        return switch (failure) {
            case PosthouseException known -> known;
            case SpoolException e ->
                    new PosthouseException(e.code(), String.valueOf(e.getMessage()), e);
            case RelayException e ->
                    new PosthouseException(e.code(), String.valueOf(e.getMessage()), e);
            case ServerException e ->
                    new PosthouseException(e.code(), String.valueOf(e.getMessage()), e);
            default -> throw failure;
        };
    }
}
