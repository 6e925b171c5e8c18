package org.posthouse.sim;

/** A stream of random numbers from a seed (SplitMix64); each use has a stream of its own. */
final class SimRandom {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    SimRandom(long seed, String use) {
        this.state = mix(seed) ^ mix(use.hashCode() * GOLDEN);
    }

    long next() {
        state += GOLDEN;
        return mix(state);
    }

    int below(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound " + bound);
        }
        return (int) Math.floorMod(next() >>> 1, (long) bound);
    }

    long below(long bound) {
        return bound <= 0 ? 0 : Math.floorMod(next() >>> 1, bound);
    }

    boolean coin() {
        return next() < 0;
    }

    double fraction() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
