package org.posthouse.platform;

import java.security.SecureRandom;
import java.util.concurrent.ThreadLocalRandom;

/** The machine's randomness. */
final class JdkEntropy implements Entropy {
    private final SecureRandom secure = new SecureRandom();

    @Override
    public void fill(byte[] octets) {
        secure.nextBytes(octets);
    }

    @Override
    public int below(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }

    @Override
    public double fraction() {
        return ThreadLocalRandom.current().nextDouble();
    }
}
