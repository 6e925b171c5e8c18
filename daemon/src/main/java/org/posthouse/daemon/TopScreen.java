package org.posthouse.daemon;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws the live view: the same state and size, the same lines. */
final class TopScreen {
    /** How many seconds rates are over. */
    private static final int RATE_SECONDS = 10;

    private static final int BARS = 10;
    private static final String BLOCKS = " ▁▂▃▄▅▆▇█";
    private static final String SIGNS = " .:-=+*%#";

    private static final String VIEWS = "1 overview  2 destinations  3 sessions  4 heat map";
    private static final String VIEWS_BRIEFLY = "views: keys 1 to 4";

    private final int columns;
    private final int rows;
    private final Look look;

    /**
     * How it is shown.
     *
     * @param colours whether there are any
     * @param blocks small bars may be drawn; else signs of ASCII
     */
    record Look(boolean colours, boolean blocks) {}

    /** Draws a row; the selected one gets a ground of its own. */
    private interface Drawing {
        String line(Map<String, Object> row, boolean isSelected);
    }

    TopScreen(int columns, int rows, Look look) {
        this.columns = columns;
        this.rows = rows;
        this.look = look;
    }

    /** At most as many lines as there are rows, none of them longer than it is wide. */
    List<String> draw(TopState state) {
        var lines = new ArrayList<String>();
        lines.add(title(state));
        if (state.view() == TopState.View.OVERVIEW) {
            overview(lines, state);
        }
        lines.add("");
        switch (state.view()) {
            case OVERVIEW, DESTINATIONS -> table(lines, state);
            case SESSIONS -> {
                lines.add(bold(cut(TopSessions.head(columns))));
                rows(lines, state, (row, unused) -> cut(TopSessions.row(row, now(state), columns)));
            }
            case HEAT_MAP -> heat(lines, state);
        }
        lines.add(foot(state));
        return lines;
    }

    private String title(TopState state) {
        Instant started = Instant.parse(ControlCommand.text(state.whole(), "started_at"));
        String left =
                "posthouse "
                        + ControlCommand.text(state.whole(), "version")
                        + "   up "
                        + Figures.time(Duration.between(started, now(state)));
        boolean isRoomy = columns >= left.length() + 2 + VIEWS.length();
        String right = isRoomy ? VIEWS : VIEWS_BRIEFLY;
        int gap = Math.max(2, columns - left.length() - right.length());
        return bold(cut(left + " ".repeat(gap) + right));
    }

    private static Instant now(TopState state) {
        return Instant.parse(ControlCommand.text(state.whole(), "now"));
    }

    private void overview(List<String> lines, TopState state) {
        Map<String, Object> whole = state.whole();
        lines.add(
                cut(
                        flow(" in   ", "received", whole)
                                + rate("refused", "refused", whole)
                                + count("sessions", ControlCommand.number(whole, "sessions"))
                                + "  commit "
                                + commit(state)));
        lines.add(
                cut(
                        flow(" out  ", "delivered", whole)
                                + rate("deferred", "deferred", whole)
                                + count("conns out", ControlCommand.number(whole, "connections"))
                                + "  free "
                                + free(whole)));
        lines.add(cut(queue(state)));
    }

    private String queue(TopState state) {
        Map<String, Object> whole = state.whole();
        String oldest = ControlCommand.text(whole, "oldest_at");
        var text = new StringBuilder(" queue ");
        text.append(Figures.count(ControlCommand.number(whole, "deliveries")));
        for (String each : List.of("due", "in_flight", "held")) {
            text.append("  ").append(each.replace('_', ' ')).append(' ');
            text.append(Figures.count(ControlCommand.number(whole, each)));
        }
        if (!oldest.isEmpty()) {
            text.append("  oldest ").append(TopDestinations.age(oldest, now(state)));
        }
        text.append(drain(whole)).append("  failed ").append(perSecond(whole, "failed"));
        return text.toString();
    }

    /** As fast as mail left in the last minute. */
    private static String drain(Map<String, Object> whole) {
        List<Long> out = numbers(whole, "delivered");
        long left =
                ControlCommand.number(whole, "deliveries") - ControlCommand.number(whole, "held");
        long minute = out.stream().mapToLong(Long::longValue).sum();
        if (minute == 0 || left <= 0) {
            return "";
        }
        return "  drains ~" + Figures.time(Duration.ofSeconds(left * out.size() / minute));
    }

    private String flow(String label, String name, Map<String, Object> whole) {
        return label + right(perSecond(whole, name), 9) + "  " + bars(numbers(whole, name));
    }

    private static String rate(String label, String name, Map<String, Object> whole) {
        return "  " + pad(label, 9) + right(perSecond(whole, name), 8);
    }

    private static String count(String label, long number) {
        return "  " + pad(label, 9) + right(Figures.count(number), 5);
    }

    private static String perSecond(Map<String, Object> whole, String name) {
        List<Long> counts = numbers(whole, name);
        List<Long> last = counts.subList(Math.max(0, counts.size() - RATE_SECONDS), counts.size());
        double sum = last.stream().mapToLong(Long::longValue).sum();
        return String.format(Locale.ROOT, "%.1f/s", sum / RATE_SECONDS);
    }

    private static List<Long> numbers(Map<String, Object> whole, String name) {
        return whole.get(name) instanceof List<?> list
                ? list.stream().map(each -> each instanceof Long number ? number : 0L).toList()
                : List.of();
    }

    /** The last minute in few signs, the highest as high as there is. */
    private String bars(List<Long> counts) {
        String signs = look.blocks() ? BLOCKS : SIGNS;
        long[] sums = new long[BARS];
        for (int i = 0; i < counts.size(); i++) {
            sums[i * BARS / counts.size()] += counts.get(i);
        }
        long most = 1;
        for (long sum : sums) {
            most = Math.max(most, sum);
        }
        var text = new StringBuilder();
        for (long sum : sums) {
            int high = (int) ((sum * (signs.length() - 1) + most - 1) / most);
            text.append(signs.charAt(high));
        }
        return text.toString();
    }

    /** The mean since the answer before. */
    private static String commit(TopState state) {
        long count = difference(state, "commits");
        long micros = difference(state, "commit_us");
        if (count == 0) {
            count = ControlCommand.number(state.whole(), "commits");
            micros = ControlCommand.number(state.whole(), "commit_us");
        }
        return count == 0 ? "-" : String.format(Locale.ROOT, "%.1f ms", micros / 1000.0 / count);
    }

    private static long difference(TopState state, String name) {
        return ControlCommand.number(state.whole(), name)
                - ControlCommand.number(state.before(), name);
    }

    private static String free(Map<String, Object> whole) {
        long octets = ControlCommand.number(whole, "free_octets");
        return octets < 0 ? "-" : Figures.octets(octets);
    }

    private void table(List<String> lines, TopState state) {
        boolean isWide = state.view() == TopState.View.DESTINATIONS;
        var destinations = new TopDestinations(columns, isWide);
        lines.add(bold(cut(destinations.head())));
        rows(lines, state, (row, unused) -> cut(destinations.row(row, now(state))));
    }

    private void heat(List<String> lines, TopState state) {
        var heat = new TopHeat(columns, look);
        Instant now = now(state);
        lines.add(bold(cut(heat.head())));
        lines.add(heat.total(state.whole(), now));
        rows(lines, state, (row, isSelected) -> heat.row(row, now, isSelected));
    }

    /** As many as there is room for, the selected one among them. */
    private void rows(List<String> lines, TopState state, Drawing drawn) {
        int room = Math.max(0, rows - lines.size() - 1);
        int first = Math.max(0, state.selected() - room + 1);
        int last = Math.min(state.rows().size(), first + room);
        for (int i = first; i < last; i++) {
            String line = drawn.line(state.rows().get(i), i == state.selected()).stripTrailing();
            lines.add(i == state.selected() ? reverse(pad(line, columns)) : line);
        }
    }

    private String foot(TopState state) {
        String filter = state.filter().isEmpty() ? "" : "  [" + state.filter() + "]";
        String keys =
                state.view() == TopState.View.SESSIONS
                        ? " / filter   space freeze   q quit"
                        : " / filter   p pause, resume   r retry now   space freeze   q quit";
        return bold(cut(state.said().isEmpty() ? keys + filter : " " + state.said()));
    }

    private String bold(String text) {
        return look.colours() ? "\033[1m" + text + "\033[0m" : text;
    }

    private String reverse(String text) {
        return look.colours() ? "\033[7m" + text + "\033[0m" : text.stripTrailing();
    }

    private String cut(String text) {
        return text.length() <= columns ? text : text.substring(0, columns);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /** What turns a screen that shows one into one that shows the other. */
    static String difference(List<String> shown, List<String> wanted) {
        var text = new StringBuilder();
        for (int i = 0; i < Math.max(shown.size(), wanted.size()); i++) {
            String line = i < wanted.size() ? wanted.get(i) : "";
            if (i >= shown.size() || !shown.get(i).equals(line)) {
                text.append("\033[").append(i + 1).append(";1H").append(line).append("\033[K");
            }
        }
        return text.toString();
    }
}
