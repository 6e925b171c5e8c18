package org.posthouse.platform;

import org.xbill.DNS.ResolverConfig;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The servers to ask, the one that answers first. Those of the system are read again now and then:
 * a machine moves between networks.
 */
final class DnsServers {
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final String KEYWORD = "nameserver";
    private static final int PORT = 53;
    private static final int SERVERS_MAX = 8;
    private static final long REREAD_NANOS = 30_000_000_000L;

    private final boolean system;
    private final ReentrantLock lock = new ReentrantLock();
    private List<InetSocketAddress> servers; // guarded by lock
    private int first; // guarded by lock; below the size, or 0
    private long readAt; // guarded by lock

    DnsServers(List<InetSocketAddress> given, long now) {
        system = given.isEmpty();
        servers = system ? ofSystem() : bounded(given);
        readAt = now;
    }

    /** In the order in which to ask. */
    List<InetSocketAddress> inOrder(long now) {
        lock.lock();
        try {
            if (system && now - readAt > REREAD_NANOS) {
                refresh(now);
            }
            if (first == 0) {
                return servers;
            }
            List<InetSocketAddress> rotated =
                    new ArrayList<>(servers.subList(first, servers.size()));
            rotated.addAll(servers.subList(0, first));
            return rotated;
        } finally {
            lock.unlock();
        }
    }

    /** It does not answer: another one is asked first from now on, if it was this one. */
    void isSilent(InetSocketAddress server) {
        lock.lock();
        try {
            if (first < servers.size() && servers.get(first).equals(server)) {
                first = (first + 1) % servers.size();
            }
        } finally {
            lock.unlock();
        }
    }

    private void refresh(long now) {
        List<InetSocketAddress> found = ofSystem();
        readAt = now;
        if (!found.equals(servers)) {
            servers = found;
            first = 0;
        }
    }

    private static List<InetSocketAddress> bounded(List<InetSocketAddress> all) {
        return List.copyOf(all.subList(0, Math.min(all.size(), SERVERS_MAX)));
    }

    private static List<InetSocketAddress> ofSystem() {
        try {
            List<InetSocketAddress> found =
                    parse(Files.readAllLines(RESOLV_CONF, StandardCharsets.ISO_8859_1));
            if (!found.isEmpty()) {
                return bounded(found);
            }
        } catch (IOException e) {
            // no such file here: dnsjava knows where else to look
        }
        ResolverConfig.refresh();
        return bounded(ResolverConfig.getCurrentConfig().servers());
    }

    /** The servers of a resolv.conf. */
    static List<InetSocketAddress> parse(List<String> lines) {
        List<InetSocketAddress> found = new ArrayList<>();
        for (String line : lines) {
            String text = line.strip();
            if (text.length() > KEYWORD.length()
                    && text.startsWith(KEYWORD)
                    && Character.isWhitespace(text.charAt(KEYWORD.length()))) {
                AddressLiteral.parse(text.substring(KEYWORD.length()).strip())
                        .ifPresent(address -> found.add(new InetSocketAddress(address, PORT)));
            }
        }
        return found;
    }
}
