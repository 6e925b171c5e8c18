package org.posthouse.daemon;

import org.posthouse.daemon.AgeCells.Shading;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** How old what waits is, by destination, as lines of the live view. */
final class TopHeat {
    private static final int NAME_MIN = 10;
    private static final int NAME_MAX = 40;
    private static final int TOTAL_WIDTH = 7;
    private static final int OLDEST_WIDTH = 10;
    private static final int CELLS_WIDTH = AgeCells.HEADS.size() * AgeCells.WIDTH;
    private static final int BARE_WIDTH = TOTAL_WIDTH + CELLS_WIDTH;

    /** With so much for a name, there is room for more than that. */
    private static final int OLDEST_FROM = 20 + BARE_WIDTH + OLDEST_WIDTH;

    private final int columns;
    private final boolean hasOldest;
    private final int nameWidth;
    private final Shading shading;

    TopHeat(int columns, TopScreen.Look look) {
        this.columns = columns;
        hasOldest = columns >= OLDEST_FROM;
        int left = columns - BARE_WIDTH - (hasOldest ? OLDEST_WIDTH : 0);
        nameWidth = Math.clamp(left, NAME_MIN, NAME_MAX);
        Shading bare = look.blocks() ? Shading.BLOCKS : Shading.NONE;
        boolean isWhole = columns >= NAME_MIN + BARE_WIDTH;
        shading = look.colours() && isWhole ? Shading.COLOURS : bare;
    }

    /** What stands above them. */
    String head() {
        var head = new StringBuilder(pad(" DESTINATION", nameWidth));
        head.append(right("QUEUED", TOTAL_WIDTH));
        AgeCells.HEADS.forEach(each -> head.append(right(each, AgeCells.WIDTH)));
        return head.append(hasOldest ? right("OLDEST", OLDEST_WIDTH) : "").toString();
    }

    /** All together, whatever is filtered. */
    String total(Map<String, Object> whole, Instant now) {
        return line("TOTAL", whole, now, shading);
    }

    /**
     * One of them.
     *
     * @param isSelected it gets a ground of its own
     */
    String row(Map<String, Object> row, Instant now, boolean isSelected) {
        Shading own = isSelected && shading == Shading.COLOURS ? Shading.NONE : shading;
        return line(ControlCommand.text(row, "domain"), row, now, own);
    }

    private String line(String name, Map<String, Object> row, Instant now, Shading by) {
        boolean isLong = name.length() > nameWidth - 2;
        String shown = isLong ? name.substring(0, nameWidth - 5) + "..." : name;
        List<Long> ages = AgeCells.of(row);
        long total = ages.stream().mapToLong(Long::longValue).sum();
        var text = new StringBuilder(pad(" " + shown, nameWidth));
        text.append(right(AgeCells.number(total), TOTAL_WIDTH));
        ages.forEach(count -> text.append(AgeCells.shaded(count, by)));
        String oldest = TopDestinations.age(ControlCommand.text(row, "oldest_at"), now);
        text.append(hasOldest ? right(oldest, OLDEST_WIDTH) : "");
        boolean isLonger = by != Shading.COLOURS && text.length() > columns;
        return isLonger ? text.substring(0, columns) : text.toString();
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
