package org.posthouse.sim;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.Dns;
import org.posthouse.platform.DnsAnswer;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A domain name system from a script. A name that was never mentioned does not exist; a name with
 * records of another type, or with names below it, has no data.
 *
 * @since 0.1
 */
public final class SimDns implements Dns {
    private static final int ALIASES_MAX = 10;

    private final SimScheduler scheduler;
    private final SimTrace trace;
    private final Map<String, List<Object>> records = new TreeMap<>();
    private final Map<String, String> failures = new HashMap<>();
    private final Map<String, Integer> calls = new HashMap<>();
    private final Set<String> secure = new HashSet<>();
    private final Set<String> existing = new HashSet<>(); // empty: to be gathered again
    private Duration timeToLive = Duration.ofHours(1);
    private Duration latency = Duration.ZERO;
    private boolean authentic;

    SimDns(SimScheduler scheduler, SimTrace trace) {
        this.scheduler = scheduler;
        this.trace = trace;
    }

    /** Adds mail exchangers, all of this preference; {@code ""} is the null MX (RFC 7505). */
    public SimDns mx(String domain, int preference, String... hosts) {
        for (String host : hosts) {
            add("MX", domain, new Mx(preference, host.toLowerCase(Locale.ROOT)));
        }
        return this;
    }

    /** Adds addresses of either family. */
    public SimDns address(String host, String... literals) {
        for (String literal : literals) {
            InetAddress address = SimNetwork.address(literal);
            add(address instanceof Inet4Address ? "A" : "AAAA", host, address);
        }
        return this;
    }

    /** Adds text records. */
    public SimDns txt(String name, String... texts) {
        Arrays.stream(texts).forEach(text -> add("TXT", name, text));
        return this;
    }

    /** Adds certificate associations of a name such as {@code _25._tcp.HOST}. */
    public SimDns tlsa(String name, Tlsa... associations) {
        Arrays.stream(associations).forEach(each -> add("TLSA", name, each));
        return this;
    }

    /** What is asked of the name is found at another one. */
    public SimDns alias(String name, String target) {
        add("CNAME", name, target.toLowerCase(Locale.ROOT));
        return this;
    }

    /** DNSSEC vouches for what stands at these names. */
    public SimDns secure(String... names) {
        Arrays.stream(names).forEach(name -> secure.add(name.toLowerCase(Locale.ROOT)));
        return this;
    }

    /** DNSSEC vouches for it no more. */
    public SimDns insecure(String name) {
        secure.remove(name.toLowerCase(Locale.ROOT));
        return this;
    }

    /** Adds names of an address. */
    public SimDns ptr(String literal, String... names) {
        String key = SimNetwork.address(literal).getHostAddress();
        Arrays.stream(names).forEach(name -> add("PTR", key, name));
        return this;
    }

    /** Adds addresses that only the machine itself finds (its hosts file). */
    public SimDns system(String host, String... literals) {
        for (String literal : literals) {
            add("SYSTEM", host, SimNetwork.address(literal));
        }
        return this;
    }

    /** The name exists, whether it has records or not. */
    public SimDns exists(String name) {
        entry("ANY", name);
        return this;
    }

    /** Every question about this name fails for now, until {@link #heal}. */
    public SimDns failTemporarily(String name) {
        failures.put(name.toLowerCase(Locale.ROOT), "SERVFAIL");
        return this;
    }

    /** Look-ups of this type ({@code CNAME}, ...) that come to the name fail with SERVFAIL. */
    public SimDns failTemporarily(String type, String name) {
        failures.put(key(type, name), "SERVFAIL");
        return this;
    }

    /** Ends both. */
    public SimDns heal(String name) {
        String at = name.toLowerCase(Locale.ROOT);
        failures.keySet().removeIf(key -> key.equals(at) || key.endsWith(" " + at));
        return this;
    }

    /** Drops all records of the name: it does not exist any more. */
    public SimDns remove(String name) {
        String suffix = " " + name.toLowerCase(Locale.ROOT);
        records.keySet().removeIf(key -> key.endsWith(suffix));
        existing.clear();
        return this;
    }

    /** The time to live of all answers from now on. */
    public SimDns timeToLive(Duration duration) {
        timeToLive = duration;
        return this;
    }

    /** How long each answer takes from now on. */
    public SimDns latency(Duration duration) {
        latency = duration;
        return this;
    }

    /** Whether DNSSEC vouches for all answers from now on. */
    public SimDns authentic(boolean on) {
        authentic = on;
        return this;
    }

    /** How often a type ({@code MX}, {@code A}, ...) was asked of a name. */
    public int calls(String type, String name) {
        return calls.getOrDefault(key(type, name), 0);
    }

    /** How often anything was asked. */
    public int calls() {
        return calls.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public DnsAnswer<Mx> mx(String domain) {
        return ask("MX", domain, Mx.class);
    }

    @Override
    public DnsAnswer<InetAddress> a(String host) {
        return ask("A", host, InetAddress.class);
    }

    @Override
    public DnsAnswer<InetAddress> aaaa(String host) {
        return ask("AAAA", host, InetAddress.class);
    }

    @Override
    public DnsAnswer<String> txt(String name) {
        return ask("TXT", name, String.class);
    }

    @Override
    public DnsAnswer<Tlsa> tlsa(String name) {
        return ask("TLSA", name, Tlsa.class);
    }

    @Override
    public DnsAnswer<String> cname(String name) {
        return ask("CNAME", name, String.class);
    }

    @Override
    public DnsAnswer<String> ptr(InetAddress address) {
        return ask("PTR", address.getHostAddress(), String.class);
    }

    @Override
    public DnsAnswer<InetAddress> system(String host) {
        DnsAnswer<InetAddress> local = ask("SYSTEM", host, InetAddress.class);
        if (local instanceof DnsAnswer.Found<InetAddress>) {
            return local;
        }
        List<InetAddress> both = new ArrayList<>();
        for (String type : List.of("A", "AAAA")) {
            List<Object> held = records.getOrDefault(key(type, host), List.of());
            held.forEach(address -> both.add((InetAddress) address));
        }
        return both.isEmpty() ? local : new DnsAnswer.Found<>(both, Duration.ZERO, false);
    }

    /** Takes over the records and settings of another world; not its counters. */
    void copyFrom(SimDns other) {
        existing.clear();
        other.records.forEach((key, value) -> records.put(key, new ArrayList<>(value)));
        failures.putAll(other.failures);
        secure.addAll(other.secure);
        timeToLive = other.timeToLive;
        latency = other.latency;
        authentic = other.authentic;
    }

    private <T> DnsAnswer<T> ask(String type, String name, Class<T> kind) {
        scheduler.checkAlive();
        String key = key(type, name);
        calls.merge(key, 1, Integer::sum);
        trace.add(key, scheduler.nanos());
        travel();
        String at = name.toLowerCase(Locale.ROOT);
        boolean vouched = true;
        for (int aliases = 0; aliases <= ALIASES_MAX; aliases++) {
            String failure = failures.getOrDefault(at, failures.get(key(type, at)));
            if (failure != null) {
                return new DnsAnswer.TemporaryFailure<>(failure);
            }
            vouched &= authentic || secure.contains(at);
            List<Object> held = records.getOrDefault(key(type, at), List.of());
            if (!held.isEmpty()) {
                List<T> found = held.stream().map(kind::cast).toList();
                return new DnsAnswer.Found<>(found, timeToLive, vouched, aliases == 0 ? "" : at);
            }
            List<Object> alias = records.getOrDefault(key("CNAME", at), List.of());
            if (alias.isEmpty()) {
                return existing().contains(at)
                        ? new DnsAnswer.NoData<>()
                        : new DnsAnswer.NoDomain<>();
            }
            at = (String) alias.getFirst();
        }
        return new DnsAnswer.TemporaryFailure<>("too many aliases");
    }

    /** All names with records, and those above them. */
    private Set<String> existing() {
        if (existing.isEmpty()) {
            for (String key : records.keySet()) {
                String name = key.substring(key.indexOf(' ') + 1);
                while (existing.add(name) && name.indexOf('.') >= 0) {
                    name = name.substring(name.indexOf('.') + 1);
                }
            }
        }
        return existing;
    }

    private void travel() {
        if (latency.isZero() || !scheduler.isSimulatedThread()) {
            scheduler.yieldPoint();
            return;
        }
        Deadline end = new Deadline(scheduler.nanos() + latency.toNanos());
        new SimCondition(scheduler).awaitPast(end);
    }

    private void add(String type, String name, Object value) {
        entry(type, name).add(value);
    }

    private List<Object> entry(String type, String name) {
        existing.clear();
        return records.computeIfAbsent(key(type, name), key -> new ArrayList<>());
    }

    private static String key(String type, String name) {
        return type + " " + name.toLowerCase(Locale.ROOT);
    }
}
