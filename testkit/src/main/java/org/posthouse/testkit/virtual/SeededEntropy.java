package org.posthouse.testkit.virtual;

import org.posthouse.platform.Entropy;

import java.util.Random;

/** The same numbers in each run, as long as the threads ask in the same order. */
final class SeededEntropy implements Entropy {
    private final Random random;

    SeededEntropy(long seed) {
        random = new Random(seed);
    }

    @Override
    public void fill(byte[] octets) {
        random.nextBytes(octets);
    }

    @Override
    public int below(int bound) {
        return random.nextInt(bound);
    }

    @Override
    public double fraction() {
        return random.nextDouble();
    }
}
