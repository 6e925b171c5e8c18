package org.posthouse.benchmarks;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Posthouse beside its peers, and beside what its design could do at best: in turns, in one run, on
 * one disk, with the same load. Each row of what it prints is told with its ratio to every other.
 */
public final class Beside {
    private static final Set<String> SETTINGS =
            Set.of(
                    "servers",
                    "sizes",
                    "connections",
                    "modes",
                    "pipelined",
                    "tls",
                    "seconds",
                    "repetitions",
                    "warm",
                    "out");
    private static final long OCTETS_MAX = 512L << 20;
    private static final long ARRIVAL_MILLIS = 120_000;
    private static final int TRIAL = 40;

    private final Peers.Job job;
    private final Arguments settings;
    private final Certificate certificate;
    private final List<String> names;

    private Beside(Peers.Job job, Arguments settings) throws IOException, InterruptedException {
        this.job = job;
        this.settings = settings;
        certificate = Certificate.make(Folder.existing("peers").path().resolve("certificate"));
        names = List.of(settings.text("servers", "posthouse,postfix,ideal").split(","));
    }

    /** What one run of one server gave; times in microseconds. */
    private record Run(double rate, double cpuMillis, double memoryMib, Histogram times) {
        double micros(double percentile) {
            return times.getValueAtPercentile(percentile) / 1000.0;
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String[] rest = List.of(arguments).subList(1, arguments.length).toArray(String[]::new);
        Peers.Job job = Peers.Job.valueOf(arguments[0].toUpperCase(Locale.ROOT));
        Machine.describe(Folder.existing("peers").path()).forEach(System.out::println);
        new Beside(job, Arguments.of(rest, SETTINGS)).run();
    }

    private void run() throws IOException, InterruptedException {
        boolean pipelined = settings.text("pipelined", "no").equals("yes");
        for (String size : settings.text("sizes", "4096").split(",")) {
            for (String connections : settings.text("connections", "20").split(",")) {
                for (String mode : settings.text("modes", "many").split(",")) {
                    for (String secured : settings.text("tls", "no").split(",")) {
                        cell(
                                new Load(
                                        Integer.parseInt(connections),
                                        Integer.parseInt(size),
                                        mode.equals("many"),
                                        pipelined,
                                        secured.equals("yes")));
                    }
                }
            }
        }
    }

    /** All servers with one load. */
    private void cell(Load load) throws IOException, InterruptedException {
        System.out.printf(
                "%n%s, %s%nload average before: %s%n",
                job.name().toLowerCase(Locale.ROOT), load, Machine.loadAverage());
        var peers =
                new Peers(
                        job,
                        settings.number("out", Math.max(load.connections(), 20)),
                        load.secured() ? certificate : null);
        List<Peer> started = new ArrayList<>();
        Map<String, List<Run>> runs = new LinkedHashMap<>();
        try {
            for (String name : names) {
                started.add(peers.start(name));
            }
            int warm = settings.number("warm", 4);
            Map<String, Integer> counts = new LinkedHashMap<>();
            for (int i = -warm; i < settings.number("repetitions", 3); i++) {
                for (int k = 0; k < started.size(); k++) {
                    Peer peer = started.get(Math.floorMod(i + k, started.size()));
                    int count =
                            counts.getOrDefault(
                                    peer.name(), Math.max(TRIAL, load.connections() * 2));
                    Run run = measure(peer, load, count);
                    counts.put(peer.name(), next(run, load));
                    if (i >= 0) {
                        runs.computeIfAbsent(peer.name(), name -> new ArrayList<>()).add(run);
                    }
                }
            }
        } finally {
            for (Peer peer : started) {
                peer.close();
            }
        }
        System.out.printf("load average after: %s%n", Machine.loadAverage());
        print(runs);
    }

    /** So many that the next run takes about as long as it is to take. */
    private int next(Run run, Load load) {
        double count = run.rate() * settings.real("seconds", 2);
        double most = (double) OCTETS_MAX / load.size();
        return (int) Math.max(load.connections() * 2, Math.min(count, most));
    }

    private Run measure(Peer peer, Load load, int count) throws IOException, InterruptedException {
        Arrivals arrivals = peer.arrivals();
        long before = arrivals == null ? 0 : arrivals.messages();
        double cpu = peer.tree().cpuMillis();
        long begin = System.nanoTime();
        Histogram times;
        try (var source = new LoadSource(peer.address(), load, certificate)) {
            times = source.send(count);
        }
        if (arrivals != null && !arrivals.await(before + count, ARRIVAL_MILLIS)) {
            throw new IOException(
                    peer.name() + " brought " + (arrivals.messages() - before) + " of " + count);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        double spent = (peer.tree().cpuMillis() - cpu) / count;
        return new Run(count / seconds, spent, peer.tree().memoryMib(), times);
    }

    private void print(Map<String, List<Run>> runs) {
        var head = new StringBuilder(String.format("%-12s %-28s", "", "messages/s"));
        runs.keySet().forEach(name -> head.append(String.format(" %-20s", "/ " + name)));
        head.append(
                String.format(
                        " %-22s %8s %8s %8s %10s",
                        "processor ms/message", "p50 us", "p99 us", "max us", "memory MiB"));
        System.out.println(head);
        runs.forEach((name, own) -> System.out.println(row(name, own, runs)));
    }

    private static String row(String name, List<Run> own, Map<String, List<Run>> runs) {
        var row = new StringBuilder();
        row.append(String.format("%-12s %-28s", name, spread(own, Run::rate).text(0, 1)));
        for (List<Run> other : runs.values()) {
            row.append(String.format(" %-20s", other == own ? "" : ratio(own, other)));
        }
        row.append(
                String.format(
                        Locale.ROOT,
                        " %-22s %8.0f %8.0f %8.0f %10.0f",
                        spread(own, Run::cpuMillis).text(3, 1),
                        spread(own, run -> run.micros(50)).median(),
                        spread(own, run -> run.micros(99)).median(),
                        spread(own, run -> run.micros(100)).most(),
                        spread(own, Run::memoryMib).most()));
        return row.toString();
    }

    /** Of the medians, and the spread of the ratios repetition by repetition. */
    private static String ratio(List<Run> own, List<Run> other) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            ratios.add(own.get(i).rate() / other.get(i).rate());
        }
        Spread all = spread(ratios, ratio -> ratio);
        double median = spread(own, Run::rate).median() / spread(other, Run::rate).median();
        return String.format(Locale.ROOT, "%.2f (%.2f-%.2f)", median, all.least(), all.most());
    }

    private static <T> Spread spread(List<T> all, ToDoubleFunction<T> value) {
        return Spread.of(all, value);
    }
}
