package org.posthouse.simulation;

import org.posthouse.sim.SimDiskFailure;
import org.posthouse.sim.SimDiskOperation;
import org.posthouse.sim.SimLoss;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes scenarios up, each from its seed. */
final class Playwright {
    private static final int LIVES_MAX = 4;
    private static final int ACTS_MAX = 9;
    private static final int LARGE_EVERY = 10;
    private static final int RUSH_EVERY = 12;
    private static final int CHANGES_MAX = 500;
    private static final int CHANGES_OF_START_MAX = 150;
    private static final Weather[] WEATHERS = Weather.values();
    private static final SimLoss[] LOSSES = SimLoss.values();
    private static final SimDiskFailure[] FAILURES = SimDiskFailure.values();
    private static final List<SimDiskOperation> OPERATIONS =
            List.of(
                    SimDiskOperation.WRITE,
                    SimDiskOperation.FORCE,
                    SimDiskOperation.CREATE,
                    SimDiskOperation.FORCE_DIRECTORY);
    private static final List<String> LOCAL_PARTS =
            List.of("ada", "bob", "cy", "no.one", "full.box", "grey.area");
    private static final List<String> SENDERS =
            List.of("ada@home.example", "bob@home.example", "eve@writer.example", "");
    private static final List<String> WISHES =
            List.of("", "", "", "NEVER", "FAILURE", "SUCCESS,FAILURE", "DELAY");

    private final Random random;

    private Playwright(long seed) {
        random = new Random(seed);
    }

    static Scenario scenario(long seed) {
        var playwright = new Playwright(seed);
        List<Life> lives = new ArrayList<>();
        for (int i = 1 + playwright.random.nextInt(LIVES_MAX); i > 0; i--) {
            lives.add(playwright.life());
        }
        boolean isLarge = playwright.random.nextInt(LARGE_EVERY) == 0;
        return new Scenario(seed, isLarge ? Sizes.SERVER : Sizes.SMALL, lives);
    }

    private Life life() {
        Duration length =
                random.nextBoolean()
                        ? Duration.ofSeconds(1 + random.nextInt(3600))
                        : Duration.ofMinutes(1 + random.nextInt(24 * 60));
        List<Act> acts = new ArrayList<>();
        acts.add(send(length));
        for (int i = random.nextInt(ACTS_MAX); i > 0; i--) {
            acts.add(act(length));
        }
        if (random.nextInt(RUSH_EVERY) == 0) {
            acts.addAll(rush(length));
        }
        return new Life(length, crash(), one(LOSSES), acts);
    }

    /** Much mail at a time for a host that is slow: it gets as many connections as there may be. */
    private List<Act> rush(Duration length) {
        Duration at = at(length);
        Duration lasting = Duration.ofMinutes(10 + random.nextInt(60));
        List<Act> acts = new ArrayList<>();
        acts.add(new Act.Trouble(at, lasting, Cast.PLAIN_HOST, Weather.SLOW));
        for (String client : Cast.INSIDERS) {
            String from = one(SENDERS);
            int count = 10 + random.nextInt(20);
            acts.add(new Act.Send(at, client, from, List.of("ada@" + Cast.PLAIN), count, 400, ""));
        }
        return acts;
    }

    private int crash() {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> 0;
            case 3 -> -1 - random.nextInt(CHANGES_OF_START_MAX);
            default -> 1 + random.nextInt(random.nextBoolean() ? CHANGES_MAX : 40);
        };
    }

    private Act act(Duration length) {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> send(length);
            case 3 -> new Act.NoAnswer(at(length), lasting(), one(Cast.OUTSIDE));
            case 4 ->
                    new Act.DiskFault(
                            at(length), one(OPERATIONS), one(FAILURES), 1 + random.nextInt(20));
            default -> new Act.Trouble(at(length), lasting(), one(Cast.HOSTS), one(WEATHERS));
        };
    }

    private Act.Send send(Duration length) {
        boolean inside = random.nextInt(4) > 0;
        String client = one(inside ? Cast.INSIDERS : Cast.STRANGERS);
        List<String> to = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            String recipient = one(LOCAL_PARTS) + "@" + domain();
            if (!to.contains(recipient)) {
                to.add(recipient);
            }
        }
        int octets =
                switch (random.nextInt(12)) {
                    case 0 -> 300_000;
                    case 1 -> 10_000 + random.nextInt(20_000);
                    default -> 100 + random.nextInt(6000);
                };
        int count = 1 + random.nextInt(random.nextInt(6) == 0 ? 40 : 4);
        return new Act.Send(at(length), client, one(SENDERS), to, count, octets, one(WISHES));
    }

    private String domain() {
        return switch (random.nextInt(6)) {
            case 0 -> Cast.HOME;
            case 1 -> Cast.PARTNER;
            default -> one(Cast.OUTSIDE);
        };
    }

    private Duration at(Duration length) {
        long seconds = Math.max(1, length.toSeconds());
        return Duration.ofSeconds(
                random.nextLong(random.nextBoolean() ? seconds : 1 + seconds / 9));
    }

    private Duration lasting() {
        return Duration.ofSeconds(1 + random.nextInt(random.nextBoolean() ? 600 : 40_000));
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private <T> T one(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }
}
