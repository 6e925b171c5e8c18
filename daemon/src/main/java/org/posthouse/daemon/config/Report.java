package org.posthouse.daemon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Problems as people read them: what is wrong with a stable code, the file's own text with a caret,
 * the likely fix, where to read more. A secret that stands in the file is never shown.
 */
final class Report {
    private static final Pattern SECRET =
            Pattern.compile(
                    "\\b(?:password|token|secret)[\"']?\\s*=\\s*"
                            + "(?!\"(?:env|file|cred):)(\"(?:[^\"\\\\]|\\\\.)*\"?|'[^']*'?)");
    private static final String HIDDEN = "\"***\"";
    private final String file;
    private final SourceText source;

    Report(String file, SourceText source) {
        this.file = file;
        this.source = source;
    }

    /** A line of a file with the secrets in it hidden. */
    static String masked(String line) {
        return Masked.of(line).text();
    }

    /** All problems in the order of the file. */
    String render(List<Problem> problems) {
        var text = new StringBuilder();
        for (Problem problem : problems.stream().sorted(Problem.BY_POSITION).toList()) {
            render(problem, text);
            text.append('\n');
        }
        return text.toString();
    }

    private void render(Problem problem, StringBuilder text) {
        text.append("error[").append(problem.code()).append("]: ").append(problem.title());
        text.append('\n').append("   ").append(file);
        Span span = problem.span();
        if (span.line() > 0) {
            text.append(':').append(span.line()).append(':').append(span.column());
            text.append('\n');
            lines(problem, text);
        } else {
            text.append(problem.note().isEmpty() ? "" : ": " + problem.note()).append('\n');
        }
        for (String fix : problem.fixes()) {
            text.append("   ").append(fix).append('\n');
        }
        text.append("   help: posthouse help ").append(problem.code()).append('\n');
    }

    private void lines(Problem problem, StringBuilder text) {
        Span span = problem.span();
        String before = Masked.of(source.line(span.line() - 1)).text();
        if (!before.isBlank()) {
            text.append(numbered(span.line() - 1, before));
        }
        Masked line = Masked.of(source.line(span.line()));
        text.append(numbered(span.line(), line.text()));
        int start = line.shifted(span.column() - 1);
        int end = Math.max(start + 1, line.shifted(span.column() - 1 + span.length()));
        text.append("        | ")
                .append(indent(line.text(), start))
                .append("^".repeat(end - start));
        text.append(problem.note().isEmpty() ? "" : " " + problem.note()).append('\n');
    }

    private static String numbered(int number, String line) {
        return String.format("%7d | %s%n", number, line).replace("\r\n", "\n");
    }

    /** Blanks as wide as the text before the caret; tabs stay tabs. */
    private static String indent(String line, int length) {
        var blanks = new StringBuilder();
        for (int i = 0; i < length; i++) {
            blanks.append(i < line.length() && line.charAt(i) == '\t' ? '\t' : ' ');
        }
        return blanks.toString();
    }

    /** A line whose secrets are hidden. */
    private record Masked(String text, List<int[]> hidden) {
        static Masked of(String line) {
            var text = new StringBuilder();
            var hidden = new ArrayList<int[]>();
            Matcher matcher = SECRET.matcher(line);
            int done = 0;
            while (matcher.find()) {
                text.append(line, done, matcher.start(1)).append(HIDDEN);
                hidden.add(new int[] {matcher.start(1), matcher.end(1)});
                done = matcher.end(1);
            }
            return new Masked(text.append(line.substring(done)).toString(), hidden);
        }

        /** Where what stood at an index stands now. */
        int shifted(int index) {
            int shift = 0;
            for (int[] piece : hidden) {
                if (index >= piece[1]) {
                    shift += HIDDEN.length() - (piece[1] - piece[0]);
                } else if (index > piece[0]) {
                    return piece[0] + shift;
                }
            }
            return index + shift;
        }
    }
}
