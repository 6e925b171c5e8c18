package org.posthouse.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Scenarios from seeds, as many as a build can afford; {@code dev/campaign} plays more. */
@ExtendWith(Quiet.class)
class CampaignTest {
    private static final int SEEDS = Integer.getInteger("posthouse.seeds", 20);

    @Test
    void everyInvariantHoldsInEveryScenario() throws Exception {
        long first = Long.getLong("posthouse.seed", 1);
        for (long seed = first; seed < first + SEEDS; seed++) {
            Scenario scenario = Playwright.scenario(seed);
            assertThat(World.play(scenario).violations()).as("%s", scenario).isEmpty();
        }
    }

    @Test
    void whatWasFoundOnceStaysMended() throws Exception {
        for (String story : stories()) {
            assertThat(World.play(Scenario.parse(story)).violations()).as(story).isEmpty();
        }
    }

    /** Every history is in the seed: two Java virtual machines agree on all that happens. */
    @Test
    void equalSeedsGiveEqualHistoriesInTwoMachines() throws Exception {
        for (long seed = 7; seed < 10; seed++) {
            String hash = OneScenario.hash(seed);
            assertThat(hashElsewhere(seed)).isEqualTo(hash);
        }
    }

    /** Those of seeds.txt: lines with a hash sign tell what was wrong, "seed" begins the next. */
    private static List<String> stories() throws IOException {
        try (InputStream in = CampaignTest.class.getResourceAsStream("/seeds.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            String[] parts = text.split("(?m)^(?=seed )");
            return List.of(parts).subList(1, parts.length);
        }
    }

    private static String hashElsewhere(long seed) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process =
                new ProcessBuilder(
                                java.toString(),
                                "-Djdk.trackAllThreads=false",
                                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                OneScenario.class.getName(),
                                Long.toString(seed))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (InputStream out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8).trim();
        }
    }

    @Test
    void aScenarioIsReadAsItWasWritten() {
        for (long seed = 1; seed < 200; seed++) {
            Scenario scenario = Playwright.scenario(seed);
            assertThat(Scenario.parse(scenario.toString())).isEqualTo(scenario);
        }
    }
}
