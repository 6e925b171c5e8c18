package org.posthouse.testkit;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.posthouse.server.ListenerSettings.Tls;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An SMTP server for a test: takes all mail, delivers none, and fails where it is told to. It comes
 * as the parameter of a test by {@link PosthouseTest}; as a field with {@code @RegisterExtension},
 * static for one server a class, not static for one a test; or without JUnit by {@link
 * Builder#start}.
 *
 * <p>A handle sees the mail from its test's start on. Of tests that run beside each other each sees
 * what is from or to its own {@link #address addresses}, and never what is another's alone. Mail
 * that is neither from nor to any handle's address is seen by all of them, since nobody can tell
 * whose it is: where tests of a class run at the same time, write to addresses of your own.
 *
 * @since 0.1
 */
public final class MailSandbox
        implements BeforeAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                AfterAllCallback,
                AutoCloseable {
    private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(5);

    private final Builder settings;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<SandboxServer> server = Optional.empty(); // guarded by lock
    private String domain = ""; // guarded by lock
    private long since; // guarded by lock
    private int tests; // guarded by lock
    private boolean isOfClass; // guarded by lock

    /** The server is somebody else's to stop; set before the handle is given away. */
    private boolean isGuest;

    private MailSandbox(Builder settings) {
        this.settings = settings;
    }

    /** A sandbox to set up: STARTTLS offered, any login right, a free port. */
    public static Builder builder() {
        return new Builder();
    }

    /** Another handle of the same server, for a test that begins. */
    static MailSandbox of(SandboxServer running) {
        var handle = new MailSandbox(new Builder());
        handle.isGuest = true;
        handle.attach(running);
        return handle;
    }

    private void attach(SandboxServer running) {
        lock.lock();
        try {
            server = Optional.of(running);
            domain = running.newDomain();
            since = running.post().next();
        } finally {
            lock.unlock();
        }
    }

    /** Where it listens: a loopback address. */
    public String host() {
        return running().address().getAddress().getHostAddress();
    }

    /** The port. */
    public int port() {
        return running().address().getPort();
    }

    /** An address that no other handle has, of this mailbox: {@code ada@t7.posthouse.test}. */
    public String address(String mailbox) {
        return mailbox + "@" + view().domain();
    }

    /** The certificate that it shows with TLS, for localhost and the loopback addresses, PEM. */
    public String certificate() {
        return MailSink.certificate();
    }

    /**
     * Waits up to 5 s for the one mail that is meant.
     *
     * @throws AssertionError when none came, with what did and how it missed, or several did
     */
    public ReceivedMail awaitOne(Selector selector) {
        return awaitOne(selector, DEFAULT_LIMIT);
    }

    /** The same with a limit of its own. */
    public ReceivedMail awaitOne(Selector selector, Duration limit) {
        List<ReceivedMail> found = awaitAll(1, selector, limit);
        if (found.size() > 1) {
            throw new AssertionError("one mail was meant by " + selector + ", but came: " + found);
        }
        return found.getFirst();
    }

    /** Waits up to 5 s for at least so many mails; all that match, in their order. */
    public List<ReceivedMail> awaitAll(int count, Selector selector) {
        return awaitAll(count, selector, DEFAULT_LIMIT);
    }

    /** The same with a limit of its own. */
    public List<ReceivedMail> awaitAll(int count, Selector selector, Duration limit) {
        Post post = running().post();
        if (!post.await(() -> received(selector).size() >= count, limit)) {
            throw new AssertionError(
                    Report.missing(count, selector, limit, received(), attempts(Selectors.any())));
        }
        return received(selector);
    }

    /** The mail so far. */
    public List<ReceivedMail> received() {
        View view = view();
        return running().post().received(view.since(), view.domain());
    }

    /** The mail so far that is meant. */
    public List<ReceivedMail> received(Selector selector) {
        return received().stream().filter(selector::matches).toList();
    }

    /**
     * The tries of clients to hand over mail, each MAIL one, refused ones, too. What is known of
     * one that was refused early is its envelope, as far as the client said it, and the login.
     */
    public List<Attempt> attempts(Selector selector) {
        View view = view();
        return running().post().attempts(view.since(), view.domain()).stream()
                .filter(selector::matches)
                .toList();
    }

    /** Makes it fail there: {@code mail.when(rcptTo("ada@*")).refuse(452, "4.2.2", "full")}. */
    public When when(FaultPoint point) {
        String owner = view().domain();
        Faults faults = running().faults();
        return new When(action -> faults.add(point, action, owner));
    }

    /** The faults of this handle that never struck, in words; a test may want none. */
    public List<String> unusedFaults() {
        return running().faults().unused(view().domain()).stream().map(Fault::toString).toList();
    }

    /** Forgets mail and faults so far. */
    public void clear() {
        running().faults().clear(view().domain());
        lock.lock();
        try {
            since = running().post().next();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        start();
        lock.lock();
        try {
            isOfClass = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        start();
        boolean isAlone;
        lock.lock();
        try {
            isAlone = tests++ == 0;
        } finally {
            lock.unlock();
        }
        if (isAlone) {
            clear();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        boolean isEnd;
        lock.lock();
        try {
            tests--;
            isEnd = !isOfClass;
        } finally {
            lock.unlock();
        }
        if (isEnd) {
            close();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    /** Stops the server; does nothing the second time, and nothing for a parameter of a test. */
    @Override
    public void close() {
        if (isGuest) {
            return;
        }
        Optional<SandboxServer> last;
        lock.lock();
        try {
            last = server;
            server = Optional.empty();
        } finally {
            lock.unlock();
        }
        last.ifPresent(SandboxServer::close);
    }

    private void start() {
        lock.lock();
        try {
            if (server.isEmpty()) {
                attach(SandboxServer.start(settings.setup()));
            }
        } finally {
            lock.unlock();
        }
    }

    private record View(String domain, long since) {}

    private View view() {
        lock.lock();
        try {
            return new View(domain, since);
        } finally {
            lock.unlock();
        }
    }

    private SandboxServer running() {
        lock.lock();
        try {
            return server.orElseThrow(
                    () -> new IllegalStateException("the sandbox does not run: no test does"));
        } finally {
            lock.unlock();
        }
    }

    /** Collects the settings of a sandbox. */
    public static final class Builder {
        private final Map<String, String> logins = new LinkedHashMap<>();
        private Tls tls = Tls.OFFER;
        private boolean isLoginNeeded;
        private int port;

        private Builder() {}

        /** How TLS is offered; {@code OFFER} by default. */
        public Builder tls(Tls offered) {
            tls = Objects.requireNonNull(offered);
            return this;
        }

        /** A login that is right; without any, each is. */
        public Builder login(String login, String password) {
            logins.put(login, password);
            return this;
        }

        /** No mail without a login. */
        public Builder loginNeeded() {
            isLoginNeeded = true;
            return this;
        }

        /** The port; a free one by default. */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /** For {@code @RegisterExtension}: JUnit starts and stops it. */
        public MailSandbox build() {
            return new MailSandbox(this);
        }

        /** Running, without JUnit; to be closed. */
        public MailSandbox start() {
            MailSandbox sandbox = build();
            sandbox.start();
            return sandbox;
        }

        private SandboxServer.Setup setup() {
            return new SandboxServer.Setup(tls, Map.copyOf(logins), isLoginNeeded, port);
        }
    }
}
