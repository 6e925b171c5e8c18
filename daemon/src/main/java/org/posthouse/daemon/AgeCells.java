package org.posthouse.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How many of each age there are, as cells of a table; the more, the brighter. */
final class AgeCells {
    /** A cell's, with the blanks before it. */
    static final int WIDTH = 6;

    /** What stands above them. */
    static final List<String> HEADS =
            List.of("<5m", "<10m", "<20m", "<40m", "<80m", "<160m", "<320m", "<640m", "older");

    /** Grounds of cells, from dark grey on. */
    private static final int SHADES = 5;

    private static final int FIRST_SHADE = 232;
    private static final String DIM = "\033[2m";
    private static final String RESET = "\033[0m";
    private static final String BLOCKS = " ░░▒▓█";
    private static final int CELL_MAX = 10_000;
    private static final int MILLION = 1_000_000;

    private AgeCells() {}

    /** How they are shaded. */
    enum Shading {
        /** By their ground. */
        COLOURS,
        /** By a block before the number. */
        BLOCKS,
        /** Not at all: numbers only. */
        NONE
    }

    /** Those of a row, the youngest first; none where the answer has none. */
    static List<Long> of(Map<String, Object> row) {
        List<Long> counts = new ArrayList<>();
        if (row.get("ages") instanceof List<?> ages) {
            ages.forEach(age -> counts.add(age instanceof Long count ? count : 0L));
        }
        return counts;
    }

    /** One of them: a step for each digit. */
    static String shaded(long count, Shading shading) {
        String cell = number(count);
        int digits = count == 0 ? 0 : Math.min(String.valueOf(count).length(), SHADES);
        return switch (shading) {
            case NONE -> right(cell, WIDTH);
            case BLOCKS -> " " + BLOCKS.charAt(digits) + right(cell, WIDTH - 2);
            case COLOURS -> ground(digits) + right(cell, WIDTH) + RESET;
        };
    }

    private static String ground(int digits) {
        return digits == 0 ? DIM : "\033[38;5;231;48;5;" + (FIRST_SHADE + 2 * digits) + "m";
    }

    /** At most four signs, up to ten milliards. */
    static String number(long count) {
        if (count < CELL_MAX) {
            return String.valueOf(count);
        }
        return count < MILLION ? count / 1000 + "k" : count / MILLION + "M";
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
