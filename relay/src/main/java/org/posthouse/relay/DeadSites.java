package org.posthouse.relay;

import org.posthouse.platform.Disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file of sites that could not be reached, so that a restart does not try all of them at once.
 * Its loss costs a probe each. A line a site, behind a first line that names the form; the last
 * line has the checksum of all before it. A file that is not whole counts as none.
 *
 * <pre>
 * posthouse next hops 1
 * PROBES SINCE UNTIL SITE        in milliseconds of the wall clock
 * crc32c HEX
 * </pre>
 */
final class DeadSites {
    /** Lines written. */
    static final int SITES_MAX = 10_000;

    private static final String NAME = "next-hops";
    private static final String FORM = "posthouse next hops 1";
    private static final Pattern LINE =
            Pattern.compile("([0-9]{1,9}) ([0-9]{1,18}) ([0-9]{1,18}) (.+)");

    private final KeptLines file;

    DeadSites(Disk disk, Path directory) {
        file = new KeptLines(disk, directory, NAME, FORM);
    }

    /**
     * A site that could not be reached.
     *
     * @param probes how often in a row it was opened
     * @param sinceMillis when it failed first
     * @param untilMillis no probe before
     */
    record Dead(String site, int probes, long sinceMillis, long untilMillis) {}

    /** Puts these in the place of what the file holds, durably. */
    void write(List<Dead> dead) throws IOException {
        var text = new StringBuilder();
        dead.stream()
                .filter(each -> each.site().chars().noneMatch(Character::isISOControl))
                .limit(SITES_MAX)
                .forEach(each -> append(text, each));
        file.write(text);
    }

    private static void append(StringBuilder text, Dead dead) {
        text.append(dead.probes()).append(' ');
        text.append(dead.sinceMillis()).append(' ');
        text.append(dead.untilMillis()).append(' ');
        text.append(dead.site()).append('\n');
    }

    /** What the file holds; nothing when there is none, or one that is damaged. */
    List<Dead> read() throws IOException {
        return dead(file.read());
    }

    /** The sites of a file's text; none when it is not whole. */
    static List<Dead> parse(String text) {
        return dead(KeptLines.lines(text, FORM + "\n"));
    }

    private static List<Dead> dead(List<String> lines) {
        List<Dead> dead = new ArrayList<>();
        for (String line : lines) {
            Matcher fields = LINE.matcher(line);
            if (fields.matches() && dead.size() < SITES_MAX) {
                dead.add(
                        new Dead(
                                fields.group(4),
                                Integer.parseInt(fields.group(1)),
                                Long.parseLong(fields.group(2)),
                                Long.parseLong(fields.group(3))));
            }
        }
        return dead;
    }
}
