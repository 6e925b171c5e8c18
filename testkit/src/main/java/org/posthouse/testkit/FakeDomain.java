package org.posthouse.testkit;

import org.posthouse.platform.AddressLiteral;
import org.posthouse.platform.Dns;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A name of a {@link FakeInternet}, with its records. Changes hold from now on; but what was
 * answered before is remembered for its {@link #ttl}.
 *
 * @since 0.1
 */
public final class FakeDomain {
    static final Duration DEFAULT_TTL = Duration.ofMinutes(5);

    private static final int PREFERENCE_STEP = 10;

    /** How long a policy of MTA-STS holds: a week. */
    private static final long POLICY_SECONDS = 604_800;

    private final String name;
    private final FakeInternet internet;
    private final List<Dns.Mx> exchangers = new CopyOnWriteArrayList<>();
    private final List<InetAddress> addresses = new CopyOnWriteArrayList<>();
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final List<Dns.Tlsa> tlsas = new CopyOnWriteArrayList<>();
    private volatile Optional<String> alias = Optional.empty();
    private volatile boolean isSigned;
    private volatile Duration timeToLive = DEFAULT_TTL;
    private volatile Spell spell = new Spell(Mood.ANSWERS, Instant.MAX);

    /** What becomes of a question. */
    enum Mood {
        ANSWERS,
        FAILS,
        MISSING
    }

    private record Spell(Mood mood, Instant until) {}

    /** What a policy of MTA-STS asks for (RFC 8461 section 3.2). */
    public enum StsMode {
        /** Mail goes to none but the named hosts, by TLS, when they prove their names. */
        ENFORCE,
        /** What is against the policy is told, and does not matter. */
        TESTING,
        /** There is no policy any more. */
        NONE
    }

    FakeDomain(String name, FakeInternet internet) {
        this.name = name;
        this.internet = internet;
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
        FakeHost unused = internet.host(host);
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

    /**
     * Adds an address, IPv4 or IPv6, beside that of the host of this name. Nobody is there, unless
     * it is a host's: connections find no route.
     *
     * @param literal such as {@code 2001:db8::9}
     * @throws IllegalArgumentException when it is none
     */
    public FakeDomain address(String literal) {
        is(
                AddressLiteral.parse(literal)
                        .orElseThrow(() -> new IllegalArgumentException("no address: " + literal)));
        return this;
    }

    /** It is another name for this one, from now on (CNAME); its own records do not count. */
    public FakeDomain cname(String target) {
        alias = Optional.of(FakeDns.key(target));
        return this;
    }

    /** DNSSEC vouches for its records, from now on. */
    public FakeDomain signed() {
        isSigned = true;
        return this;
    }

    /**
     * Adds a TLSA record (RFC 6698 section 2.1); that of a mail server has a name such as {@code
     * _25._tcp.mx.partner.example}. It counts where it, the host's name and that of the recipient's
     * domain are {@link #signed}. {@link FakeHost#publishesTlsa} makes the right one of a host.
     *
     * @param data in hex
     */
    public FakeDomain tlsa(int usage, int selector, int matching, String data) {
        tlsas.add(new Dns.Tlsa(usage, selector, matching, FakeDns.key(data)));
        return this;
    }

    /**
     * Publishes a policy of MTA-STS (RFC 8461), in place of the last one. Hosts of this internet
     * prove their names to nobody: with {@link StsMode#ENFORCE} mail waits until it expires.
     *
     * @param exchangers the hosts that mail may go to; {@code *.partner.example} stands for several
     */
    public FakeDomain mtaSts(StsMode mode, String... exchangers) {
        var policy = new StringBuilder("version: STSv1\r\nmode: ");
        policy.append(mode.name().toLowerCase(Locale.ROOT)).append("\r\n");
        for (String each : exchangers) {
            policy.append("mx: ").append(FakeDns.key(each)).append("\r\n");
        }
        policy.append("max_age: ").append(POLICY_SECONDS).append("\r\n");
        String server = internet.host("mta-sts." + name).name();
        internet.https().serve(server, "/.well-known/mta-sts.txt", policy.toString());
        FakeDomain record = internet.domain("_mta-sts." + name);
        String id = Integer.toHexString(policy.toString().hashCode());
        record.texts.clear();
        record.txt("v=STSv1; id=" + id + ";");
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
        spell = new Spell(Mood.FAILS, internet.now().plus(howLong));
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

    void isNot(InetAddress address) {
        addresses.remove(address);
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

    List<Dns.Tlsa> tlsas() {
        return List.copyOf(tlsas);
    }

    Optional<String> alias() {
        return alias;
    }

    boolean isSigned() {
        return isSigned;
    }

    Duration timeToLive() {
        return timeToLive;
    }

    Mood mood() {
        Spell now = spell;
        return now.until().isAfter(internet.now()) ? now.mood() : Mood.ANSWERS;
    }

    @Override
    public String toString() {
        return name;
    }
}
