package org.posthouse.sim;

import org.posthouse.platform.Deadline;
import org.posthouse.platform.Https;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Documents from a script. A host that was never mentioned can't be reached.
 *
 * @since 0.1
 */
public final class SimHttps implements Https {
    private final SimScheduler scheduler;
    private final SimTrace trace;
    private final Map<String, Fetched> answers = new HashMap<>();
    private final Map<String, Integer> calls = new HashMap<>();
    private final Map<String, List<InetAddress>> asked = new HashMap<>();
    private Duration latency = Duration.ZERO;

    SimHttps(SimScheduler scheduler, SimTrace trace) {
        this.scheduler = scheduler;
        this.trace = trace;
    }

    /** A document of {@code text/plain}. */
    public SimHttps serve(String host, String path, String text) {
        return answer(host, path, new Fetched.Document("text/plain", text));
    }

    /** What is answered from now on. */
    public SimHttps answer(String host, String path, Fetched answer) {
        answers.put(host + path, answer);
        return this;
    }

    /** The host can't be reached from now on. */
    public SimHttps fail(String host, String path) {
        answers.remove(host + path);
        return this;
    }

    /** How long each answer takes from now on. */
    public SimHttps latency(Duration duration) {
        latency = duration;
        return this;
    }

    /** How often a document was asked for. */
    public int calls(String host, String path) {
        return calls.getOrDefault(host + path, 0);
    }

    /** Where a document was looked for last; nowhere, if it was not. */
    public List<InetAddress> askedAt(String host, String path) {
        return asked.getOrDefault(host + path, List.of());
    }

    @Override
    public Fetched get(String host, List<InetAddress> addresses, String path, Limits limits) {
        scheduler.checkAlive();
        String key = host + path;
        calls.merge(key, 1, Integer::sum);
        asked.put(key, List.copyOf(addresses));
        trace.add("HTTPS " + key, scheduler.nanos());
        long arrives = scheduler.nanos() + latency.toNanos();
        boolean isLate = arrives > limits.deadline().nanos();
        if (!travel(isLate ? limits.deadline() : new Deadline(arrives))) {
            return new Fetched.Failed(false, "interrupted");
        }
        if (isLate) {
            return new Fetched.Failed(false, "no answer in time");
        }
        Fetched answer = answers.get(key);
        if (answer == null) {
            return new Fetched.Failed(false, "connection refused");
        }
        boolean isTooLong =
                answer instanceof Fetched.Document document
                        && document.text().length() > limits.octetsMax();
        return isTooLong ? new Fetched.Failed(false, "the document is too long") : answer;
    }

    /** False when interrupted. */
    private boolean travel(Deadline end) {
        if (latency.isZero() || !scheduler.isSimulatedThread()) {
            scheduler.yieldPoint();
            return true;
        }
        var arrival = new SimCondition(scheduler);
        try {
            boolean unused = arrival.await(end);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Takes over what another world answers; not its counters. */
    void copyFrom(SimHttps other) {
        answers.putAll(other.answers);
        latency = other.latency;
    }
}
