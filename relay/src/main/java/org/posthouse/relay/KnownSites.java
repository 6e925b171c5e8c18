package org.posthouse.relay;

import org.posthouse.platform.Disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file of what is known of sites, so that a restart neither tries all dead ones at once nor
 * learns anew, at their cost, what hosts take. Its loss costs a probe, or some refusals, each. A
 * line a fact, behind a first line that names the form; the last line has the checksum of all
 * before it. A file that is not whole counts as none. Instants in milliseconds of the wall clock.
 *
 * <pre>
 * posthouse next hops 2
 * dead PROBES SINCE UNTIL SITE
 * limit CONNECTIONS AT 0 SITE
 * source LENGTH-IN-SECONDS UNTIL 0 SITE
 * rate THOUSANDTHS-OF-A-MESSAGE-A-MINUTE GROWS-AT SUSPENDED-UNTIL SITE
 * crc32c HEX
 * </pre>
 */
final class KnownSites {
    /** Lines written. */
    static final int FACTS_MAX = 20_000;

    private static final String NAME = "next-hops";
    private static final String FORM = "posthouse next hops 2\n";
    private static final Pattern LINE =
            Pattern.compile(
                    "(dead|limit|rate|source) ([0-9]{1,9}) ([0-9]{1,18}) ([0-9]{1,18}) (.+)");

    private final KeptLines file;

    KnownSites(Disk disk, Path directory) {
        file = new KeptLines(disk, directory, NAME, FORM.strip());
    }

    /** What is known of a site. */
    sealed interface Fact {
        String site();
    }

    /** Of its hosts. */
    sealed interface OfHosts extends Fact {}

    /**
     * It could not be reached.
     *
     * @param probes how often in a row it was opened
     * @param sinceMillis when it failed first
     * @param untilMillis no probe before
     */
    record Dead(String site, int probes, long sinceMillis, long untilMillis) implements OfHosts {}

    /**
     * It refused a further connection.
     *
     * @param connections that it took
     * @param atMillis when
     */
    record Limited(String site, int connections, long atMillis) implements OfHosts {}

    /**
     * It said that we are too fast.
     *
     * @param perMinute thousandths of a message
     * @param growsAtMillis more from then on
     * @param suspendedUntilMillis nothing before; 0: not suspended
     */
    record Slowed(String site, int perMinute, long growsAtMillis, long suspendedUntilMillis)
            implements OfHosts {}

    /**
     * Its source has a bad name there.
     *
     * @param seconds for how long it is left alone
     * @param untilMillis nothing by it before, where there is another one
     */
    record LeftAlone(String site, int seconds, long untilMillis) implements Fact {}

    /** Puts these in the place of what the file holds, durably. */
    void write(List<Fact> facts) throws IOException {
        var text = new StringBuilder();
        facts.stream()
                .filter(each -> each.site().chars().noneMatch(Character::isISOControl))
                .limit(FACTS_MAX)
                .forEach(each -> append(text, each));
        file.write(text);
    }

    private static void append(StringBuilder text, Fact fact) {
        switch (fact) {
            case Dead it -> line(text, "dead", it.probes(), it.sinceMillis(), it.untilMillis());
            case Limited it -> line(text, "limit", it.connections(), it.atMillis(), 0);
            case LeftAlone it -> line(text, "source", it.seconds(), it.untilMillis(), 0);
            case Slowed it ->
                    line(
                            text,
                            "rate",
                            it.perMinute(),
                            it.growsAtMillis(),
                            it.suspendedUntilMillis());
        }
        text.append(fact.site()).append('\n');
    }

    private static void line(StringBuilder text, String kind, int number, long at, long until) {
        text.append(kind).append(' ').append(number).append(' ');
        text.append(Math.max(0, at)).append(' ').append(Math.max(0, until)).append(' ');
    }

    /** What the file holds; nothing when there is none, or one that is damaged. */
    List<Fact> read() throws IOException {
        return facts(file.read());
    }

    /** The sites of a file's text; none when it is not whole. */
    static List<Fact> parse(String text) {
        return facts(KeptLines.whole(text, FORM).orElse(List.of()));
    }

    private static List<Fact> facts(List<String> lines) {
        List<Fact> facts = new ArrayList<>();
        for (String line : lines) {
            Matcher fields = LINE.matcher(line);
            if (fields.matches() && facts.size() < FACTS_MAX) {
                facts.add(fact(fields));
            }
        }
        return facts;
    }

    private static Fact fact(Matcher fields) {
        int number = Integer.parseInt(fields.group(2));
        long at = Long.parseLong(fields.group(3));
        long until = Long.parseLong(fields.group(4));
        String site = fields.group(5);
        return switch (fields.group(1)) {
            case "dead" -> new Dead(site, number, at, until);
            case "limit" -> new Limited(site, number, at);
            case "source" -> new LeftAlone(site, number, at);
            default -> new Slowed(site, number, at, until);
        };
    }
}
