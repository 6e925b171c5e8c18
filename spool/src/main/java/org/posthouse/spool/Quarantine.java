package org.posthouse.spool;

import org.posthouse.core.SpoolId;
import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;
import org.posthouse.platform.Platform;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies of octets of the log that can't be read, with a report in words, so that their segment can
 * be treated like any other. A copy is named by the generation and position of what it is of: the
 * same damage found again is not copied again.
 */
final class Quarantine {
    private static final Logger LOG = System.getLogger(Quarantine.class.getName());
    private static final int COPY_OCTETS = 1 << 16;

    private final Disk disk;
    private final Path directory;

    Quarantine(Platform platform, Path directory) {
        disk = platform.disk();
        this.directory = directory;
    }

    /** Octets of a segment from a position up to another. */
    private record Region(long from, long to) {}

    /** Between and around the frames that are good: where the damage is. */
    private static List<Region> regions(Segment segment, long start, TailRule.Judgement judgement) {
        List<Region> regions = new ArrayList<>();
        long at = start;
        long last = 0;
        for (SegmentScan.Found frame : judgement.good()) {
            if (frame.position() > at) {
                regions.add(new Region(at, frame.position()));
            }
            at = frame.end();
            last = frame.sequence();
        }
        long end =
                judgement.erased().isEmpty()
                        ? Math.min(at + COPY_OCTETS, segment.header.segmentOctets())
                        : judgement.erased().getFirst().position();
        if (last < judgement.next() - 1 && end > at) {
            regions.add(new Region(at, end));
        }
        return regions;
    }

    /**
     * Copies all that is damaged in a segment, from a position on.
     *
     * @param found all frames with a good header
     * @return true when all is safe
     */
    boolean keep(
            Segment segment,
            long start,
            List<SegmentScan.Found> found,
            TailRule.Judgement judgement) {
        try {
            for (Region region : regions(segment, start, judgement)) {
                String name = keep(segment, region, report(segment, region, found));
                LOG.log(Level.ERROR, "{0}: damaged octets were copied to {1}", segment, name);
            }
            return true;
        } catch (IOException e) {
            LOG.log(Level.ERROR, segment + ": damaged octets could not be copied; it is kept", e);
            return false;
        }
    }

    private static String report(Segment segment, Region region, List<SegmentScan.Found> found) {
        StringBuilder text = new StringBuilder();
        text.append("Octets ").append(region.from).append(" to ").append(region.to - 1);
        text.append(" of ").append(segment).append(" could not be read.\n");
        for (SegmentScan.Found frame : found) {
            boolean inside = frame.position() >= region.from && frame.position() < region.to;
            if (inside && !frame.whole()) {
                text.append(frame.type() == Frame.CHUNK ? "Content" : "Records");
                text.append(" of message ").append(frame.id() > 0 ? new SpoolId(frame.id()) : "-");
                text.append(", sequence ").append(frame.sequence());
                text.append(", at octet ").append(frame.position()).append(".\n");
            }
        }
        return text.toString();
    }

    /**
     * Copies a region; durable when this returns.
     *
     * @return the name of the copy
     */
    private String keep(Segment segment, Region region, String report) throws IOException {
        String name = "quarantine-" + segment.header.generation() + "-" + region.from();
        Path copy = directory.resolve(name);
        if (isWhole(copy, region)) {
            return name;
        }
        if (disk.exists(copy)) {
            disk.delete(copy);
        }
        try (DiskFile file = disk.create(copy)) {
            ByteBuffer octets = ByteBuffer.allocate(COPY_OCTETS);
            for (long at = region.from; at < region.to; at += octets.limit()) {
                octets.clear().limit((int) Math.min(COPY_OCTETS, region.to - at));
                segment.file.read(octets, at);
                file.write(octets.flip(), at - region.from);
            }
            file.force();
        }
        Path text = directory.resolve(name + ".txt");
        if (disk.exists(text)) {
            disk.delete(text);
        }
        try (DiskFile file = disk.create(text)) {
            file.write(ByteBuffer.wrap(report.getBytes(StandardCharsets.UTF_8)), 0);
            file.force();
        }
        disk.forceDirectory(directory);
        return name;
    }

    private boolean isWhole(Path copy, Region region) throws IOException {
        if (!disk.exists(copy)) {
            return false;
        }
        try (DiskFile file = disk.openRead(copy)) {
            return file.size() == region.to - region.from;
        }
    }
}
