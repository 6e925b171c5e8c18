package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.Disposition;
import org.posthouse.core.Envelope;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailOptions;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.Outcome;
import org.posthouse.core.Recipient;
import org.posthouse.core.Reply;
import org.posthouse.core.ReversePath;
import org.posthouse.core.SpoolId;
import org.posthouse.policy.AddressPattern;
import org.posthouse.policy.KnownRecipients;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.Hop;
import org.posthouse.sim.ScriptedPeer;
import org.posthouse.sim.SimBody;
import org.posthouse.sim.SimPlatform;
import org.posthouse.spool.AcceptResult;
import org.posthouse.spool.Acceptance;
import org.posthouse.spool.MemorySpool;
import org.posthouse.spool.Spool;
import org.posthouse.spool.SpoolLog;
import org.posthouse.spool.SpoolSettings;
import org.posthouse.store.MessageStore;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import javax.net.ssl.SSLContext;

/** A relay in a simulated internet, with what it stores and tells in lists. */
final class World {
    static final Path MEMORY = Path.of("/state");
    static final String SENDER = "ada@us.example";
    private static final Origin ADA =
            new Origin("public", "203.0.113.5", "c.example", "ada", "ESMTPSA");
    static final String TEXT = "Subject: hello\r\nFrom: ada\r\n\r\nthe body\r\n";

    final SimPlatform sim;
    final List<MailEvent> events = new ArrayList<>();
    final List<Stored> stored = new ArrayList<>();
    final List<ScriptedPeer> peers = new ArrayList<>();
    Spool spool;
    PolicySet rules;
    private Optional<Mailbox> copiesTo = Optional.empty();
    private RelaySettings.Outcomes outcomes = RelaySettings.Outcomes.DEFAULT;
    private RelaySettings.Sharing sharing = RelaySettings.Sharing.DEFAULT;
    RelaySettings settings = RelaySettings.of("us.example");
    RelayHooks hooks = RelayHooks.NONE;
    RelayTls tls = (shown, verifies) -> context();
    List<InetSocketAddress> listeners = List.of();
    MessageStore store = this::keep;
    boolean durable;
    Instant notBefore = Instant.EPOCH;
    Instant expiresAt = Instant.MAX;
    private Relay relay;
    private CheckedSpool checked;

    /** A message in the local store. */
    record Stored(String recipient, String from, String content) {}

    World() {
        this(11);
    }

    World(long seed) {
        sim = new SimPlatform(seed);
        spool = new MemorySpool(sim.time());
        rules = rules(route("default", new Route.Mx(Hop.DEFAULT, false)));
    }

    static Route route(String name, Route.Via via) {
        return new Route(name, List.of(new AddressPattern("*")), via);
    }

    static PolicySet rules(Route... routes) {
        return new PolicySet(
                Set.of("us.example"), Set.of(), KnownRecipients.ALL, List.of(), List.of(routes));
    }

    static Hop hop(Route.TlsMode tls, int connections) {
        return new Hop(
                25, tls, Route.Credentials.NONE, connections, "", "", Duration.ofSeconds(30));
    }

    void retry(Duration... ladder) {
        var d = RelaySettings.Retry.DEFAULT;
        retry(
                new RelaySettings.Retry(
                        List.of(ladder),
                        d.giveUpAfter(),
                        d.warnAfter(),
                        d.probeFirst(),
                        d.probeMax(),
                        d.probeMaxLater(),
                        d.reportsGiveUpAfter()));
    }

    void retry(RelaySettings.Retry retry) {
        settings = settings(retry, settings.idleWait(), settings.activeMax());
    }

    void idleWait(Duration wait) {
        settings = settings(settings.retry(), wait, settings.activeMax());
    }

    void copiesTo(String address) {
        copiesTo = Optional.of(Mailbox.parse(address));
        activeMax(settings.activeMax());
    }

    void outcomes(RelaySettings.Outcomes rules) {
        outcomes = rules;
        activeMax(settings.activeMax());
    }

    void activeMax(int most) {
        settings = settings(settings.retry(), settings.idleWait(), most);
    }

    private RelaySettings settings(RelaySettings.Retry retry, Duration idleWait, int activeMax) {
        return new RelaySettings(
                settings.hostname(),
                retry,
                settings.timeouts(),
                idleWait,
                activeMax,
                settings.localConnections(),
                settings.recipientsPerTransaction(),
                settings.messagesPerConnection(),
                outcomes,
                copiesTo,
                sharing);
    }

    void sharing(RelaySettings.Sharing by) {
        sharing = by;
        activeMax(settings.activeMax());
    }

    /** An exchanger of a domain, with its name, address and a server on port 25. */
    ScriptedPeer exchanger(String domain, int preference, String host, String address) {
        sim.dns().mx(domain, preference, host).address(host, address);
        return peer(address);
    }

    ScriptedPeer peer(String address) {
        var peer = new ScriptedPeer(sim, address, 25);
        peers.add(peer);
        return peer;
    }

    /** Opens a spool on the simulated disk, which {@link #restart} opens again. */
    void openLog() {
        spool =
                SpoolLog.open(
                        sim,
                        Path.of("/spool"),
                        new SpoolSettings(
                                512 << 10, 64 << 10, 64 << 10, 1 << 20, 8 << 10, 2, 1, 1 << 20));
    }

    /** Runs the body with a relay that is started before and closed behind it. */
    <E extends Exception> void run(SimBody<E> body) throws E {
        sim.run(
                () -> {
                    if (durable) {
                        openLog();
                    }
                    relay = relay();
                    relay.start();
                    try {
                        body.run();
                    } finally {
                        relay.drain(Duration.ofSeconds(30));
                        peers.forEach(ScriptedPeer::close);
                        checked.assertAllBack();
                        spool.close();
                    }
                });
        sim.assertQuiet();
    }

    Relay current() {
        return relay;
    }

    /** What the relay sees of the spool. */
    CheckedSpool books() {
        return checked;
    }

    /** After a moment, what is out is what the relay knows to be active. */
    void assertInStep() {
        sim.settle();
        assertThat(checked.out).hasSize(relay.counts().active());
    }

    /** Stops relay and spool, which must be durable, and starts them again. */
    void restart() {
        relay.drain(Duration.ofSeconds(30));
        checked.assertAllBack();
        spool.close();
        openLog();
        relay = relay();
        relay.start();
    }

    private Relay relay() {
        checked = new CheckedSpool(spool);
        return new Relay(
                new RelayParts(
                        sim,
                        checked,
                        mail -> store.store(mail),
                        () -> rules,
                        settings,
                        tls,
                        OwnAddresses.of(listeners),
                        hooks,
                        events::add,
                        durable ? Optional.of(MEMORY) : Optional.empty()));
    }

    private static SSLContext context() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    Outcome keep(MessageStore.LocalMail mail) {
        stored.add(
                new Stored(
                        mail.recipient().address(),
                        mail.reversePath().address(),
                        text(mail.content())));
        return new Outcome.Delivered(Reply.of(250, "2.0.0", "stored"));
    }

    static String text(Content content) {
        var octets = new byte[(int) content.octets()];
        int count = 0;
        while (count < octets.length) {
            count += content.read(count, octets, count, octets.length - count);
        }
        return new String(octets, StandardCharsets.UTF_8);
    }

    /** A message from a login of ours, to be relayed. */
    SpoolId send(String... recipients) {
        return send(Mailbox.parse(SENDER), MailOptions.NONE, recipients(recipients));
    }

    /** The same message again and again, sharing what can be shared. */
    void send(int count, String recipient) {
        List<Recipient> to = recipients(recipient);
        Mailbox from = Mailbox.parse(SENDER);
        for (int i = 0; i < count; i++) {
            send(from, MailOptions.NONE, to);
        }
    }

    /** The same, in another name. */
    SpoolId sendFrom(String reversePath, String... recipients) {
        return send(Mailbox.parse(reversePath), MailOptions.NONE, recipients(recipients));
    }

    static List<Recipient> recipients(String... addresses) {
        return Arrays.stream(addresses).map(Mailbox::parse).map(Recipient::of).toList();
    }

    SpoolId send(ReversePath from, MailOptions options, List<Recipient> recipients) {
        return send(from, options, recipients, TEXT, new Disposition.Relayed("people", ""));
    }

    SpoolId send(
            ReversePath from,
            MailOptions options,
            List<Recipient> recipients,
            String text,
            Disposition disposition) {
        return send(ADA, from, options, recipients, text, disposition);
    }

    /** From another login. */
    SpoolId send(Origin origin, String... recipients) {
        return send(
                origin,
                Mailbox.parse(SENDER),
                MailOptions.NONE,
                recipients(recipients),
                TEXT,
                new Disposition.Relayed("people", ""));
    }

    private SpoolId send(
            Origin origin,
            ReversePath from,
            MailOptions options,
            List<Recipient> recipients,
            String text,
            Disposition disposition) {
        ContentSink sink = spool.openContent();
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        sink.write(octets, 0, octets.length);
        var dispositions =
                recipients.stream()
                        .map(
                                r ->
                                        r.mailbox().domain().equals("us.example")
                                                ? Disposition.LOCAL
                                                : disposition)
                        .toList();
        var accepted =
                spool.accept(
                        new Acceptance(
                                "",
                                origin,
                                new Envelope(from, options, recipients),
                                dispositions,
                                new byte[0],
                                sink,
                                notBefore,
                                expiresAt));
        return ((AcceptResult.Accepted) accepted).id();
    }

    <T extends MailEvent> List<T> events(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<String> delivered() {
        return events(MailEvent.Delivered.class).stream()
                .map(e -> e.recipient().address() + " at " + e.nexthop())
                .toList();
    }

    List<MailEvent.Deferred> deferred() {
        return events(MailEvent.Deferred.class);
    }

    List<MailEvent.Failed> failed() {
        return events(MailEvent.Failed.class);
    }

    static DeliveryId first(SpoolId id) {
        return new DeliveryId(id, 0);
    }
}
