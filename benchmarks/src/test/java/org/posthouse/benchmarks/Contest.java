package org.posthouse.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures candidates in turns, so that what changes with time meets all of them. The first ones
 * are limits; what comes after is told as a share of each limit, from the medians and, as its
 * spread, repetition by repetition. Each repetition begins with another candidate. A run during
 * which others took too much of the processors is done again, a few times at most.
 */
final class Contest {
    private final String title;
    private final String unit;
    private final double divisor;
    private final double target;
    private final double othersMax;
    private final List<Double> others = new ArrayList<>();
    private final Map<String, Candidate> candidates = new LinkedHashMap<>();
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();
    private int limits;
    private int again;

    private static final int TRIES = 6;

    /** Something to be measured; makes ready and cleans up outside of what it measures. */
    interface Candidate {
        Sample measure() throws Exception;
    }

    /**
     * A title, a unit with what makes it out of a rate, and what is to be reached.
     *
     * @param othersMax share of the processors that others may have during a run
     */
    Contest(String title, Unit unit, double target, double othersMax) {
        this.title = title;
        this.unit = unit.name;
        this.divisor = unit.divisor;
        this.target = target;
        this.othersMax = othersMax;
    }

    /** What a rate is told in. */
    record Unit(String name, double divisor) {}

    Contest limit(String name, Candidate candidate) {
        limits++;
        return add(name, candidate);
    }

    Contest add(String name, Candidate candidate) {
        candidates.put(name, candidate);
        samples.put(name, new ArrayList<>());
        return this;
    }

    void run(int warmUps, int repetitions, PrintStream out) throws Exception {
        out.printf("%n%s%nload average before: %s%n", title, Machine.loadAverage());
        List<String> names = List.copyOf(candidates.keySet());
        for (int i = -warmUps; i < repetitions; i++) {
            for (int k = 0; k < names.size(); k++) {
                String name = names.get(Math.floorMod(i + k, names.size()));
                if (i < 0) {
                    candidates.get(name).measure();
                } else {
                    samples.get(name).add(measure(candidates.get(name)));
                }
            }
        }
        out.printf("load average after: %s%n", Machine.loadAverage());
        print(names, out);
    }

    private Sample measure(Candidate candidate) throws Exception {
        for (int tries = 1; ; tries++) {
            Others watch = Others.now();
            Sample sample = candidate.measure();
            double share = watch.shareSince();
            if (share <= othersMax || tries == TRIES) {
                others.add(share);
                return sample;
            }
            again++;
        }
    }

    private void print(List<String> names, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "share of the processors that others had: %.2f, at most %.2f; runs done again for"
                        + " it: %d%n",
                Spread.of(others, share -> share).median(),
                Spread.of(others, share -> share).most(),
                again);
        out.printf("%-32s %-32s %9s %9s %9s%n", "", unit, "p50 us", "p99 us", "max us");
        for (String name : names) {
            List<Sample> runs = samples.get(name);
            out.printf(
                    Locale.ROOT,
                    "%-32s %-32s %9.0f %9.0f %9.0f%n",
                    name,
                    rates(runs).text(0, divisor),
                    Spread.of(runs, Sample::median).median(),
                    Spread.of(runs, Sample::p99).median(),
                    Spread.of(runs, Sample::longest).most());
        }
        for (String name : names.subList(limits, names.size())) {
            for (String limit : names.subList(0, limits)) {
                printShare(name, limit, out);
            }
        }
        for (String name : names) {
            StringBuilder all = new StringBuilder("each, ").append(name).append(':');
            samples.get(name)
                    .forEach(
                            run ->
                                    all.append(
                                            String.format(
                                                    Locale.ROOT, " %.0f", run.rate() / divisor)));
            out.println(all);
        }
    }

    private static Spread rates(List<Sample> runs) {
        return Spread.of(runs, Sample::rate);
    }

    private void printShare(String name, String limit, PrintStream out) {
        List<Sample> ours = samples.get(name);
        List<Sample> theirs = samples.get(limit);
        List<Double> shares = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            shares.add(ours.get(i).rate() / theirs.get(i).rate());
        }
        Spread spread = Spread.of(shares, share -> share);
        out.printf(
                Locale.ROOT,
                "%s / %s: %.2f (%.2f-%.2f), to be at least %.2f%n",
                name,
                limit,
                rates(ours).median() / rates(theirs).median(),
                spread.least(),
                spread.most(),
                target);
    }
}
