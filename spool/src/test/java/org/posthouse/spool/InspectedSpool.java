package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.spool.Samples.acceptance;
import static org.posthouse.spool.Samples.done;
import static org.posthouse.spool.Samples.octets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.posthouse.core.SpoolId;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.DiskFile;
import org.posthouse.sim.SimPlatform;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A spool on a simulated disk, and what the inspector tells of it. */
@ExtendWith(InSimulation.class)
abstract class InspectedSpool implements InSimulation.World {
    static final Path DIRECTORY = Path.of("/spool");
    static final Instant LATER = Instant.parse("2199-01-01T00:00:00Z");

    private static final Deadline NOW = new Deadline(Long.MIN_VALUE / 2);

    final SimPlatform platform = new SimPlatform(1);
    Spool spool;

    @Override
    public SimPlatform platform() {
        return platform;
    }

    @BeforeEach
    void open() {
        spool = SpoolLog.open(platform, DIRECTORY, SpoolLogTest.SMALL);
    }

    @AfterEach
    void close() {
        spool.close();
    }

    SpoolId accept(byte[] body, String... recipients) {
        return ((AcceptResult.Accepted) spool.accept(acceptance(spool, "", body, recipients))).id();
    }

    List<QueuedDelivery> take() throws InterruptedException {
        return spool.take(1000, NOW);
    }

    void settleAll() throws InterruptedException {
        for (QueuedDelivery delivery : take()) {
            assertThat(spool.settle(List.of(done(delivery)))).isTrue();
        }
    }

    LogInspector inspector() {
        return LogInspector.open(platform.disk(), DIRECTORY);
    }

    SpoolCheck check() {
        return inspector().check(ReadProgress.NONE);
    }

    List<LogEntry> entries() {
        List<LogEntry> entries = new ArrayList<>();
        inspector().entries(ReadProgress.NONE, entries::add);
        return entries;
    }

    List<LogEntry.Frame> frames() {
        List<LogEntry.Frame> frames = new ArrayList<>();
        for (LogEntry entry : entries()) {
            if (entry instanceof LogEntry.Frame frame) {
                frames.add(frame);
            }
        }
        return frames;
    }

    InspectedMessage find(SpoolId id) {
        LogInspector.Lookup found = inspector().find(id, ReadProgress.NONE);
        return ((LogInspector.Lookup.Queued) found).message();
    }

    static byte[] content(InspectedMessage message, List<ContentGap> gaps) throws IOException {
        var out = new ByteArrayOutputStream();
        gaps.addAll(message.writeTo(out));
        return out.toByteArray();
    }

    byte[] content(SpoolId id) throws IOException {
        List<ContentGap> gaps = new ArrayList<>();
        byte[] octets = content(find(id), gaps);
        assertThat(gaps).isEmpty();
        return octets;
    }

    /** Turns one bit of a file. */
    void flip(String file, long position, int bit) throws IOException {
        Path path = DIRECTORY.resolve(file);
        byte before = platform.disk().contents(path)[(int) position];
        write(path, new byte[] {(byte) (before ^ 1 << bit)}, position);
    }

    /** Turns one bit of a frame's payload. */
    void flip(LogEntry.Frame frame, int at) throws IOException {
        flip(frame.file(), frame.position() + Frame.HEADER_OCTETS + at, 3);
    }

    void write(Path file, byte[] octets, long position) throws IOException {
        try (DiskFile open = platform.disk().open(file)) {
            open.write(ByteBuffer.wrap(octets), position);
            open.force();
        }
    }

    Stream<String> segmentNames() throws IOException {
        return platform.disk().list(DIRECTORY).stream().filter(name -> name.startsWith("seg"));
    }

    void removeCheckpoints() throws IOException {
        for (String name : platform.disk().list(DIRECTORY)) {
            if (name.startsWith("checkpoint")) {
                platform.disk().delete(DIRECTORY.resolve(name));
            }
        }
    }
}
