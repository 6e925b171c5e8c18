package org.posthouse.testkit;

import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;
import org.posthouse.core.SpoolId;
import org.posthouse.server.Intake;

import java.io.ByteArrayOutputStream;
import java.util.concurrent.atomic.AtomicLong;

/** Takes every message; what is kept of it, the policy has put by before. */
final class MemoryIntake implements Intake {
    private final AtomicLong ids = new AtomicLong();

    @Override
    public ContentSink openContent() {
        return new Sink();
    }

    @Override
    public Result accept(Arrival arrival) {
        return new Result.Accepted(new SpoolId(ids.incrementAndGet()));
    }

    private static final class Sink implements ContentSink {
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

        @Override
        public void write(byte[] from, int offset, int length) {
            octets.write(from, offset, length);
        }

        @Override
        public long octets() {
            return octets.size();
        }

        @Override
        public Content written() {
            return new Octets(octets.toByteArray());
        }

        @Override
        public void discard() {
            octets.reset();
        }
    }

    private record Octets(byte[] all) implements Content {
        @Override
        public long octets() {
            return all.length;
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) {
            if (position >= all.length) {
                return -1;
            }
            int count = (int) Math.min(length, all.length - position);
            System.arraycopy(all, (int) position, into, offset, count);
            return count;
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
