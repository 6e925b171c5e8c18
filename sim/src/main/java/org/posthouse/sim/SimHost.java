package org.posthouse.sim;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import javax.net.ssl.SSLContext;

/**
 * What is wrong with one address, as those who connect to it see it. All settings hold until they
 * are changed.
 *
 * @since 0.1
 */
public final class SimHost {
    private final SimNetwork network;
    private final InetAddress address;
    private final Deque<Long> cutsReceiving = new ArrayDeque<>();
    private final Deque<Long> cutsSending = new ArrayDeque<>();
    private boolean dark;
    private boolean unreachable;
    private boolean refusing;
    private boolean tlsFails;
    private @Nullable Set<String> certificateNames;
    private List<X509Certificate> certificates = List.of();
    private Predicate<SSLContext> clients = context -> true;
    private @Nullable Duration latency;
    private @Nullable Duration jitter;

    SimHost(SimNetwork network, InetAddress address) {
        this.network = network;
        this.address = address;
    }

    /** Nothing sent to or from it arrives, connection attempts included: deadlines pass. */
    public void blackhole(boolean on) {
        dark = on;
        network.wakeAll();
    }

    /** Connecting fails at once: no route. */
    public void unreachable(boolean on) {
        unreachable = on;
    }

    /** Connecting is refused although somebody listens. */
    public void refuse(boolean on) {
        refusing = on;
    }

    /** TLS handshakes with it fail. */
    public void failTls(boolean on) {
        tlsFails = on;
    }

    /** Its certificate is good for these names only; without this call, for every name. */
    public void certificateFor(String... names) {
        certificateNames = Set.of(names);
    }

    /** Its certificate is trusted by nobody who verifies. */
    public void certificateUntrusted() {
        certificateNames = Set.of();
    }

    /** The certificates that it shows to clients, its own first; none without this call. */
    public void certificates(X509Certificate... chain) {
        certificates = List.of(chain);
    }

    /**
     * It asks clients for a certificate, and refuses the handshakes of those whose context does not
     * hold one that it takes; without this call, of none.
     */
    public void demandsOfClients(Predicate<SSLContext> known) {
        clients = known;
    }

    boolean takesClient(SSLContext context) {
        return clients.test(context);
    }

    List<X509Certificate> certificates() {
        return certificates;
    }

    /** How long octets travel to and from it, plus a random part up to {@code jitter}. */
    public void latency(Duration base, Duration jitterMax) {
        latency = base;
        jitter = jitterMax;
    }

    /**
     * Cuts one connection, the next one opened to it that has no such cut yet, when the host has
     * received this many octets (before the next one arrives).
     */
    public void cutAfterReceiving(long octets) {
        cutsReceiving.add(octets);
    }

    /** Like {@link #cutAfterReceiving}, counting what the host sends. */
    public void cutAfterSending(long octets) {
        cutsSending.add(octets);
    }

    /** Breaks all connections to it. */
    public void resetConnections() {
        network.resetConnectionsTo(this);
    }

    /** Connections to it that their client has not closed. */
    public int clients() {
        return network.clientsOf(this);
    }

    long takeCutReceiving() {
        Long cut = cutsReceiving.poll();
        return cut == null ? Long.MAX_VALUE : cut;
    }

    long takeCutSending() {
        Long cut = cutsSending.poll();
        return cut == null ? Long.MAX_VALUE : cut;
    }

    boolean isDark() {
        return dark;
    }

    boolean isUnreachable() {
        return unreachable;
    }

    boolean isRefusing() {
        return refusing;
    }

    boolean tlsFails() {
        return tlsFails;
    }

    boolean certifies(String name) {
        return certificateNames == null || certificateNames.contains(name);
    }

    Duration latencyOr(Duration other) {
        return latency == null ? other : latency;
    }

    Duration jitterOr(Duration other) {
        return jitter == null ? other : jitter;
    }

    @Override
    public String toString() {
        return address.getHostAddress();
    }
}
