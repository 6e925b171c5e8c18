package org.posthouse.sim;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Everything that happened, as one number: equal for equal seeds and equal code. */
final class SimTrace {
    private long hash = 1;

    void add(long first, long second) {
        hash = SimRandom.mix(hash * 31 + first) + SimRandom.mix(second);
    }

    void add(String fact, long value) {
        add(fact.hashCode(), value);
    }

    void add(byte[] octets, int offset, int length) {
        CRC32C sum = new CRC32C();
        sum.update(octets, offset, length);
        add(sum.getValue(), length);
    }

    void add(String fact) {
        byte[] octets = fact.getBytes(StandardCharsets.UTF_8);
        add(octets, 0, octets.length);
    }

    long hash() {
        return hash;
    }

    @Override
    public String toString() {
        return "trace " + Long.toHexString(hash);
    }
}
