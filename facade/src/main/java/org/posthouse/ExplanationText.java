package org.posthouse;

import org.posthouse.Explanation.Change;
import org.posthouse.Explanation.Line;
import org.posthouse.Explanation.Mark;
import org.posthouse.Explanation.Outcome;
import org.posthouse.Explanation.Paint;

import java.util.ArrayList;
import java.util.List;

/** An explanation in columns: number, stage or question, what was found, mark, place. */
final class ExplanationText {
    private static final int COLUMNS_MIN = 60;
    private static final int LABEL = 12;
    private static final int INDENT = 5;
    private static final int MARK = 8;

    /** Below this, places are lines of a file that is named once, above them. */
    private static final int NARROW = 100;

    private static final String BUILT_IN = "built in";
    private static final int SUBJECT_MAX = 24;
    private static final int EFFECT_INDENT = 4;

    private final Explanation explanation;
    private final int columns;
    private final Paint paint;
    private final StringBuilder text = new StringBuilder();
    private final int placeWidth;
    private final int subjectWidth;
    private final boolean isNarrow;
    private String lastFile = "";
    private String lastLabel = "";

    ExplanationText(Explanation explanation, int columns, Paint paint) {
        this.explanation = explanation;
        this.columns = Math.max(COLUMNS_MIN, columns);
        this.paint = paint;
        isNarrow = this.columns < NARROW;
        int longest = explanation.lines().stream().mapToInt(this::placeLength).max().orElse(0);
        placeWidth = Math.min(longest, this.columns / 4);
        subjectWidth =
                explanation.lines().stream()
                        .filter(ExplanationText::isRule)
                        .mapToInt(l -> l.subject().length())
                        .filter(length -> length <= SUBJECT_MAX)
                        .max()
                        .orElse(0);
    }

    String write() {
        head();
        text.append('\n');
        if (isNarrow) {
            file();
        }
        int widest = columns - INDENT - LABEL - MARK - placeWidth;
        int needed = explanation.lines().stream().mapToInt(l -> found(l).length()).max().orElse(0);
        int width = Math.min(widest, needed + 2);
        explanation.lines().forEach(line -> line(line, width));
        if (!explanation.changes().isEmpty()) {
            text.append("\n  What would change this\n");
            explanation.changes().forEach(this::change);
        }
        return text.toString();
    }

    private void head() {
        boolean isTaken = explanation.isTaken();
        String verdict =
                explanation.outcome().name() + (isTaken ? "" : " at " + explanation.stage());
        String why = isTaken ? why() : reply();
        Mark mark = isTaken ? Mark.OK : Mark.REFUSE;
        boolean fits = verdict.length() + 4 + why.length() <= columns;
        text.append(paint.paint(mark, verdict)).append(fits ? "    " : "\n  ").append(why);
        text.append('\n');
    }

    private void file() {
        for (Line line : explanation.lines()) {
            int colon = line.place().lastIndexOf(':');
            if (colon > 0 && lastFile.isEmpty()) {
                lastFile = line.place().substring(0, colon);
                text.append("  by ").append(lastFile).append(", line by line\n");
            }
        }
    }

    private int placeLength(Line line) {
        String place = line.place();
        if (!isNarrow) {
            return place.length();
        }
        return place.equals(BUILT_IN) ? 0 : place.length() - Math.max(0, place.lastIndexOf(':'));
    }

    private String reply() {
        String code = explanation.code().isEmpty() ? "" : " (" + explanation.code() + ")";
        return explanation.reply().map(reply -> reply.toString() + code).orElse(explanation.code());
    }

    private String why() {
        Outcome outcome = explanation.outcome();
        String by = explanation.rule().isEmpty() ? "" : "by " + quoted(explanation.rule());
        String route =
                explanation.route().isEmpty() ? "" : ", route \"" + explanation.route() + "\"";
        return switch (outcome) {
            case STORED -> "here, in the local store";
            case EXPANDED -> "to those whom the alias stands for";
            case RELAYED -> by + route;
            case HOOK ->
                    "rule \"" + explanation.rule() + "\" lets the received hook relay it" + route;
            case REFUSED -> "";
        };
    }

    /** Rules have quotes; what is built in has not. */
    private String quoted(String rule) {
        boolean isRule =
                explanation.lines().stream()
                        .anyMatch(l -> l.subject().equals("rule \"" + rule + "\""));
        return isRule ? "rule \"" + rule + "\"" : rule;
    }

    private static boolean isRule(Line line) {
        return line.number() == 0 && line.label().equals("relay?");
    }

    /** What was found, in one piece. */
    private String found(Line line) {
        if (line.subject().isEmpty() || line.answer().isEmpty()) {
            return line.subject() + line.answer();
        }
        int pad = isRule(line) ? Math.max(0, subjectWidth - line.subject().length()) : 0;
        String gap = isRule(line) || line.number() > 0 ? "  " : " ";
        return line.subject() + " ".repeat(pad) + gap + line.answer();
    }

    private void line(Line line, int width) {
        String number = line.number() > 0 ? Integer.toString(line.number()) : "";
        List<String> found = wrapped(found(line), width - 1);
        boolean isSame = line.number() == 0 && line.label().equals(lastLabel);
        lastLabel = line.label();
        text.append(" ".repeat(Math.max(0, 3 - number.length()))).append(number).append("  ");
        text.append(padded(isSame ? "" : line.label(), LABEL));
        text.append(padded(found.getFirst(), width));
        boolean isSilent = line.mark() == Mark.NONE && line.place().isEmpty();
        if (!isSilent) {
            text.append(paint.paint(line.mark(), line.mark().word()));
            text.append(" ".repeat(Math.max(1, MARK - line.mark().word().length())));
            boolean isLeftOut = isNarrow && line.place().equals(BUILT_IN);
            text.append(isLeftOut ? "" : place(line.place()));
        }
        endLine();
        for (String more : found.subList(1, found.size())) {
            text.append(" ".repeat(INDENT + LABEL + 2)).append(more).append('\n');
        }
    }

    private void change(Change change) {
        String what = "    " + change.what();
        String where = place(change.place());
        String effect = "-> " + change.effect() + (where.isEmpty() ? "" : "    " + where);
        boolean fits = what.length() + 2 + effect.length() <= columns;
        text.append(fits ? what + "  " : what + "\n" + " ".repeat(EFFECT_INDENT + 2));
        text.append(effect);
        endLine();
    }

    /** The file is named once; a place that is too long loses its folder. */
    private String place(String place) {
        int colon = place.lastIndexOf(':');
        String file = colon < 0 ? "" : place.substring(0, colon);
        if (file.isEmpty()) {
            return place;
        }
        boolean isSame = file.equals(lastFile);
        lastFile = file;
        if (isSame) {
            return place.substring(colon);
        }
        return place.length() > placeWidth ? place.substring(file.lastIndexOf('/') + 1) : place;
    }

    private void endLine() {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        text.setLength(end);
        text.append('\n');
    }

    private static String padded(String word, int width) {
        return word + " ".repeat(Math.max(1, width - word.length()));
    }

    /** Broken between words; a word that is too long stands alone. */
    private static List<String> wrapped(String text, int width) {
        var lines = new ArrayList<String>();
        String rest = text;
        while (rest.length() > width) {
            int space = rest.lastIndexOf(' ', width);
            int cut = space > 0 ? space : rest.indexOf(' ');
            if (cut < 0) {
                break;
            }
            lines.add(rest.substring(0, cut).stripTrailing());
            rest = rest.substring(cut + 1).stripLeading();
        }
        lines.add(rest);
        return lines;
    }
}
