package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.core.DeliveryId;
import org.posthouse.core.MailEvent;
import org.posthouse.core.MailOptions;
import org.posthouse.core.ReversePath;
import org.posthouse.platform.Entropy;
import org.posthouse.sim.ScriptedPeer;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sites come and go, operators hold, release, remove, give up and retry, and the relay restarts,
 * all at random: each delivery stays where it can be had, no attempt is made too early, and in the
 * end all that was not removed has arrived once.
 */
class OperatorTest {
    private static final int ROUNDS = 250;
    private static final int DOMAINS = 3;
    private static final int SCOPES = Suspension.Scope.values().length;

    private final Set<DeliveryId> alive = new LinkedHashSet<>();
    private final Set<DeliveryId> held = new LinkedHashSet<>();

    /** Those that an operator released or retried: they may be attempted earlier. */
    private final Set<DeliveryId> asked = new LinkedHashSet<>();

    private int sent;
    private int removed;
    private int givenUp;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void nothingIsStuckAndNothingIsEarly(long seed) {
        var world = new World(seed);
        Entropy random = world.sim.entropy();
        world.durable = true;
        world.activeMax(10 + random.below(40));
        world.sim.network().latency(Duration.ofMillis(5), Duration.ofMillis(20));
        world.run(
                () -> {
                    List<ScriptedPeer> peers = new ArrayList<>();
                    for (int d = 0; d < DOMAINS; d++) {
                        peers.add(world.exchanger(domain(d), 10, "mx." + domain(d), host(d)));
                    }
                    for (int round = 0; round < ROUNDS; round++) {
                        disturb(world, random, peers);
                        operate(world, random);
                        world.sim.advance(Duration.ofMillis(random.below(60_000)));
                        if (random.below(20) == 0) {
                            world.assertInStep();
                        }
                        if (random.below(60) == 0) {
                            world.restart();
                        }
                    }
                    calm(world);
                    check(world, peers);
                });
    }

    private static String domain(int number) {
        return "d" + number + ".example";
    }

    private static String host(int number) {
        return "192.0.2." + (number + 10);
    }

    private void disturb(World world, Entropy random, List<ScriptedPeer> peers) {
        int d = random.below(DOMAINS);
        var host = world.sim.network().host(host(d));
        switch (random.below(8)) {
            case 0 -> host.refuse(true);
            case 1 -> host.refuse(false);
            case 2 -> host.resetConnections();
            case 3 -> peers.get(d).once("RCPT", "450 4.2.0 busy");
            case 4 -> peers.get(d).once("RCPT", "451 4.7.1 Greylisted, try again in 9 minutes");
            case 5 -> {
                for (int i = 0; i < 150; i++) {
                    send(world, d);
                }
            }
            default -> send(world, d);
        }
    }

    private void send(World world, int domain) {
        var recipients = World.recipients("r" + sent++ + "@" + domain(domain));
        alive.add(World.first(world.send(ReversePath.NULL, MailOptions.NONE, recipients)));
    }

    private void operate(World world, Entropy random) {
        if (alive.isEmpty()) {
            return;
        }
        DeliveryId id = List.copyOf(alive).get(random.below(alive.size()));
        Relay relay = world.current();
        boolean wasHeld = held.contains(id);
        switch (random.below(10)) {
            case 7 -> suspend(world, random);
            case 8 -> resume(world, random.below(DOMAINS));
            case 9 -> relay.clear(domain(random.below(DOMAINS)));
            case 0 -> {
                if (relay.hold(id)) {
                    assertThat(held.add(id)).isTrue();
                }
            }
            case 1 -> {
                asked.add(id);
                assertThat(relay.release(id)).isEqualTo(held.remove(id));
            }
            case 2 -> {
                if (relay.remove(id)) {
                    alive.remove(id);
                    held.remove(id);
                    removed++;
                }
            }
            case 3 -> {
                if (relay.fail(id)) {
                    alive.remove(id);
                    held.remove(id);
                    removed++;
                    givenUp++;
                }
            }
            case 4 -> {
                asked.add(id);
                boolean retried = relay.retryNow(id);
                assertThat(retried && wasHeld).isFalse();
            }
            default -> assertThat(relay.counts().held()).isEqualTo(held.size());
        }
    }

    private void suspend(World world, Entropy random) {
        Instant now = world.sim.time().now();
        int d = random.below(DOMAINS);
        String pattern =
                switch (Suspension.Scope.values()[random.below(SCOPES)]) {
                    case SITE -> "mx." + domain(d);
                    case ROUTE -> "default";
                    case DOMAIN -> domain(d);
                    case FROM -> "<>";
                    case LOGIN -> "ada";
                };
        for (Suspension.Scope scope : Suspension.Scope.values()) {
            boolean ends = random.below(2) == 0;
            Instant until = ends ? now.plusSeconds(random.below(3600)) : Instant.MAX;
            world.current().suspend(new Suspension(scope, pattern, "", now, until));
        }
    }

    private static void resume(World world, int domain) {
        for (Suspension each : world.current().suspensions()) {
            if (each.pattern().endsWith(domain(domain)) || each.pattern().indexOf('.') < 0) {
                assertThat(world.current().resume(each.scope(), each.pattern())).isTrue();
            }
        }
    }

    private void calm(World world) {
        for (Suspension each : world.current().suspensions()) {
            assertThat(world.current().resume(each.scope(), each.pattern())).isTrue();
        }
        world.sim.settle();
        for (int d = 0; d < DOMAINS; d++) {
            world.sim.network().host(host(d)).refuse(false);
        }
        world.sim.settle();
        for (DeliveryId id : List.copyOf(held)) {
            asked.add(id);
            assertThat(world.current().release(id)).isTrue();
        }
        world.sim.advance(Duration.ofHours(12));
        world.assertInStep();
    }

    private void check(World world, List<ScriptedPeer> peers) {
        assertThat(world.spool.admin().deliveryCount()).isZero();
        assertThat(world.current().counts().active()).isZero();
        assertThat(world.current().counts().parked()).isZero();
        Map<String, Integer> taken = new HashMap<>();
        peers.stream()
                .flatMap(peer -> peer.received().stream())
                .flatMap(message -> message.rcpts().stream())
                .forEach(line -> taken.merge(line, 1, Integer::sum));
        assertThat(taken).hasSize(sent - removed);
        assertThat(world.events(MailEvent.Delivered.class)).hasSize(sent - removed);
        assertThat(world.failed()).hasSize(givenUp);
        assertThat(world.deferred().size()).isGreaterThan(10);
        checkInstants(world);
    }

    /** What a host deferred is not attempted before the instant that was told. */
    private void checkInstants(World world) {
        Map<DeliveryId, Instant> earliest = new HashMap<>();
        for (MailEvent event : world.events) {
            if (event instanceof MailEvent.AttemptStep step && !asked.contains(step.delivery())) {
                Instant instant = earliest.getOrDefault(step.delivery(), Instant.MIN);
                assertThat(step.at().plusMillis(1)).isAfterOrEqualTo(instant);
            } else if (event instanceof MailEvent.Deferred deferred) {
                earliest.put(
                        deferred.delivery(),
                        isReply(deferred) ? deferred.nextDueAt() : Instant.MIN);
            }
        }
        assertThat(earliest.values()).anyMatch(instant -> instant.isAfter(Instant.MIN));
    }

    private static boolean isReply(MailEvent.Deferred deferred) {
        String reply = deferred.reply().toString();
        return reply.contains("busy") || reply.contains("Greylisted");
    }
}
