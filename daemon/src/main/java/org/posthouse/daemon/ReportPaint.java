package org.posthouse.daemon;

import java.io.PrintWriter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reports of what is wrong in a file, on standard error: on a terminal what matters stands out, and
 * what only helps to find it steps back.
 */
final class ReportPaint {
    private static final Pattern TITLE = Pattern.compile("error\\[PH-[A-Z]\\d+]");
    private static final Pattern MARKED = Pattern.compile("( *\\|\\s*)(\\^+.*)");
    private static final Pattern HINT =
            Pattern.compile("( *\\d+ \\| )(.*)|( {3}(?:help: .*|\\S+:\\d+:\\d+))");
    private static final String RED = "\033[1;31m";
    private static final String BOLD = "\033[1m";
    private static final String FAINT = "\033[2m";
    private static final String RESET = "\033[0m";

    private ReportPaint() {}

    /** Prints a report, as standard error can show it. */
    static void print(String report, PrintWriter err) {
        print(report, err, false);
    }

    /**
     * Prints a report.
     *
     * @param plain without colours in any case
     */
    static void print(String report, PrintWriter err, boolean plain) {
        err.print(Terminal.ofErrors(System.getenv(), plain).colours() ? painted(report) : report);
        err.flush();
    }

    /** With colours. */
    static String painted(String report) {
        var text = new StringBuilder();
        report.lines().forEach(line -> text.append(line(line)).append('\n'));
        return text.toString();
    }

    private static String line(String line) {
        Matcher title = TITLE.matcher(line);
        if (title.lookingAt()) {
            return RED + title.group() + RESET + BOLD + line.substring(title.end()) + RESET;
        }
        Matcher marked = MARKED.matcher(line);
        if (marked.matches()) {
            return FAINT + marked.group(1) + RESET + RED + marked.group(2) + RESET;
        }
        Matcher hint = HINT.matcher(line);
        if (!hint.matches()) {
            return line;
        }
        return hint.group(1) == null
                ? FAINT + line + RESET
                : FAINT + hint.group(1) + RESET + hint.group(2);
    }
}
