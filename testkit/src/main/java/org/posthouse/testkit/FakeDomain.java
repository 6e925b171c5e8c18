package org.posthouse.testkit;

import org.posthouse.platform.Dns;
import org.posthouse.platform.TimeSource;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A name of a {@link FakeInternet}, with its records. Changes hold from now on; but what was
 * answered before is remembered for its {@link #ttl}.
 *
 * @since 0.1
 */
public final class FakeDomain {
    static final Duration DEFAULT_TTL = Duration.ofMinutes(5);

    private static final int PREFERENCE_STEP = 10;

    private final String name;
    private final TimeSource time;
    private final Consumer<String> hosts;
    private final List<Dns.Mx> exchangers = new CopyOnWriteArrayList<>();
    private final List<InetAddress> addresses = new CopyOnWriteArrayList<>();
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private volatile Duration timeToLive = DEFAULT_TTL;
    private volatile Spell spell = new Spell(Mood.ANSWERS, Instant.MAX);

    /** What becomes of a question. */
    enum Mood {
        ANSWERS,
        FAILS,
        MISSING
    }

    private record Spell(Mood mood, Instant until) {}

    /**
     * Makes one.
     *
     * @param hosts told the name of each exchanger, so that there is such a host
     */
    FakeDomain(String name, TimeSource time, Consumer<String> hosts) {
        this.name = name;
        this.time = time;
        this.hosts = hosts;
    }

    /** Its name, in lower case. */
    public String name() {
        return name;
    }

    /**
     * Adds mail exchangers, the first one preferred: 10, 20 and so on. Hosts of these names are
     * there from now on, and take everything.
     */
    public FakeDomain mx(String... names) {
        for (int i = 0; i < names.length; i++) {
            mx(PREFERENCE_STEP * (i + 1), names[i]);
        }
        return this;
    }

    /** Adds a mail exchanger; a lower preference is tried first. */
    public FakeDomain mx(int preference, String host) {
        hosts.accept(host);
        exchangers.add(new Dns.Mx(preference, FakeDns.key(host)));
        return this;
    }

    /** Says that it takes no mail (RFC 7505). */
    public FakeDomain nullMx() {
        exchangers.clear();
        exchangers.add(new Dns.Mx(0, ""));
        return this;
    }

    /** Takes its mail exchangers away. */
    public FakeDomain noMx() {
        exchangers.clear();
        return this;
    }

    /** Adds a text record. */
    public FakeDomain txt(String text) {
        texts.add(text);
        return this;
    }

    /** How long answers are remembered; 5 minutes. */
    public FakeDomain ttl(Duration time) {
        timeToLive = time;
        return this;
    }

    /** Its name servers fail, until {@link #answers}. */
    public FakeDomain servfail() {
        spell = new Spell(Mood.FAILS, Instant.MAX);
        return this;
    }

    /** Its name servers fail for this long. */
    public FakeDomain servfail(Duration howLong) {
        spell = new Spell(Mood.FAILS, time.now().plus(howLong));
        return this;
    }

    /** The name does not exist, until {@link #answers}. */
    public FakeDomain nxdomain() {
        spell = new Spell(Mood.MISSING, Instant.MAX);
        return this;
    }

    /** Its name servers answer, as they do at first. */
    public FakeDomain answers() {
        spell = new Spell(Mood.ANSWERS, Instant.MAX);
        return this;
    }

    void is(InetAddress address) {
        addresses.add(address);
    }

    List<Dns.Mx> exchangers() {
        return List.copyOf(exchangers);
    }

    List<InetAddress> addresses() {
        return List.copyOf(addresses);
    }

    List<String> texts() {
        return List.copyOf(texts);
    }

    Duration timeToLive() {
        return timeToLive;
    }

    Mood mood() {
        Spell now = spell;
        return now.until().isAfter(time.now()) ? now.mood() : Mood.ANSWERS;
    }

    @Override
    public String toString() {
        return name;
    }
}
