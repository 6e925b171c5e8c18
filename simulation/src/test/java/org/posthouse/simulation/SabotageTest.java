package org.posthouse.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A campaign is worth what it finds: here is what it must. */
class SabotageTest {
    private static final int SEEDS_MAX = Integer.getInteger("posthouse.sabotage.seeds", 1);

    @ParameterizedTest
    @EnumSource
    void theInvariantsSeeIt(Sabotages sabotage) {
        long seed = sabotage.seed;
        var violations = SabotagedLoader.violations(sabotage.defect, seed);
        while (violations.isEmpty() && seed < sabotage.seed + SEEDS_MAX) {
            seed++;
            violations = SabotagedLoader.violations(sabotage.defect, seed);
        }
        if (seed > sabotage.seed) {
            System.out.println(sabotage + " is seen by seed " + seed + ": " + violations);
        }
        assertThat(violations).as("violations of %s", sabotage).isNotEmpty();
    }
}
