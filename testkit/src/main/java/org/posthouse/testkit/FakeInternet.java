package org.posthouse.testkit;

import org.posthouse.Posthouse;
import org.posthouse.PosthouseBuilder;
import org.posthouse.platform.Platform;
import org.posthouse.testkit.virtual.VirtualPlatform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * An internet to test an engine against: names, mail servers that fail when told to, and a clock
 * that the test moves, so that four days of retries take milliseconds. It comes as a parameter of a
 * test by {@link PosthouseTest}, or from {@link #create}.
 *
 * <pre>{@code
 * net.domain("partner.example").mx("mx.partner.example");
 * net.host("mx.partner.example").down(Duration.ofDays(3));
 * Posthouse posthouse = net.start(net.builder().hostname("mail.shop.example"));
 * posthouse.submit(message);
 * net.advance(Duration.ofDays(4));
 * assertThat(net.received(to("ada@partner.example"))).hasSize(1);
 * }</pre>
 *
 * <p>The engine is the real one, with its threads, and files that are written but not forced. Its
 * time stands still while any of its threads works; it passes by {@link #advance}, {@link
 * #runUntilSettled}, and while the engine is started or closed. Threads that hooks start on their
 * own are not waited for. Other than this internet the engine reaches nothing; its own listeners
 * are on real ports of the loopback address, and what a session waits for there takes no time until
 * the test lets it pass.
 *
 * @since 0.1
 */
public final class FakeInternet implements AutoCloseable {
    /** When it begins: a Monday. */
    public static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

    /** Mail that is not settled by then never is. */
    private static final Duration SETTLED_WITHIN = Duration.ofDays(60);

    /** Addresses for documentation (RFC 5737), which nobody has: of two networks. */
    private static final int HOSTS_MAX = 508;

    private static final int HOSTS_PER_NETWORK = 254;

    private final VirtualPlatform platform;
    private final FakeDns dns;
    private final Path folder;
    private final AtomicInteger folders = new AtomicInteger();
    private final List<Posthouse> engines = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** By name; guarded by the lock. */
    private final Map<String, FakeHost> hosts = new LinkedHashMap<>();

    private FakeInternet(Instant start) {
        var made = new FakeDns[1];
        platform = new VirtualPlatform(start, time -> made[0] = new FakeDns(time));
        dns = made[0];
        try {
            folder = Files.createTempDirectory("posthouse-internet");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that begins at {@link #START}; to be closed. */
    public static FakeInternet create() {
        return new FakeInternet(START);
    }

    /** One that begins then. */
    public static FakeInternet startingAt(Instant start) {
        return new FakeInternet(start);
    }

    /** The platform of engines on this internet. */
    public Platform platform() {
        return platform;
    }

    /** A configuration of an engine on this internet, with a new folder for its data. */
    public PosthouseBuilder builder() {
        return Posthouse.builder()
                .platform(platform)
                .data(folder.resolve("engine-" + folders.incrementAndGet()));
    }

    /** Starts an engine on this internet; it is closed with it, or before. */
    public Posthouse start(PosthouseBuilder builder) {
        Posthouse engine = builder.platform(platform).start();
        engines.add(engine);
        return engine;
    }

    /** A name, which is there from the first call on. */
    public FakeDomain domain(String name) {
        return dns.domain(name, key -> new FakeDomain(key, platform.time(), this::host));
    }

    /** A host, which is there from the first call on, with an address of its own. */
    public FakeHost host(String name) {
        lock.lock();
        try {
            FakeHost known = hosts.get(FakeDns.key(name));
            if (known != null) {
                return known;
            }
            InetAddress address = address(hosts.size());
            var inMemory = platform.network().host(new InetSocketAddress(address, 25));
            var host = new FakeHost(FakeDns.key(name), address, platform, inMemory);
            hosts.put(host.name(), host);
            domain(name).is(address);
            return host;
        } finally {
            lock.unlock();
        }
    }

    private static InetAddress address(int number) {
        if (number >= HOSTS_MAX) {
            throw new IllegalStateException("this internet has room for " + HOSTS_MAX + " hosts");
        }
        byte last = (byte) (1 + number % HOSTS_PER_NETWORK);
        byte[] octets =
                number < HOSTS_PER_NETWORK
                        ? new byte[] {(byte) 203, 0, 113, last}
                        : new byte[] {(byte) 198, 51, 100, last};
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // four octets are an address
        }
    }

    /** The instant by the internet's clock. */
    public Instant now() {
        return platform.time().now();
    }

    /**
     * Lets this much time pass, everything due meanwhile happen, and then all that needs no more
     * time.
     *
     * @throws AssertionError when a thread of an engine works without an end, or died
     */
    public void advance(Duration duration) {
        platform.clock().advance(duration);
    }

    /** Lets all happen that needs no time: a first attempt, when nothing delays it. */
    public void runUntilQuiet() {
        advance(Duration.ZERO);
    }

    /**
     * Lets time pass until the queues of all engines that {@link #start} started are empty.
     *
     * @throws AssertionError when they are not within 60 days
     */
    public void runUntilSettled() {
        runUntil(() -> engines.stream().allMatch(FakeInternet::isSettled), SETTLED_WITHIN);
    }

    private static boolean isSettled(Posthouse engine) {
        return !engine.isRunning() || engine.queue().messages() == 0;
    }

    /**
     * Lets time pass until something holds, which is looked at whenever all is quiet.
     *
     * @throws AssertionError when it does not hold within this time
     */
    public void runUntil(BooleanSupplier condition, Duration within) {
        long until = platform.time().after(within).nanos();
        runUntilQuiet();
        while (!condition.getAsBoolean()) {
            if (!platform.clock().step(until)) {
                throw new AssertionError("it did not come about within " + within);
            }
        }
    }

    /** The mail that all hosts took, in the order of its coming. */
    public List<ReceivedMail> received() {
        return hosts().stream()
                .flatMap(host -> host.received().stream())
                .sorted(Comparator.comparing(ReceivedMail::receivedAt))
                .toList();
    }

    /** The mail that all hosts took and that is meant. */
    public List<ReceivedMail> received(Selector selector) {
        return received().stream().filter(selector::matches).toList();
    }

    /**
     * The one mail that is meant.
     *
     * @throws AssertionError when there is none, with what there is and how it misses, or several
     */
    public ReceivedMail one(Selector selector) {
        List<ReceivedMail> found = received(selector);
        if (found.size() != 1) {
            List<Attempt> attempts = attempts(Selectors.any());
            throw new AssertionError(Report.notOne(selector, found, received(), attempts));
        }
        return found.getFirst();
    }

    /** The tries to hand over mail to any host, from MAIL on, in their order. */
    public List<Attempt> attempts(Selector selector) {
        return hosts().stream()
                .flatMap(host -> host.attempts(selector).stream())
                .sorted(Comparator.comparing(Attempt::at))
                .toList();
    }

    /** The reports of failures and delays (RFC 3464) that came for an address. */
    public List<ReceivedMail> reportsTo(String address) {
        return received(Selectors.to(address)).stream().filter(FakeInternet::isReport).toList();
    }

    private static boolean isReport(ReceivedMail mail) {
        return mail.from().isEmpty()
                && mail.header("Content-Type")
                        .filter(
                                type ->
                                        type.toLowerCase(Locale.ROOT)
                                                .startsWith("multipart/report"))
                        .isPresent();
    }

    private List<FakeHost> hosts() {
        lock.lock();
        try {
            return List.copyOf(hosts.values());
        } finally {
            lock.unlock();
        }
    }

    /** Closes the engines that {@link #start} started, and the hosts; deletes the data. */
    @Override
    public void close() {
        engines.forEach(Posthouse::close);
        hosts().forEach(FakeHost::close);
        platform.close();
        delete(folder);
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
