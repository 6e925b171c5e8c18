package org.posthouse.benchmarks;

import java.util.Random;

/** Content that no disk can compress. */
public final class Octets {
    private Octets() {}

    /** The same ones each time. */
    public static byte[] random(int count) {
        var octets = new byte[count];
        new Random(1).nextBytes(octets);
        return octets;
    }
}
