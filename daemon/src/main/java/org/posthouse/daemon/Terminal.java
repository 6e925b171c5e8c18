package org.posthouse.daemon;

import org.posthouse.Explanation.Mark;
import org.posthouse.Explanation.Paint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * How standard output, or standard error, is shown: colours on a terminal only, never with {@code
 * NO_COLOR} or {@code --plain}; as wide as the terminal is, or as {@code COLUMNS} says.
 *
 * @param columns how wide
 * @param colours whether there are any
 */
record Terminal(int columns, boolean colours) {
    private static final int COLUMNS = 100;
    private static final int COLUMNS_MIN = 60;
    private static final int COLUMNS_MAX = 160;
    private static final Path INPUT = Path.of("/proc/self/fd/0");
    private static final Path OUTPUT = Path.of("/proc/self/fd/1");
    private static final Path ERRORS = Path.of("/proc/self/fd/2");
    private static final String RESET = "\033[0m";

    /** That of this process. */
    static Terminal of(Map<String, String> environment, boolean plain) {
        return of(environment, device(OUTPUT), plain);
    }

    /** That which standard error goes to. */
    static Terminal ofErrors(Map<String, String> environment, boolean plain) {
        return of(environment, device(ERRORS), plain);
    }

    private static Terminal of(Map<String, String> environment, String device, boolean plain) {
        boolean isDull =
                plain
                        || device.isEmpty()
                        || !environment.getOrDefault("NO_COLOR", "").isEmpty()
                        || environment.getOrDefault("TERM", "").equals("dumb");
        return new Terminal(columns(environment, device), !isDull);
    }

    /** Somebody can be asked. */
    static boolean isAsking() {
        return !device(INPUT).isEmpty();
    }

    /** The terminal's device; empty when it goes somewhere else. */
    private static String device(Path stream) {
        try {
            String target = Files.readSymbolicLink(stream).toString();
            boolean isTerminal =
                    target.startsWith("/dev/pts/")
                            || target.startsWith("/dev/tty")
                            || target.equals("/dev/console");
            return isTerminal ? target : "";
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    private static int columns(Map<String, String> environment, String device) {
        int given = number(environment.getOrDefault("COLUMNS", ""));
        int asked = given > 0 || device.isEmpty() ? given : number(size(device));
        return asked > 0 ? Math.clamp(asked, COLUMNS_MIN, COLUMNS_MAX) : COLUMNS;
    }

    /** The columns that {@code stty size} says behind the rows. */
    private static String size(String device) {
        try {
            Process stty = new ProcessBuilder("stty", "-F", device, "size").start();
            String said =
                    new String(stty.getInputStream().readNBytes(64), StandardCharsets.US_ASCII);
            return said.strip().substring(said.strip().indexOf(' ') + 1);
        } catch (IOException e) {
            return "";
        }
    }

    private static int number(String text) {
        return text.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(text) : 0;
    }

    /** The colours of explanations. */
    Paint paint() {
        return colours ? (mark, text) -> colour(mark) + text + RESET : Paint.NONE;
    }

    private static String colour(Mark mark) {
        return switch (mark) {
            case REFUSE -> "\033[1;31m";
            case NO -> "\033[33m";
            case OK, YES -> "\033[32m";
            case NONE -> "\033[2m";
        };
    }
}
