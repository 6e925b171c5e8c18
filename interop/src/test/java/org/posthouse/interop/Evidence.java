package org.posthouse.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What was seen of one {@link Case} from outside: at its hosts, in the log, in the mailbox. */
final class Evidence {
    private static final int LINES_SHOWN_MAX = 40;
    private static final int CHARS_SHOWN_MAX = 500;
    private static final Pattern NUMBER = Pattern.compile("X-Number: (\\d+)\r\n");

    private final Case story;
    private final List<ScriptedHost> hosts;
    private final List<String> addresses;
    private final List<LogEntry> log;
    private final List<String> reports;

    /**
     * Gathers.
     *
     * @param hosts one for each peer; those that are not there have no contacts
     * @param addresses of the recipients
     * @param log its own entries
     */
    Evidence(
            Case story,
            List<ScriptedHost> hosts,
            List<String> addresses,
            List<LogEntry> log,
            List<String> reports) {
        this.story = story;
        this.hosts = hosts;
        this.addresses = addresses;
        this.log = log;
        this.reports = reports.stream().map(Evidence::shown).toList();
    }

    private static String shown(String report) {
        byte[] octets = report.getBytes(StandardCharsets.ISO_8859_1);
        return new String(octets, StandardCharsets.UTF_8).replaceAll("\r\n[ \t]+", " ");
    }

    ScriptedHost host(int number) {
        return hosts.get(number - 1);
    }

    List<LogEntry> log() {
        return log;
    }

    /** The reports, unfolded. */
    List<String> reports() {
        return reports;
    }

    /** Addresses of these local parts; of all recipients when there are none. */
    List<String> named(String... who) {
        return who.length == 0 ? addresses : Arrays.stream(who).map(story::address).toList();
    }

    /** What holds for every story: all is accounted for, and nothing happens that must not. */
    void isSound() {
        for (String address : addresses) {
            int ends = entries("delivered", address).size() + entries("failed", address).size();
            assertThat(ends).as("ends of %s", address).isEqualTo(story.times());
            for (int number = 0; number < story.times(); number++) {
                int least = story.isAmbiguous() ? 0 : -1;
                int count = taken(address, number).size();
                if (least < 0) {
                    assertThat(count).as("%s of %s", number, address).isLessThan(2);
                }
            }
            assertThat(taken(address))
                    .hasSizeGreaterThanOrEqualTo(entries("delivered", address).size());
        }
        for (ScriptedHost host : hosts) {
            host.taken().stream().filter(ScriptedHost.Taken::isAccepted).forEach(this::isWhole);
        }
        if (story.from().isEmpty()) {
            assertThat(reports).isEmpty();
        }
    }

    /**
     * What holds although the daemon was killed: nobody is forgotten, and nothing comes more often
     * than it was interrupted.
     */
    void isAccountedFor(int copiesMax) {
        for (String address : addresses) {
            for (int number = 0; number < story.times(); number++) {
                int copies = taken(address, number).size();
                assertThat(copies).as("%s of %s", number, address).isLessThanOrEqualTo(copiesMax);
            }
            long taken = taken(address).stream().map(Evidence::number).distinct().count();
            assertThat(taken + blocks(address, "failed").size())
                    .as("ends of %s", address)
                    .isGreaterThanOrEqualTo(story.times());
        }
        for (ScriptedHost host : hosts) {
            host.taken().stream().filter(ScriptedHost.Taken::isAccepted).forEach(this::isWhole);
        }
    }

    private void isWhole(ScriptedHost.Taken taken) {
        String came = Maildir.withoutReceived(taken.content());
        assertThat(came).isEqualTo(story.content(number(taken)));
        assertThat(ScriptedHost.path(taken.mail())).isEqualTo(story.from());
    }

    private static int number(ScriptedHost.Taken taken) {
        Matcher found = NUMBER.matcher(taken.content());
        assertThat(found.find()).as(taken.content()).isTrue();
        return Integer.parseInt(found.group(1));
    }

    /** Messages that hosts took for an address. */
    List<ScriptedHost.Taken> taken(String address) {
        return hosts.stream()
                .flatMap(each -> each.taken().stream())
                .filter(ScriptedHost.Taken::isAccepted)
                .filter(each -> each.recipients().contains(address))
                .toList();
    }

    private List<ScriptedHost.Taken> taken(String address, int number) {
        return taken(address).stream().filter(each -> number(each) == number).toList();
    }

    List<LogEntry> entries(String what, String address) {
        return log.stream()
                .filter(each -> each.what().equals(what))
                .filter(each -> each.field("to").equals("<" + address + ">"))
                .toList();
    }

    void isDelivered(String address) {
        assertThat(entries("delivered", address)).as("delivered").hasSize(story.times());
        assertThat(taken(address)).as("taken").hasSizeGreaterThanOrEqualTo(story.times());
        assertThat(blocks(address, "failed")).as("reports of failures").isEmpty();
    }

    void isFailed(String address, String status, String text) {
        isFailed(address, text);
        isInReports(address, "failed", status, text);
    }

    private void isFailed(String address, String text) {
        assertThat(entries("failed", address)).as("failed").hasSize(story.times());
        assertThat(entries("failed", address))
                .allSatisfy(each -> assertThat(each.field("reply")).contains(text));
    }

    private void isInReports(String address, String action, String status, String text) {
        if (story.from().isEmpty()) {
            return;
        }
        assertThat(blocks(address, action)).as("in reports").hasSize(story.times());
        assertThat(blocks(address, action))
                .allSatisfy(
                        each -> {
                            assertThat(each).contains("\nStatus: " + status + "\r\n");
                            assertThat(each).contains(text);
                        });
    }

    void isExpired(String address, String text) {
        assertThat(taken(address)).as("taken").isEmpty();
        isFailed(address, "5.4.7 given up; last: ");
        isInReports(address, "failed", "4.4.7", text);
        assertThat(entries("deferred", address))
                .anySatisfy(each -> assertThat(each.field("reply")).contains(text));
    }

    void isDeferred(String address, String cause, String text) {
        assertThat(entries("deferred", address))
                .anySatisfy(
                        each -> {
                            assertThat(each.field("cause")).isEqualTo(cause);
                            assertThat(each.field("reply")).contains(text);
                        });
    }

    void isNeverDeferred() {
        assertThat(log).noneMatch(each -> each.what().equals("deferred"));
    }

    void isTried(int... numbers) {
        List<String> order = new ArrayList<>();
        hosts.stream()
                .flatMap(each -> each.contacts().stream())
                .sorted(Comparator.comparingLong(ScriptedHost.Contact::atNanos))
                .map(ScriptedHost.Contact::address)
                .filter(each -> !order.contains(each))
                .forEach(order::add);
        List<String> expected =
                Arrays.stream(numbers).mapToObj(each -> host(each).address()).toList();
        assertThat(order).isEqualTo(expected);
    }

    void hasConnections(int host, int least, int most) {
        assertThat(host(host).contacts()).as("connections").hasSizeBetween(least, most);
    }

    void hears(int host, String text) {
        assertThat(host(host).heard()).as("heard").anyMatch(each -> each.contains(text));
    }

    void neverHears(int host, String text) {
        assertThat(host(host).heard()).as("heard").noneMatch(each -> each.contains(text));
    }

    void isReported(String... texts) {
        assertThat(reports).anySatisfy(each -> assertThat(each).contains(texts));
    }

    void isNeverReported(String text) {
        assertThat(reports).noneMatch(each -> each.contains(text));
    }

    /** What reports say of a recipient, unfolded. */
    List<String> blocks(String address, String action) {
        return reports.stream()
                .flatMap(each -> Arrays.stream(each.split("\r\n\r\n")))
                .map(each -> "\n" + each + "\r\n")
                .filter(each -> each.contains("\nFinal-Recipient: "))
                .filter(each -> each.contains("; " + address + "\r\n"))
                .filter(each -> each.contains("\nAction: " + action + "\r\n"))
                .toList();
    }

    /** All of it, shortened, for who has to find out. */
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        add(lines, "log", log);
        for (ScriptedHost host : hosts) {
            lines.add("  " + host.address() + ", connections: " + host.contacts().size());
            add(lines, "heard", host.heard());
            add(lines, "took", host.taken());
        }
        for (String report : reports) {
            add(lines, "report", report.lines().skip(15).toList());
        }
        return String.join("\n", lines);
    }

    private static void add(List<String> lines, String title, List<?> items) {
        items.stream()
                .limit(LINES_SHOWN_MAX)
                .map(each -> "    " + title + "  " + shortened(each.toString()))
                .forEach(lines::add);
        if (items.size() > LINES_SHOWN_MAX) {
            lines.add("    and " + (items.size() - LINES_SHOWN_MAX) + " more");
        }
    }

    private static String shortened(String text) {
        String line = text.replace("\r\n", "\\n");
        return line.length() > CHARS_SHOWN_MAX ? line.substring(0, CHARS_SHOWN_MAX) : line;
    }
}
