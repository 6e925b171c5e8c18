package org.posthouse.server;

import org.posthouse.core.Content;
import org.posthouse.core.ContentSink;
import org.posthouse.core.Reply;
import org.posthouse.core.SpoolId;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Takes messages into memory, and knows of every sink whether it was accepted or discarded. */
final class MemoryIntake implements Intake {
    final List<Arrival> arrivals = new ArrayList<>();
    private final List<MemorySink> sinks = new ArrayList<>();
    Mode mode = Mode.ACCEPT;
    Runnable beforeAccept = () -> {};

    enum Mode {
        ACCEPT,
        FULL,
        THROW_AT_OPEN,
        THROW_AT_WRITE,
        THROW_AT_ACCEPT
    }

    @Override
    public ContentSink openContent() {
        if (mode == Mode.THROW_AT_OPEN) {
            throw new IllegalStateException("as asked for");
        }
        var sink = new MemorySink();
        sinks.add(sink);
        return sink;
    }

    @Override
    public Result accept(Arrival arrival) {
        beforeAccept.run();
        if (mode == Mode.THROW_AT_ACCEPT) {
            throw new IllegalStateException("as asked for");
        }
        if (mode == Mode.FULL) {
            return new Result.Refused(Reply.of(452, "4.3.1", "disk full"));
        }
        var sink = (MemorySink) arrival.content();
        if (sink.discarded) {
            throw new IllegalStateException("this content was discarded");
        }
        sink.accepted = true;
        arrivals.add(arrival);
        return new Result.Accepted(new SpoolId(arrivals.size()));
    }

    String content(int index) {
        return ((MemorySink) arrivals.get(index).content()).text();
    }

    String prefix(int index) {
        return new String(arrivals.get(index).prefix(), StandardCharsets.UTF_8);
    }

    /** Contents that are neither accepted nor discarded. */
    long openSinks() {
        return sinks.stream().filter(s -> !s.accepted && !s.discarded).count();
    }

    private final class MemorySink implements ContentSink {
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
        private boolean accepted;
        private boolean discarded;

        @Override
        public void write(byte[] from, int offset, int length) {
            if (mode == Mode.THROW_AT_WRITE) {
                throw new IllegalStateException("as asked for");
            }
            if (accepted || discarded) {
                throw new IllegalStateException("written to after its end");
            }
            octets.write(from, offset, length);
        }

        @Override
        public long octets() {
            return octets.size();
        }

        @Override
        public Content written() {
            throw new UnsupportedOperationException("nobody reads here");
        }

        @Override
        public void discard() {
            discarded |= !accepted;
        }

        String text() {
            return octets.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
