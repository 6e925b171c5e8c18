package org.posthouse.testkit;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Network;
import org.posthouse.platform.Platform;
import org.posthouse.policy.IpNetwork;
import org.posthouse.server.ListenerSettings;
import org.posthouse.server.ListenerSettings.Tls;
import org.posthouse.server.ServerLimits;
import org.posthouse.testkit.virtual.MemoryHost;
import org.posthouse.testkit.virtual.VirtualPlatform;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A host of a {@link FakeInternet}, with a mail server on whatever port is asked: takes everything,
 * but for what a test says.
 *
 * @since 0.1
 */
public final class FakeHost {
    private static final int PORT = 25;
    private static final int MANY = 1_000_000;

    private final FakeDomain domain;
    private final String name;
    private final Addresses addresses;
    private final InetSocketAddress address;
    private final FakeInternet internet;
    private final MemoryHost host;
    private final Platform platform;
    private final MailSink sink;

    /** The dialogues that the next connections replay. */
    private final Queue<Recording> recordings = new ConcurrentLinkedQueue<>();

    /** The addresses that a host may have. */
    record Addresses(InetAddress four, InetAddress six) {}

    FakeHost(FakeDomain domain, Addresses addresses, VirtualPlatform platform, FakeInternet net) {
        this.domain = domain;
        this.name = domain.name();
        this.addresses = addresses;
        this.address = new InetSocketAddress(addresses.four(), PORT);
        this.platform = platform;
        this.internet = net;
        this.host = platform.network().host(address);
        this.sink =
                new MailSink(
                        platform,
                        new OnePort(new Door(host.listening())),
                        settings(Tls.OFF),
                        Map.of());
        platform.network().alsoAt(addresses.six(), host);
        domain.is(addresses.four());
    }

    private ListenerSettings settings(Tls tls) {
        var limits =
                ServerLimits.builder()
                        .connectionsPerClientMax(MANY)
                        .errorsMax(MANY)
                        .clientsExempt(
                                List.of(IpNetwork.parse("0.0.0.0/0"), IpNetwork.parse("::/0")))
                        .build();
        return ListenerSettings.builder("internet", address, name)
                .tls(tls)
                .tlsContext(MailSink::context)
                .limits(limits)
                .build();
    }

    /** A network of one port, that of this host. */
    private record OnePort(Network.Listening listening) implements Network {
        @Override
        public Listening listen(InetSocketAddress address, int backlog) {
            return listening;
        }

        @Override
        public Connection connect(InetSocketAddress remote, InetAddress source, Deadline deadline)
                throws IOException {
            throw new IOException("a host of the internet takes mail and sends none");
        }
    }

    /** Keeps the connections that replay a dialogue from the server. */
    private final class Door implements Network.Listening {
        private final Network.Listening listening;

        Door(Network.Listening listening) {
            this.listening = listening;
        }

        @Override
        public InetSocketAddress address() {
            return listening.address();
        }

        @Override
        public Connection accept() throws IOException {
            while (true) {
                Connection accepted = listening.accept();
                Recording recording = recordings.poll();
                if (recording == null) {
                    return accepted;
                }
                var replayer =
                        new Replayer(name, recording, sink.post(), platform.time(), accepted);
                platform.threads().start("replay " + name, replayer::run);
            }
        }

        @Override
        public boolean isClosed() {
            return listening.isClosed();
        }

        @Override
        public void close() {
            listening.close();
        }
    }

    /** Its name, in lower case. */
    public String name() {
        return name;
    }

    /** Its IPv4 address, which it has unless it is {@link #ipv6Only}. */
    public InetAddress address() {
        return addresses.four();
    }

    /** Its IPv6 address, which it has when it is said to. */
    public InetAddress ipv6Address() {
        return addresses.six();
    }

    /** Has an IPv6 address, too. */
    public FakeHost ipv6() {
        domain.isNot(addresses.six());
        domain.is(addresses.six());
        return this;
    }

    /** Has an IPv6 address only. */
    public FakeHost ipv6Only() {
        domain.isNot(addresses.four());
        return ipv6();
    }

    /**
     * Publishes a TLSA record of its certificate (DANE, RFC 7672), signed as its name is from now
     * on. It counts where the name of the recipient's domain is {@link FakeDomain#signed}, too.
     */
    public FakeHost publishesTlsa() {
        domain.signed();
        internet.domain("_" + PORT + "._tcp." + name).signed().tlsa(3, 1, 1, MailSink.keyDigest());
        return this;
    }

    /**
     * Offers STARTTLS from now on, with a certificate of localhost; each handshake takes a while.
     */
    public FakeHost offersTls() {
        sink.change(settings(Tls.OFFER));
        return this;
    }

    /** Refuses connections, and breaks those that are open; until {@link #up}. */
    public FakeHost down() {
        host.is(MemoryHost.Reach.REFUSES);
        return this;
    }

    /** The same for this long. */
    public FakeHost down(Duration howLong) {
        host.is(MemoryHost.Reach.REFUSES, howLong);
        return this;
    }

    /** Can't be reached: who connects gets no answer; until {@link #up}. */
    public FakeHost silent() {
        host.is(MemoryHost.Reach.SILENT);
        return this;
    }

    /** The same for this long. */
    public FakeHost silent(Duration howLong) {
        host.is(MemoryHost.Reach.SILENT, howLong);
        return this;
    }

    /** Takes connections, as it does at first. */
    public FakeHost up() {
        host.is(MemoryHost.Reach.UP);
        return this;
    }

    /**
     * Makes it fail there: {@code host.when(rcptTo("ada@*")).refuse(452, "4.2.2", "full")}. Delays
     * are those of the internet's clock.
     */
    public When when(FaultPoint point) {
        return new When(action -> sink.faults().add(point, action, ""));
    }

    /**
     * The next connection replays what a server said in a recorded dialogue, in the form of {@code
     * posthouse msg transcript}: lines that begin with {@code S: } and {@code C: }, and notes in
     * parentheses. Where no reply came, the connection is closed, or silent where the client's time
     * was up. Several dialogues are for one connection each, in this order.
     *
     * @throws IllegalArgumentException when it is no dialogue, or lines are missing
     */
    public FakeHost replays(String dialogue) {
        recordings.add(Recording.parse(dialogue));
        return this;
    }

    /** The faults that never struck, in words. */
    public List<String> unusedFaults() {
        return sink.faults().unused("").stream().map(Fault::toString).toList();
    }

    /** Forgets the faults, and lets go who hangs by them. */
    public FakeHost clearFaults() {
        sink.faults().clearAll();
        return this;
    }

    /** When somebody connected, or tried to. */
    public List<Instant> connectionsAt() {
        return host.knocks();
    }

    /** The mail that it took, in order. */
    public List<ReceivedMail> received() {
        return sink.post().received(0, "");
    }

    /** The mail that it took and that is meant. */
    public List<ReceivedMail> received(Selector selector) {
        return received().stream().filter(selector::matches).toList();
    }

    /** The tries to hand over mail, from MAIL on; refused ones, too. */
    public List<Attempt> attempts(Selector selector) {
        return sink.post().attempts(0, "").stream().filter(selector::matches).toList();
    }

    void close() {
        sink.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
