package org.posthouse.platform;

import java.io.IOException;

/** Reads what nobody wants. */
final class Drain {
    private static final int OCTETS = 16 * 1024;

    private Drain() {}

    /** Reads to the end, or to one of the bounds. */
    static void run(Connection connection, long octetsMax, Deadline deadline) throws IOException {
        var dropped = new byte[OCTETS];
        long left = octetsMax;
        while (left > 0) {
            int count = connection.read(dropped, 0, dropped.length, deadline);
            if (count < 0) {
                return;
            }
            left -= count;
        }
    }
}
