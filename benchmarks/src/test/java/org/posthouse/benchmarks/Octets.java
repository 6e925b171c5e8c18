package org.posthouse.benchmarks;

import java.util.Random;

/** Content that no disk can compress. */
final class Octets {
    private Octets() {}

    static byte[] random(int count) {
        var octets = new byte[count];
        new Random(1).nextBytes(octets);
        return octets;
    }
}
