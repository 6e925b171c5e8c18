package org.posthouse.core;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * What a refusal, or a failure of the network, probably means, and what to do about it. It is made
 * from the words of a reply by the ordered rules of {@code diagnoses.txt}, of which the first that
 * fits counts: a guess for people, nothing is decided by it.
 *
 * @param code stable: {@code PH-D030}
 * @param cause in a few words
 * @param advice what to do, in sentences
 * @since 0.1
 */
public record Diagnosis(String code, String cause, String advice) {
    /** Of what went well. */
    public static final Diagnosis NONE = new Diagnosis("", "", "");

    private static final String GIVEN_UP = "given up; last: ";

    /** Checks that nothing is missing. */
    public Diagnosis {
        Objects.requireNonNull(code);
        Objects.requireNonNull(cause);
        Objects.requireNonNull(advice);
    }

    /** Of a reply, or of our own words for what happened; there is one for every refusal. */
    public static Diagnosis of(Reply reply) {
        if (!reply.isTransient() && !reply.isPermanent()) {
            return NONE;
        }
        String text = String.join(" ", reply.lines()).toLowerCase(Locale.ROOT);
        if (text.startsWith(GIVEN_UP)) {
            return ofLast(text.substring(GIVEN_UP.length()));
        }
        String code = Integer.toString(reply.code());
        for (Rule rule : Catalogue.RULES) {
            if (rule.fits(code, reply.status(), text)) {
                return rule.diagnosis();
            }
        }
        throw new IllegalStateException("no rule for " + reply);
    }

    /**
     * Of a reply in one line, as {@link Reply#toString} gives it and the queue keeps it.
     *
     * @return {@link #NONE} where it is none
     */
    public static Diagnosis ofText(String reply) {
        byte[] line = reply.getBytes(StandardCharsets.UTF_8);
        return new ReplyParser().line(line, 0, line.length)
                        instanceof ReplyParser.Result.Complete it
                ? of(it.reply())
                : NONE;
    }

    /** What a message was given up for is what was said last. */
    private static Diagnosis ofLast(String said) {
        boolean isAgain = said.indexOf(GIVEN_UP) >= 0;
        Diagnosis last = isAgain ? NONE : ofText(said);
        return last.equals(NONE) ? of(Reply.plain(450, "not delivered")) : last;
    }

    /** True where it says more than that it is a refusal. */
    public boolean isKnown() {
        return !code.isEmpty() && !code.equals("PH-D001") && !code.equals("PH-D002");
    }

    /** All there are, in the order of their rules. */
    public static List<Diagnosis> all() {
        return Catalogue.ALL;
    }

    private record Rule(
            Diagnosis diagnosis,
            List<Predicate<String>> codes,
            List<Predicate<EnhancedStatus>> statuses,
            List<Predicate<String>> texts) {
        /** Behind the sign: codes and statuses, a colon, texts with semicolons between. */
        static Rule parse(Diagnosis diagnosis, String line) {
            int colon = line.indexOf(':');
            List<Predicate<String>> codes = new ArrayList<>();
            List<Predicate<EnhancedStatus>> statuses = new ArrayList<>();
            for (String pattern : line.substring(0, colon).strip().split(" +")) {
                if (pattern.indexOf('.') >= 0 || pattern.equals("none")) {
                    statuses.add(ReplyPattern.status(pattern));
                } else if (!pattern.isEmpty()) {
                    codes.add(ReplyPattern.code(pattern));
                }
            }
            List<Predicate<String>> texts = new ArrayList<>();
            for (String text : line.substring(colon + 1).split(";")) {
                if (!text.isBlank()) {
                    texts.add(ReplyPattern.text(text.strip()));
                }
            }
            return new Rule(diagnosis, codes, statuses, texts);
        }

        boolean fits(String code, EnhancedStatus status, String text) {
            return isAny(codes, code) && isAny(statuses, status) && isAny(texts, text);
        }

        private static <T> boolean isAny(List<Predicate<T>> alternatives, T value) {
            for (Predicate<T> each : alternatives) {
                if (each.test(value)) {
                    return true;
                }
            }
            return alternatives.isEmpty();
        }
    }

    /** Read when it is first asked for. */
    private static final class Catalogue {
        private static final String SIGN = "= ";

        static final List<Rule> RULES;
        static final List<Diagnosis> ALL;

        static {
            List<Rule> rules = new ArrayList<>();
            List<Diagnosis> all = new ArrayList<>();
            for (String entry : text().split("\n\n")) {
                List<String> lines =
                        entry.lines()
                                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                                .toList();
                if (!lines.isEmpty()) {
                    read(lines, rules, all);
                }
            }
            RULES = List.copyOf(rules);
            ALL = List.copyOf(all);
        }

        private static void read(List<String> lines, List<Rule> rules, List<Diagnosis> all) {
            List<String> more = lines.stream().skip(1).map(String::strip).toList();
            Diagnosis diagnosis = diagnosis(lines.getFirst(), more, all);
            more.stream()
                    .filter(line -> line.startsWith(SIGN))
                    .map(line -> Rule.parse(diagnosis, line.substring(SIGN.length())))
                    .forEach(rules::add);
        }

        /** A code alone stands for one that came before. */
        private static Diagnosis diagnosis(String head, List<String> more, List<Diagnosis> all) {
            int space = head.indexOf(' ');
            if (space < 0) {
                return all.stream().filter(d -> d.code().equals(head)).findFirst().orElseThrow();
            }
            String advice =
                    String.join(" ", more.stream().filter(line -> !line.startsWith(SIGN)).toList());
            var diagnosis =
                    new Diagnosis(head.substring(0, space), head.substring(space + 1), advice);
            all.add(diagnosis);
            return diagnosis;
        }

        private static String text() {
            try (InputStream in = Diagnosis.class.getResourceAsStream("diagnoses.txt")) {
                return new String(
                        Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
