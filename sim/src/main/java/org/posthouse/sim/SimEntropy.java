package org.posthouse.sim;

import org.posthouse.platform.Entropy;

/** Random numbers from the seed. */
final class SimEntropy implements Entropy {
    private final SimRandom random;

    SimEntropy(SimRandom random) {
        this.random = random;
    }

    @Override
    public void fill(byte[] octets) {
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) random.next();
        }
    }

    @Override
    public int below(int bound) {
        return random.below(bound);
    }

    @Override
    public double fraction() {
        return random.fraction();
    }
}
