package org.posthouse.daemon;

import org.posthouse.daemon.MachineCheck.Finding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Whether the clock can be right: nothing was written in the future, and the clock of a daemon that
 * runs went on as its other one, which nobody sets. When mail is tried again, when it expires and
 * whether a certificate holds is decided by this clock.
 */
final class ClockCheck {
    static final String WRONG = "PH-S068";

    /** What a busy machine and a network file system may differ by. */
    static final Duration TOLERANCE = Duration.ofMinutes(1);

    /** Of a folder. */
    private static final int FILES_MAX = 10_000;

    private static final String LABEL = "clock";

    private ClockCheck() {}

    /**
     * Looks at when files were written last.
     *
     * @param folders those that are there are looked into, without those in them
     */
    static Finding files(List<Path> folders, Instant now) {
        Instant newest = Instant.EPOCH;
        Path last = Path.of("");
        for (Path folder : folders) {
            for (Path file : files(folder)) {
                Instant at = writtenAt(file);
                if (at.isAfter(newest)) {
                    newest = at;
                    last = file;
                }
            }
        }
        Duration ahead = Duration.between(now, newest);
        boolean isFuture = ahead.compareTo(TOLERANCE) > 0;
        return isFuture
                ? new Finding(
                        LABEL,
                        last + " was written in " + Figures.time(ahead) + ": it is set back",
                        WRONG)
                : new Finding(LABEL, "nothing was written after now, " + now, "");
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.limit(FILES_MAX).toList();
        } catch (IOException e) {
            return List.of(); // not there yet
        }
    }

    private static Instant writtenAt(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            return Instant.EPOCH; // it went at this moment
        }
    }

    /** Compares the clocks of a daemon, which it tells of in its answer to {@code top}. */
    static Finding daemon(Map<String, Object> top) {
        Instant started = DeliveryLines.instant(top, "started_at");
        Duration byWall = Duration.between(started, DeliveryLines.instant(top, "now"));
        Duration step = byWall.minusMillis(ControlCommand.number(top, "up_ms"));
        boolean isLong = step.abs().compareTo(TOLERANCE) > 0;
        String way = step.isNegative() ? "back" : "forward";
        return isLong
                ? new Finding(
                        LABEL,
                        "it went " + way + " by " + Figures.time(step.abs()) + " since " + started,
                        WRONG)
                : new Finding(LABEL, "it was not set since the daemon's start, " + started, "");
    }
}
