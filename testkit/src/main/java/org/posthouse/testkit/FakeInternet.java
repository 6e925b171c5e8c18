package org.posthouse.testkit;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.posthouse.Posthouse;
import org.posthouse.PosthouseBuilder;
import org.posthouse.platform.AddressLiteral;
import org.posthouse.platform.Platform;
import org.posthouse.testkit.virtual.VirtualPlatform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * An internet to test an engine against: names, mail servers that fail when told to, and a clock
 * that the test moves, so that four days of retries take milliseconds. It comes as a parameter of a
 * test by {@link PosthouseTest}, or from {@link #create}: with {@code @RegisterExtension} the one
 * in a field is closed behind each test, and that in a static field behind the class.
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
public final class FakeInternet
        implements BeforeAllCallback, AfterEachCallback, AfterAllCallback, AutoCloseable {
    /** When it begins: a Monday. */
    public static final Instant START = Instant.parse("2026-03-02T09:00:00Z");

    /** Mail that is not settled by then never is. */
    private static final Duration SETTLED_WITHIN = Duration.ofDays(60);

    /** Addresses for documentation (RFC 5737), which nobody has: of two networks. */
    private static final int HOSTS_MAX = 508;

    private static final int HOSTS_PER_NETWORK = 254;

    private final VirtualPlatform platform;
    private final FakeDns dns;
    private final FakeHttps https = new FakeHttps();
    private final FakeClock clock;
    private final Path folder;
    private final AtomicInteger folders = new AtomicInteger();
    private final List<Posthouse> engines = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** By name; guarded by the lock. */
    private final Map<String, FakeHost> hosts = new LinkedHashMap<>();

    private final ReentrantLock starting = new ReentrantLock();

    /** Guarded by {@link #starting}. */
    private Optional<Posthouse> own = Optional.empty();

    /** Guarded by {@link #starting}. */
    private boolean isClosed;

    private volatile boolean isOfClass;

    private FakeInternet(Instant start) {
        var made = new FakeDns[1];
        platform = new VirtualPlatform(start, time -> made[0] = new FakeDns(time), https);
        clock = FakeClock.of(platform);
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
        starting.lock();
        try {
            requireOpen();
            Posthouse engine = builder.platform(platform).start();
            engines.add(engine);
            return engine;
        } finally {
            starting.unlock();
        }
    }

    /**
     * The engine of a test that needs no configuration of its own, started by the first call: named
     * {@code mail.posthouse.test}, it stores no mail, and relays what comes to its {@link
     * Posthouse#port port}, of the loopback address, and what is submitted. As a parameter of a
     * test it comes by {@link PosthouseTest}.
     */
    public Posthouse posthouse() {
        starting.lock();
        try {
            requireOpen();
            Posthouse engine = own.orElseGet(() -> start(plain()));
            own = Optional.of(engine);
            return engine;
        } finally {
            starting.unlock();
        }
    }

    /** Called with {@link #starting} held. */
    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("this internet is closed");
        }
    }

    private PosthouseBuilder plain() {
        return builder()
                .hostname("mail.posthouse.test")
                .listenLoopback(0, listener -> {})
                .relay(rule -> rule.name("this machine").clients("127.0.0.0/8", "::1/128"));
    }

    /** A name, which is there from the first call on. */
    public FakeDomain domain(String name) {
        return dns.domain(name, key -> new FakeDomain(key, this));
    }

    FakeHttps https() {
        return https;
    }

    /** A host, which is there from the first call on, with an address of its own. */
    public FakeHost host(String name) {
        lock.lock();
        try {
            FakeHost known = hosts.get(FakeDns.key(name));
            if (known != null) {
                return known;
            }
            var host = new FakeHost(domain(name), addresses(hosts.size()), platform, this);
            hosts.put(host.name(), host);
            return host;
        } finally {
            lock.unlock();
        }
    }

    private static FakeHost.Addresses addresses(int number) {
        if (number >= HOSTS_MAX) {
            throw new IllegalStateException("this internet has room for " + HOSTS_MAX + " hosts");
        }
        int last = 1 + number % HOSTS_PER_NETWORK;
        boolean isFirst = number < HOSTS_PER_NETWORK;
        return new FakeHost.Addresses(
                address((isFirst ? "203.0.113." : "198.51.100.") + last),
                address("2001:db8::" + (isFirst ? "1:" : "2:") + Integer.toHexString(last)));
    }

    private static InetAddress address(String literal) {
        return AddressLiteral.parse(literal).orElseThrow();
    }

    /** Its clock, which the test moves, and an application may read. */
    public FakeClock clock() {
        return clock;
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

    /** A static field with {@code @RegisterExtension}: closed behind the class, not each test. */
    @Override
    public void beforeAll(ExtensionContext context) {
        isOfClass = true;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (!isOfClass) {
            close();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    /** Closes the engines that {@link #start} started, and the hosts; deletes the data. */
    @Override
    public void close() {
        starting.lock();
        try {
            isClosed = true;
        } finally {
            starting.unlock();
        }
        engines.forEach(Posthouse::close);
        hosts().forEach(FakeHost::close);
        platform.close();
        delete(folder);
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return; // closed before
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
