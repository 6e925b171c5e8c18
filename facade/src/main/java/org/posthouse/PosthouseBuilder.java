package org.posthouse;

import org.posthouse.core.Idna;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailEvents;
import org.posthouse.core.Mailbox;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.Platform;
import org.posthouse.platform.UnixSocket;
import org.posthouse.policy.Aliases;
import org.posthouse.policy.KnownRecipients;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.RelayProof;
import org.posthouse.policy.Route;
import org.posthouse.relay.OutcomeRule;
import org.posthouse.relay.RelaySettings;
import org.posthouse.server.ContentRules;
import org.posthouse.server.Discard;
import org.posthouse.server.ServerLimits;
import org.posthouse.spool.SpoolSettings;
import org.posthouse.store.MessageStore;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The configuration of an engine. Everything has a default: without any call an engine receives
 * nothing, keeps nothing and relays nothing. {@link #start} checks all of it at once and says all
 * that is wrong; a builder can start any number of engines, one after the other or, with different
 * data directories, at the same time.
 *
 * @since 0.1
 */
public final class PosthouseBuilder {
    final List<ListenerBuilder> listeners = new ArrayList<>();
    final Set<String> localDomains = new LinkedHashSet<>();
    final Set<String> relayedDomains = new LinkedHashSet<>();
    final List<RelayRuleBuilder> relayRules = new ArrayList<>();
    final List<RouteBuilder> routes = new ArrayList<>();
    final List<InetSocketAddress> dnsServers = new ArrayList<>();
    final List<MailEvents> events = new ArrayList<>();
    final List<CertificateFiles> certificates = new ArrayList<>();
    final EngineHooks hooks = new EngineHooks();
    String hostname = "localhost";
    Path data = Path.of("posthouse-data");
    SpoolSettings spool = SpoolSettings.DEFAULTS;
    Duration dnsTimeout = Duration.ofSeconds(5);
    DnsSettings.Dnssec dnssec = DnsSettings.Dnssec.LOOPBACK;
    JournalSettings journal = JournalSettings.DEFAULT;
    KnownRecipients recipients = KnownRecipients.ALL;
    Aliases aliases = Aliases.NONE;
    Logins logins = Logins.NONE;
    StoreChoice store = StoreChoice.MAILDIR;
    RelaySettings.Retry retry = RelaySettings.Retry.DEFAULT;
    RelaySettings.Timeouts timeouts = RelaySettings.Timeouts.DEFAULT;
    final List<OutcomeRule> outcomeRules = new ArrayList<>();
    final List<RelaySettings.Tenant> tenants = new ArrayList<>();
    final List<RelaySettings.Provider> providers = new ArrayList<>();
    RelaySettings.Total total = RelaySettings.Total.NONE;
    boolean badNameFails = true;
    Optional<Mailbox> failuresTo = Optional.empty();
    Duration idleWait = Duration.ZERO;
    ServerLimits limits = ServerLimits.DEFAULT;
    final List<Discard> discards = new ArrayList<>();
    ContentRules content = ContentRules.DEFAULT;
    PolicySet.Places places = PolicySet.Places.NONE;
    Optional<Platform> platform = Optional.empty();

    PosthouseBuilder() {}

    /**
     * Our name in greetings, EHLO, Received fields and reports; {@code localhost} by default. What
     * is beyond ASCII is said in A-labels.
     */
    public PosthouseBuilder hostname(String name) {
        hostname = Idna.spelled(name);
        return this;
    }

    /** Where queue and mail are kept; {@code posthouse-data} by default. */
    public PosthouseBuilder data(Path directory) {
        data = directory;
        return this;
    }

    /**
     * The sizes of the queue's files; what suits a server by default, which takes 200 MB of the
     * disk from the start.
     */
    public PosthouseBuilder spool(SpoolSettings sizes) {
        spool = sizes;
        return this;
    }

    /** Listens on a port of all addresses; 0 takes a free one. */
    public PosthouseBuilder listen(int port) {
        return listen(port, listener -> {});
    }

    /** The same, with settings. */
    public PosthouseBuilder listen(int port, Consumer<ListenerBuilder> settings) {
        return listen(new InetSocketAddress(port), settings);
    }

    /** Listens on a port of the loopback address only. */
    public PosthouseBuilder listenLoopback(int port, Consumer<ListenerBuilder> settings) {
        return listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), settings);
    }

    /** Listens on an address, with settings. */
    public PosthouseBuilder listen(InetSocketAddress address, Consumer<ListenerBuilder> settings) {
        return listen(new ListenerBuilder(address), settings);
    }

    /** Listens on a Unix-domain socket, with settings. Clients count as of this machine. */
    public PosthouseBuilder listen(UnixSocket socket, Consumer<ListenerBuilder> settings) {
        return listen(new ListenerBuilder(socket), settings);
    }

    private PosthouseBuilder listen(ListenerBuilder listener, Consumer<ListenerBuilder> settings) {
        settings.accept(listener);
        listeners.add(listener);
        return this;
    }

    /**
     * Certificate chain and key as PEM files, for listeners with TLS. With several, a client is
     * shown the first that has the name which it asks for, else the first. Files that have changed
     * are read again within ten seconds; sessions that run go on.
     */
    public PosthouseBuilder certificate(Path chain, Path key) {
        certificates.add(new CertificateFiles(chain, key));
        return this;
    }

    /** Domains whose mail is stored here and never relayed. */
    public PosthouseBuilder local(String... domains) {
        addDomains(localDomains, domains);
        return this;
    }

    /** Domains whose mail is accepted from anyone and passed on by the matching route. */
    public PosthouseBuilder relayed(String... domains) {
        addDomains(relayedDomains, domains);
        return this;
    }

    /**
     * Addresses of local domains that stand for others, ours or not: mail for them goes to those
     * instead. An alias exists, whatever {@link #recipients} says.
     */
    public PosthouseBuilder aliases(Aliases aliases) {
        this.aliases = aliases;
        return this;
    }

    /** Which addresses of local and relayed domains exist; all by default. */
    public PosthouseBuilder recipients(KnownRecipients known) {
        recipients = known;
        return this;
    }

    /**
     * How long it is kept why a message was accepted and what happened to it, for {@link
     * Posthouse#explain(SpoolId)} and {@link Posthouse#timeline}; seven days, and at most 1 GiB, by
     * default. Zero keeps nothing.
     */
    public PosthouseBuilder keepDecisions(Duration time) {
        journal = new JournalSettings(time, journal.subjects());
        return this;
    }

    /** Subjects are kept with it, so that they are known when a message has left the queue. */
    public PosthouseBuilder keepSubjects() {
        journal = new JournalSettings(journal.kept(), true);
        return this;
    }

    /** Where domains, recipients and aliases are written, for explanations. */
    public PosthouseBuilder places(PolicySet.Places written) {
        places = written;
        return this;
    }

    /** Who may send to the outside; the first rule that matches counts. */
    public PosthouseBuilder relay(Consumer<RelayRuleBuilder> rule) {
        var builder = new RelayRuleBuilder("rule-" + (relayRules.size() + 1));
        rule.accept(builder);
        relayRules.add(builder);
        return this;
    }

    /** How outside mail leaves; the first that matches counts, MX records where none is given. */
    public PosthouseBuilder route(Consumer<RouteBuilder> route) {
        var builder = new RouteBuilder("route-" + (routes.size() + 1));
        route.accept(builder);
        routes.add(builder);
        return this;
    }

    /** Who may log in. */
    public PosthouseBuilder users(Users users) {
        logins = logins.withUsers(users);
        return this;
    }

    /**
     * Who checks tokens of OAuth 2.0, for listeners with logins; by default nobody. Where there are
     * no {@link #users} besides, nobody is asked for a password.
     */
    public PosthouseBuilder tokens(TokenVerifier verifier) {
        logins = logins.withTokens(verifier);
        return this;
    }

    /** Local mail in Maildirs below this directory; {@code DATA/mail} is the default. */
    public PosthouseBuilder maildir(Path directory) {
        store = new StoreChoice.InMaildir(Optional.of(directory));
        return this;
    }

    /** Local mail in one mbox file. */
    public PosthouseBuilder mbox(Path file) {
        store = new StoreChoice.InMbox(Optional.of(file));
        return this;
    }

    /** Local mail is thrown away. */
    public PosthouseBuilder discardLocal() {
        store = new StoreChoice.Custom(p -> org.posthouse.store.Discard.INSTANCE);
        return this;
    }

    /** Local mail goes to a store of the program's own; its return means durable. */
    public PosthouseBuilder store(MessageStore own) {
        store = new StoreChoice.Custom(p -> own);
        return this;
    }

    /** DNS servers to ask; the system's by default. */
    public PosthouseBuilder dnsServers(InetSocketAddress... servers) {
        dnsServers.addAll(List.of(servers));
        return this;
    }

    /** How long one DNS question may take with all its tries; 5 s. */
    public PosthouseBuilder dnsTimeout(Duration timeout) {
        dnsTimeout = timeout;
        return this;
    }

    /**
     * Whose word on DNSSEC counts; that of servers on loopback addresses by default. Without
     * anybody's there is no DANE.
     */
    public PosthouseBuilder dnssec(DnsSettings.Dnssec dnssec) {
        this.dnssec = dnssec;
        return this;
    }

    DnsSettings dns() {
        return new DnsSettings(dnsServers, dnsTimeout, DnsSettings.CACHE_ENTRIES_MAX, dnssec);
    }

    /** The retry schedule. */
    public PosthouseBuilder retry(RelaySettings.Retry schedule) {
        retry = schedule;
        return this;
    }

    /**
     * What replies of next hops mean: asked before the rules that we ship, in the order in which
     * they were given; the first that fits counts.
     *
     * @throws IllegalArgumentException with more than {@link RelaySettings.Outcomes#RULES_MAX}
     */
    public PosthouseBuilder outcome(OutcomeRule rule) {
        if (outcomeRules.size() >= RelaySettings.Outcomes.RULES_MAX) {
            throw new IllegalArgumentException("too many outcome rules");
        }
        outcomeRules.add(rule);
        return this;
    }

    /** Whose mail gets more or less than that of others; the first that fits counts. */
    public PosthouseBuilder tenant(RelaySettings.Tenant tenant) {
        tenants.add(tenant);
        return this;
    }

    /**
     * Whose hosts count what we send in all: asked before those that are built in, in the order in
     * which they were given; the first that fits counts.
     */
    public PosthouseBuilder provider(RelaySettings.Provider provider) {
        providers.add(provider);
        return this;
    }

    /** What bounds the mail to all next hops together; nothing by default. */
    public PosthouseBuilder total(RelaySettings.Total bounds) {
        total = bounds;
        return this;
    }

    /**
     * Mail that is refused since our address has a bad name at a next hop waits for the address to
     * be taken off the list; by default it fails at once.
     */
    public PosthouseBuilder defersForBadName() {
        badNameFails = false;
        return this;
    }

    /**
     * Gets a report, too, of everything that could not be delivered, whoever sent it: mostly the
     * postmaster. Not of our own reports.
     */
    public PosthouseBuilder copiesFailuresTo(String address) {
        failuresTo = Optional.of(Mailbox.parse(address));
        return this;
    }

    /** Time-outs of conversations with next hops. */
    public PosthouseBuilder timeouts(RelaySettings.Timeouts clientTimeouts) {
        timeouts = clientTimeouts;
        return this;
    }

    /** How long a relayed message waits before its first attempt; not at all by default. */
    public PosthouseBuilder idleWait(Duration wait) {
        idleWait = wait;
        return this;
    }

    /** Bounds and deadlines of every listener. */
    public PosthouseBuilder limits(ServerLimits bounds) {
        limits = bounds;
        return this;
    }

    /** What content may hold, on every listener. */
    public PosthouseBuilder content(ContentRules rules) {
        content = rules;
        return this;
    }

    /** Keywords of EHLO that some clients are not told of, and can't use. */
    public PosthouseBuilder discard(Discard keywords) {
        discards.add(keywords);
        return this;
    }

    /** Asked when a client connects. */
    public PosthouseBuilder onConnect(Hooks.OnConnect hook) {
        hooks.connect = Optional.of(hook);
        return this;
    }

    /** Asked when TLS is on. */
    public PosthouseBuilder onSecured(Hooks.OnSecured hook) {
        hooks.secured = Optional.of(hook);
        return this;
    }

    /** Asked when a login is right, before the client hears so. */
    public PosthouseBuilder onLogin(Hooks.OnLogin hook) {
        hooks.login = Optional.of(hook);
        return this;
    }

    /** Asked at HELO and EHLO. */
    public PosthouseBuilder onHello(Hooks.OnHello hook) {
        hooks.hello = Optional.of(hook);
        return this;
    }

    /** Asked at MAIL. */
    public PosthouseBuilder onMail(Hooks.OnMail hook) {
        hooks.mail = Optional.of(hook);
        return this;
    }

    /** Asked at RCPT, about recipients that the rules allow. */
    public PosthouseBuilder onRecipient(Hooks.OnRecipient hook) {
        hooks.recipient = Optional.of(hook);
        return this;
    }

    /** Shown the header section before anything of the content is stored: may change it. */
    public PosthouseBuilder onHeaders(Hooks.OnHeaders hook) {
        hooks.headers = Optional.of(hook);
        return this;
    }

    /** Asked at RSET. */
    public PosthouseBuilder onReset(Hooks.OnReset hook) {
        hooks.reset = Optional.of(hook);
        return this;
    }

    /** How long a hook of a session or of the relay may take; 30 seconds by default. */
    public PosthouseBuilder hookTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a hook needs some time, not " + timeout);
        }
        hooks.timeout = timeout;
        return this;
    }

    /** Asked when the content is complete, before the message is accepted. */
    public PosthouseBuilder onReceived(Hooks.OnReceived hook) {
        hooks.received = Optional.of(hook);
        return this;
    }

    /** Answers VRFY. */
    public PosthouseBuilder onVerify(Hooks.OnQuery hook) {
        hooks.verify = Optional.of(hook);
        return this;
    }

    /** Answers EXPN. */
    public PosthouseBuilder onExpand(Hooks.OnQuery hook) {
        hooks.expand = Optional.of(hook);
        return this;
    }

    /** Answers verbs that we do not know. */
    public PosthouseBuilder onUnknownCommand(Hooks.OnUnknown hook) {
        hooks.unknown = Optional.of(hook);
        return this;
    }

    /**
     * Asked after an attempt without success: may change the host and retry. One that throws, or
     * takes longer than {@link #hookTimeout}, leaves it to the schedule.
     */
    public PosthouseBuilder onRelayError(Consumer<RelayError> hook) {
        hooks.relayError = Optional.of(hook);
        return this;
    }

    /**
     * Shown the certificate of each next hop before anything is sent over TLS: may refuse it. One
     * that throws, or takes longer than {@link #hookTimeout}, refuses.
     */
    public PosthouseBuilder onRelayCertificate(Hooks.OnRelayCertificate hook) {
        hooks.relayCertificate = Optional.of(hook);
        return this;
    }

    /** Told when a message is on disk. */
    public PosthouseBuilder onAccepted(Consumer<MailEvent.Received> listener) {
        return on(MailEvent.Received.class, listener);
    }

    /** Told when a recipient is delivered. */
    public PosthouseBuilder onRelayDone(Consumer<MailEvent.Delivered> listener) {
        return on(MailEvent.Delivered.class, listener);
    }

    /** Told when all recipients of a message are done. */
    public PosthouseBuilder onSettled(Consumer<SpoolId> listener) {
        return on(MailEvent.Settled.class, settled -> listener.accept(settled.message()));
    }

    /** Told every event. Runs on one thread of its own, in order. */
    public PosthouseBuilder onEvent(MailEvents listener) {
        events.add(listener);
        return this;
    }

    /** Told the events of one type. */
    public <E extends MailEvent> PosthouseBuilder on(Class<E> type, Consumer<E> listener) {
        return onEvent(
                event -> {
                    if (type.isInstance(event)) {
                        listener.accept(type.cast(event));
                    }
                });
    }

    /** Runs on this platform instead of the real one: for simulations. The caller closes it. */
    public PosthouseBuilder platform(Platform platform) {
        this.platform = Optional.of(platform);
        return this;
    }

    /**
     * Checks everything without starting: all problems, none when it is fine. Files are not looked
     * at.
     */
    public List<PosthouseException.Problem> problems() {
        return EngineSettings.problems(this);
    }

    /**
     * What an engine of this configuration would answer, see {@link Posthouse#explain}; nothing is
     * started.
     *
     * @throws PosthouseException when something is wrong with the configuration
     * @throws IllegalArgumentException when there is no listener, or none of the name asked for
     */
    public Explanation explain(Ask ask) {
        return new Explainer(EngineSettings.freeze(this)).explain(ask);
    }

    /**
     * Who could relay to the outside.
     *
     * @throws PosthouseException when something is wrong with the configuration
     */
    public RelayProof relayProof() {
        EngineSettings settings = EngineSettings.freeze(this);
        return RelayProof.of(settings.rules().relayRules(), Doors.of(settings));
    }

    /**
     * Checks everything, opens the queue, binds the listeners, begins to deliver.
     *
     * @throws PosthouseException when something is wrong; nothing is left open then
     */
    public Posthouse start() {
        return Posthouse.start(EngineSettings.freeze(this));
    }

    private static void addDomains(Set<String> set, String... domains) {
        for (String domain : domains) {
            set.add(domain.toLowerCase(Locale.ROOT));
        }
    }

    /** PEM files. */
    record CertificateFiles(Path chain, Path key) {}

    /** The way local mail is kept. */
    sealed interface StoreChoice {
        StoreChoice MAILDIR = new InMaildir(Optional.empty());

        /** Maildirs below a directory; below the data directory when not given. */
        record InMaildir(Optional<Path> directory) implements StoreChoice {}

        /** One file; in the data directory when not given. */
        record InMbox(Optional<Path> file) implements StoreChoice {}

        /** Made from the platform. */
        record Custom(java.util.function.Function<Platform, MessageStore> make)
                implements StoreChoice {}
    }

    /** The routes, with the default one where none is given. */
    List<Route> builtRoutes() {
        if (routes.isEmpty()) {
            return List.of(new RouteBuilder("default").build());
        }
        return routes.stream().map(RouteBuilder::build).toList();
    }
}
