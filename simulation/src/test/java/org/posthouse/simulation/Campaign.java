package org.posthouse.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Plays scenarios on all cores for a time, from where it ended the last time, and makes what breaks
 * an invariant short. {@code dev/campaign SECONDS [FIRST_SEED]}.
 */
final class Campaign {
    private static final int FINDINGS_MAX = 10;
    private static final int SHRINKS_MAX = 300;
    private static final int TOLD_EVERY = 1000;

    private final Path folder;
    private final Instant end;
    private final AtomicLong next;
    private final AtomicInteger played = new AtomicInteger();
    private final AtomicInteger findings = new AtomicInteger();

    private Campaign(Path folder, Instant end, long first) {
        this.folder = folder;
        this.end = end;
        this.next = new AtomicLong(first);
    }

    /** Exits with 1 when there were findings. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Logger.getLogger("").setLevel(Level.OFF);
        Path folder = Files.createDirectories(Path.of(args[0]));
        Path state = folder.resolve("next-seed");
        long first = 1;
        if (args.length > 2) {
            first = Long.parseLong(args[2]);
        } else if (Files.exists(state)) {
            first = Long.parseLong(Files.readString(state).trim());
        }
        Duration length = Duration.ofSeconds(Long.parseLong(args[1]));
        var campaign = new Campaign(folder, Instant.now().plus(length), first);
        campaign.run(Runtime.getRuntime().availableProcessors());
        System.out.println(
                campaign.played
                        + " scenarios from seed "
                        + first
                        + ", findings: "
                        + campaign.findings);
        System.exit(campaign.findings.get() == 0 ? 0 : 1);
    }

    private void run(int cores) throws InterruptedException {
        Thread[] players = new Thread[cores];
        for (int i = 0; i < cores; i++) {
            players[i] = Thread.ofPlatform().start(this::play);
        }
        for (Thread player : players) {
            player.join();
        }
    }

    private void play() {
        while (Instant.now().isBefore(end) && findings.get() < FINDINGS_MAX) {
            long seed = next.getAndIncrement();
            Scenario scenario = Playwright.scenario(seed);
            List<String> violations = violations(scenario);
            if (!violations.isEmpty()) {
                findings.incrementAndGet();
                found(scenario, violations);
            }
            int count = played.incrementAndGet();
            if (count % TOLD_EVERY == 0) {
                System.out.println(count + " scenarios, at seed " + seed);
            }
            write("next-seed", (seed + 1) + "\n"); // one of those that run may be played again
        }
    }

    private void found(Scenario scenario, List<String> violations) {
        String invariant = invariant(violations);
        var shrinker = new Shrinker(s -> invariant(violations(s)).equals(invariant), SHRINKS_MAX);
        Scenario shortest = shrinker.shrink(scenario);
        String text = String.join("\n", violations(shortest)).replaceAll("(?m)^", "# ");
        System.out.println("seed " + scenario.seed() + "\n" + text + "\n" + shortest);
        write("seed-" + scenario.seed() + ".txt", text + "\n" + shortest);
    }

    private static String invariant(List<String> violations) {
        return violations.isEmpty() ? "" : violations.getFirst().split(":", 2)[0];
    }

    private static List<String> violations(Scenario scenario) {
        try {
            return World.play(scenario).violations();
        } catch (IOException | RuntimeException e) {
            return List.of(TheWorldGoesOn.class.getSimpleName() + ": " + e);
        }
    }

    private void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
