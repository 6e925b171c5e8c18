package org.posthouse.relay;

import org.posthouse.client.HostTrait;
import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Platform;
import org.posthouse.platform.UnixSocket;
import org.posthouse.policy.Route;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Connects to hosts: to the address of a plan that answers first. One thread uses it. */
final class Dialer {
    private final Platform platform;
    private final RelaySettings settings;
    private final Crew dials;
    private final HostMemory memory;

    Dialer(Platform platform, SmtpCarrier.Means means, HostMemory memory) {
        this.platform = platform;
        settings = means.settings();
        dials = means.dials();
        this.memory = memory;
    }

    /**
     * The hosts of a new plan: those of a route that could not be talked to a moment ago behind the
     * others; each by the family first by which it answers sooner. Preference comes before all else
     * (RFC 5321 section 5.1), also before the host that greylisted what is to be carried.
     *
     * @param hop settings of the route
     * @param greylister goes before its equals; empty: none
     */
    List<Exchangers.Host> arranged(List<Exchangers.Host> hosts, Route.Hop hop, String greylister) {
        List<Exchangers.Host> first = new ArrayList<>(hosts.size());
        List<Exchangers.Host> last = new ArrayList<>(0);
        for (Exchangers.Host host : hosts) {
            boolean isLast = host.peer().isPresent() && memory.isAvoided(Connector.key(host, hop));
            (isLast ? last : first).add(turned(host));
        }
        putBeforeItsEquals(greylister, first);
        first.addAll(last);
        return first;
    }

    static void putBeforeItsEquals(String name, List<Exchangers.Host> hosts) {
        for (int at = 0; at < hosts.size() && !name.isEmpty(); at++) {
            Exchangers.Host host = hosts.get(at);
            if (host.isNamed(name)) {
                int to = at;
                while (to > 0 && hosts.get(to - 1).preference() == host.preference()) {
                    to--;
                }
                hosts.add(to, hosts.remove(at));
                return;
            }
        }
    }

    private Exchangers.Host turned(Exchangers.Host host) {
        Set<HostTrait> traits = memory.traits(Connector.key(host));
        return traits.contains(HostTrait.IPV4_FIRST) ? host.byIpv4First() : host;
    }

    /**
     * Connects to the plan's present address, or to the one behind it where that is of the other
     * family; the plan then stands there. Where both fail, it stands at the second.
     */
    Connection connect(HostPlan plan, InetAddress source) throws IOException, InterruptedException {
        Exchangers.Host host = plan.host();
        Deadline deadline = platform.time().after(settings.timeouts().connect());
        if (host.peer().isPresent()
                && host.peer().get().at() instanceof Route.SocketFile(Path path)) {
            return platform.network().connect(UnixSocket.at(path), deadline);
        }
        List<InetSocketAddress> remotes =
                plan.pair().stream().map(each -> new InetSocketAddress(each, host.port())).toList();
        return source.isAnyLocalAddress() && remotes.size() > 1
                ? race(plan, new Dial(platform, dials, remotes, deadline))
                : platform.network().connect(remotes.getFirst(), source, deadline);
    }

    private Connection race(HostPlan plan, Dial dial) throws IOException, InterruptedException {
        return switch (dial.connect()) {
            case Dial.Result.Won won -> {
                plan.advance(won.index());
                if (won.index() > 0 && plan.address() instanceof Inet4Address) {
                    memory.learn(Connector.key(plan.host()), Set.of(HostTrait.IPV4_FIRST));
                }
                yield won.connection();
            }
            case Dial.Result.Lost lost -> {
                plan.advance(1);
                throw lost.failure();
            }
        };
    }
}
