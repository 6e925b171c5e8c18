package org.posthouse.spool;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Puts numbers and text, as the records of a commit hold them, into a growing array. */
final class OctetWriter {
    private byte[] octets;
    private int count;

    OctetWriter(int expected) {
        octets = new byte[expected];
    }

    byte[] octets() {
        return octets;
    }

    int count() {
        return count;
    }

    void octet(int value) {
        ensure(1);
        octets[count++] = (byte) value;
    }

    void number(int value) {
        ensure(Integer.BYTES);
        numberAt(count, value);
        count += Integer.BYTES;
    }

    void number(long value) {
        number((int) (value >>> 32));
        number((int) value);
    }

    /** Replaces a number that was put before. */
    void numberAt(int at, int value) {
        octets[at] = (byte) (value >>> 24);
        octets[at + 1] = (byte) (value >>> 16);
        octets[at + 2] = (byte) (value >>> 8);
        octets[at + 3] = (byte) value;
    }

    void octets(byte[] value) {
        number(value.length);
        ensure(value.length);
        System.arraycopy(value, 0, octets, count, value.length);
        count += value.length;
    }

    void text(String text) {
        int length = text.length();
        ensure(Integer.BYTES + length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c > 127) {
                octets(text.getBytes(StandardCharsets.UTF_8));
                return;
            }
            octets[count + Integer.BYTES + i] = (byte) c;
        }
        number(length);
        count += length;
    }

    private void ensure(int more) {
        if (octets.length - count < more) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, count + more));
        }
    }
}
