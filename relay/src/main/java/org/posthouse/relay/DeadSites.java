package org.posthouse.relay;

import org.posthouse.platform.Disk;
import org.posthouse.platform.DiskFile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

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

    /** A longer file is not read. */
    private static final int OCTETS_MAX = 64 << 20;

    private static final String NAME = "next-hops";
    private static final String FORM = "posthouse next hops 1\n";
    private static final String CHECKSUM = "crc32c ";
    private static final Pattern LINE =
            Pattern.compile("([0-9]{1,9}) ([0-9]{1,18}) ([0-9]{1,18}) (.+)");

    private final Disk disk;
    private final Path directory;
    private final Path file;

    DeadSites(Disk disk, Path directory) {
        this.disk = disk;
        this.directory = directory;
        file = directory.resolve(NAME);
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
        var text = new StringBuilder(FORM);
        dead.stream()
                .filter(each -> each.site().chars().noneMatch(Character::isISOControl))
                .limit(SITES_MAX)
                .forEach(each -> append(text, each));
        String checksum = checksum(text.toString());
        text.append(CHECKSUM).append(checksum).append('\n');
        Path fresh = directory.resolve(NAME + ".new");
        disk.createDirectories(directory);
        if (disk.exists(fresh)) {
            disk.delete(fresh);
        }
        try (DiskFile to = disk.create(fresh)) {
            to.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)), 0);
            to.force();
        }
        disk.rename(fresh, file);
        disk.forceDirectory(directory);
    }

    private static void append(StringBuilder text, Dead dead) {
        text.append(dead.probes()).append(' ');
        text.append(dead.sinceMillis()).append(' ');
        text.append(dead.untilMillis()).append(' ');
        text.append(dead.site()).append('\n');
    }

    /** What the file holds; nothing when there is none, or one that is damaged. */
    List<Dead> read() throws IOException {
        if (!disk.exists(file)) {
            return List.of();
        }
        try (DiskFile from = disk.openRead(file)) {
            if (from.size() > OCTETS_MAX) {
                return List.of();
            }
            var octets = ByteBuffer.allocate((int) from.size());
            int unused = from.read(octets, 0);
            return parse(new String(octets.array(), StandardCharsets.UTF_8));
        }
    }

    /** The sites of a file's text; none when it is not whole. */
    static List<Dead> parse(String text) {
        int last = text.lastIndexOf(CHECKSUM);
        boolean whole =
                text.startsWith(FORM)
                        && last >= FORM.length()
                        && text.substring(last)
                                .equals(CHECKSUM + checksum(text.substring(0, last)) + "\n");
        List<Dead> dead = new ArrayList<>();
        if (!whole) {
            return dead;
        }
        for (String line : text.substring(FORM.length(), last).lines().toList()) {
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

    private static String checksum(String text) {
        var crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }
}
