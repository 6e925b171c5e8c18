package org.posthouse.testkit;

import org.posthouse.core.Reply;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;
import org.posthouse.server.SessionPolicy.StageVerdict;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** The faults of a server: in the order of their making, the first that ends a command wins. */
final class Faults {
    private static final Reply CLOSING = Reply.of(421, "4.3.2", "closing");
    private static final Reply GARBLED = Reply.plain(550, SandboxNetwork.GARBLED);

    private final TimeSource time;
    private final List<Owned> all = new CopyOnWriteArrayList<>();
    private final Set<Hanging> hanging = ConcurrentHashMap.newKeySet();
    private volatile Optional<SandboxNetwork> network = Optional.empty();

    private record Owned(String domain, Fault fault) {}

    private record Hanging(String domain, Signal signal) {}

    /** What is about to be answered, and whom its transaction concerns so far. */
    record Moment(Stage stage, String argument, String reversePath, List<String> recipients) {
        boolean isOf(String domain) {
            boolean isLoose = argument.isEmpty() && reversePath.isEmpty() && recipients.isEmpty();
            return isLoose
                    || Ownership.isOf(
                            domain,
                            java.util.stream.Stream.concat(
                                            java.util.stream.Stream.of(argument, reversePath),
                                            recipients.stream())
                                    .toList());
        }
    }

    Faults(TimeSource time) {
        this.time = time;
    }

    void breaks(SandboxNetwork breakable) {
        network = Optional.of(breakable);
    }

    Fault add(FaultPoint point, FaultAction action, String domain) {
        var fault = new Fault(point, action, domain);
        all.add(new Owned(domain, fault));
        return fault;
    }

    /** Forgets the faults of a handle, and lets go who hangs by them. */
    void clear(String domain) {
        clear(owner -> owner.equals(domain));
    }

    void clearAll() {
        clear(owner -> true);
    }

    private void clear(Predicate<String> owner) {
        all.removeIf(each -> owner.test(each.domain()));
        hanging.stream()
                .filter(each -> owner.test(each.domain()))
                .forEach(each -> each.signal().raise());
    }

    List<Fault> unused(String domain) {
        return all.stream()
                .filter(each -> each.domain().equals(domain))
                .map(Owned::fault)
                .filter(fault -> fault.uses() == 0)
                .toList();
    }

    /** Whether the next handshake of TLS fails. */
    boolean failsTls() {
        return all.stream()
                .filter(each -> each.fault().action() instanceof FaultAction.TlsFail)
                .anyMatch(each -> each.fault().strikes(Stage.CONNECT, "", ""));
    }

    StageVerdict strike(Moment moment, InetSocketAddress client) throws InterruptedException {
        for (Owned each : all) {
            Fault fault = each.fault();
            boolean isForTls = fault.action() instanceof FaultAction.TlsFail;
            if (!isForTls
                    && moment.isOf(each.domain())
                    && fault.strikes(moment.stage(), moment.argument(), moment.reversePath())) {
                Optional<StageVerdict> end = apply(each, client);
                if (end.isPresent()) {
                    return end.get();
                }
            }
        }
        return StageVerdict.PROCEED;
    }

    private Optional<StageVerdict> apply(Owned owned, InetSocketAddress client)
            throws InterruptedException {
        return switch (owned.fault().action()) {
            case FaultAction.Refuse r when r.closes() ->
                    Optional.of(new StageVerdict.Disconnect(r.reply(), ""));
            case FaultAction.Refuse r -> Optional.of(new StageVerdict.Refuse(r.reply(), ""));
            case FaultAction.Greylist g -> Optional.of(new StageVerdict.Refuse(g.reply(), ""));
            case FaultAction.Corrupt c -> Optional.of(new StageVerdict.Refuse(GARBLED, ""));
            case FaultAction.Delay d -> {
                time.sleep(d.pause());
                yield Optional.empty();
            }
            case FaultAction.Drop d -> {
                network.ifPresent(each -> each.drop(client, d.afterOctets()));
                yield d.afterOctets() > 0
                        ? Optional.empty()
                        : Optional.of(new StageVerdict.Disconnect(CLOSING, ""));
            }
            case FaultAction.Hang h -> {
                hang(owned.domain());
                yield Optional.of(new StageVerdict.Disconnect(CLOSING, ""));
            }
            case FaultAction.TlsFail t -> Optional.empty();
        };
    }

    private void hang(String domain) throws InterruptedException {
        var waiting = new Hanging(domain, time.signal());
        hanging.add(waiting);
        try {
            waiting.signal().await(Deadline.NEVER);
        } finally {
            hanging.remove(waiting);
        }
    }
}
