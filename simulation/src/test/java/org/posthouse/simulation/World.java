package org.posthouse.simulation;

import org.posthouse.Posthouse;
import org.posthouse.PosthouseBuilder;
import org.posthouse.PosthouseException;
import org.posthouse.core.MailEvent;
import org.posthouse.platform.Threads;
import org.posthouse.sim.SimCrash;
import org.posthouse.sim.SimLoss;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Plays a scenario with the whole engine in a simulated world. */
final class World {
    static final int CONNECTIONS_MAX = 3;
    private static final Path DATA = Path.of("/data");
    private static final Path MAIL = Path.of("/data/mail");
    private static final int DAYS_MAX = 8;
    private static final long STEPS_MAX = 2_000_000;
    private static final Duration STILL = Duration.ofHours(1);

    private final Scenario scenario;
    private final Ledger ledger = new Ledger();
    private SimPlatform world;
    private int sends;

    private World(Scenario scenario) {
        this.scenario = scenario;
        this.world = new SimPlatform(scenario.seed());
        Cast.publish(world);
    }

    /** What was seen, and one number for all that happened. */
    record History(Ledger ledger, long hash) {
        /** What was not as it has to be; empty: nothing. */
        List<String> violations() {
            return Invariant.brokenBy(ledger);
        }
    }

    static History play(Scenario scenario) throws IOException {
        return new World(scenario).play();
    }

    private History play() throws IOException {
        try {
            for (int i = 0; i < scenario.lives().size(); i++) {
                live(i, scenario.lives().get(i));
            }
            recover(scenario.lives().size());
        } catch (AssertionError e) { // a deadlock, a thread that died, steps without end
            ledger.amiss(TheWorldGoesOn.class, e.getMessage() + " " + e.getCause());
        }
        return new History(ledger, world.traceHash());
    }

    private void live(int number, Life life) throws IOException {
        world.stepsMax(STEPS_MAX);
        if (life.crashAt() < 0) {
            world.disk().crashAt(-life.crashAt());
        }
        try {
            world.run(() -> oneLife(number, life));
            ledger.endings.add(Ledger.Ending.STOPPED);
            world = world.restart(SimLoss.PROCESS);
        } catch (SimCrash crash) {
            ledger.endings.add(Ledger.Ending.DIED);
            world = world.restart(life.loss());
        }
    }

    private void oneLife(int number, Life life) throws IOException {
        Map<String, Exchanger> hosts = openHosts(number);
        try (Posthouse mail = engine(number).start()) {
            if (life.crashAt() > 0) {
                world.disk().crashAt(life.crashAt());
            }
            act(number, life, hosts);
            if (!mail.isRunning()) {
                ledger.amiss(TheWorldGoesOn.class, "the engine has stopped by itself");
            }
        } catch (PosthouseException e) {
            // it may refuse to start on a disk that fails
        }
        heal(hosts);
        StoppedMeansStopped.check(world, ledger, hosts.values());
        hosts.values().forEach(Exchanger::close);
    }

    /** All is well now: everything has to settle. */
    private void recover(int number) throws IOException {
        world.stepsMax(STEPS_MAX);
        world.run(
                () -> {
                    Map<String, Exchanger> hosts = openHosts(number);
                    try (Posthouse mail = engine(number).start()) {
                        Duration passed = Duration.ZERO;
                        while (mail.queue().messages() > 0 && passed.toDays() < DAYS_MAX) {
                            world.advance(STILL);
                            passed = passed.plus(STILL);
                        }
                        ledger.left = mail.queue().messages();
                    }
                    StoppedMeansStopped.check(world, ledger, hosts.values());
                    hosts.values().forEach(Exchanger::close);
                    readStore();
                });
        ledger.endings.add(Ledger.Ending.STOPPED);
    }

    private PosthouseBuilder engine(int life) {
        return Posthouse.builder()
                .hostname("mail." + Cast.HOME)
                .data(DATA)
                .spool(scenario.sizes().spool)
                .maildir(MAIL)
                .platform(world)
                .listen(Cast.HERE, listener -> {})
                .local(Cast.HOME)
                .relayed(Cast.PARTNER)
                .relay(rule -> rule.name("insiders").clients("10.0.0.0/8"))
                .route(route -> route.name("out").mx().maxConnections(CONNECTIONS_MAX))
                .onEvent(event -> tell(life, event));
    }

    private void tell(int life, MailEvent event) {
        ledger.told.add(new Ledger.Told(life, world.time().nanos(), event));
    }

    private Map<String, Exchanger> openHosts(int life) throws IOException {
        Cast.OUTSIDE.forEach(world.dns()::heal);
        Map<String, Exchanger> hosts = new LinkedHashMap<>();
        for (int i = 0; i < Cast.HOSTS.size(); i++) {
            hosts.put(Cast.HOSTS.get(i), new Exchanger(world, ledger, life, i));
        }
        return hosts;
    }

    private void heal(Map<String, Exchanger> hosts) {
        world.disk().heal();
        hosts.values().forEach(host -> host.weather(Weather.FAIR));
        Cast.OUTSIDE.forEach(world.dns()::heal);
    }

    private void act(int number, Life life, Map<String, Exchanger> hosts) {
        List<Moment> moments = new ArrayList<>();
        for (Act act : life.acts()) {
            moments.addAll(moments(number, act, hosts));
        }
        moments.sort(Comparator.comparing(Moment::at));
        Duration now = Duration.ZERO;
        for (Moment moment : moments) {
            if (moment.at().compareTo(life.length()) > 0) {
                break;
            }
            world.advance(moment.at().minus(now));
            now = moment.at();
            moment.what().run();
        }
        world.advance(life.length().minus(now));
    }

    private record Moment(Duration at, Runnable what) {}

    private List<Moment> moments(int life, Act act, Map<String, Exchanger> hosts) {
        return switch (act) {
            case Act.Send send -> List.of(new Moment(send.at(), sending(life, send)));
            case Act.Trouble trouble -> {
                Exchanger host = hosts.get(trouble.host());
                yield List.of(
                        new Moment(trouble.at(), () -> host.weather(trouble.weather())),
                        new Moment(
                                trouble.at().plus(trouble.lasting()),
                                () -> host.weather(Weather.FAIR)));
            }
            case Act.NoAnswer none ->
                    List.of(
                            new Moment(none.at(), () -> world.dns().failTemporarily(none.name())),
                            new Moment(
                                    none.at().plus(none.lasting()),
                                    () -> world.dns().heal(none.name())));
            case Act.DiskFault fault -> List.of(new Moment(fault.at(), () -> fail(fault, life)));
        };
    }

    private void fail(Act.DiskFault fault, int life) {
        ledger.withFaultyDisk.add(life);
        world.disk().fail(fault.operation(), fault.nth(), fault.failure());
    }

    private Runnable sending(int life, Act.Send send) {
        int number = sends++;
        String name = "m" + life + "." + number;
        var client = new Correspondent(world, ledger, life, send, number);
        return () -> {
            Threads.Task unused = world.threads().start(name, () -> client.send(name));
        };
    }

    private void readStore() throws IOException {
        Path domain = MAIL.resolve(Cast.HOME);
        for (String localPart : listed(domain)) {
            Path folder = domain.resolve(localPart).resolve("new");
            for (String file : listed(folder)) {
                byte[] octets = world.disk().contents(folder.resolve(file));
                ledger.stored.add(
                        new Ledger.Stored(
                                localPart + "@" + Cast.HOME,
                                new String(octets, StandardCharsets.ISO_8859_1)));
            }
        }
    }

    private List<String> listed(Path folder) throws IOException {
        return world.disk().exists(folder) ? world.disk().list(folder) : List.of();
    }
}
