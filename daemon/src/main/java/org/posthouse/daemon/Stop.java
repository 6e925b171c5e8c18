package org.posthouse.daemon;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The wish to stop: SIGTERM or SIGINT. The first asks for an orderly end, the second for one at
 * once.
 */
final class Stop {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicInteger times = new AtomicInteger();
    private final Runnable atOnce;

    private Stop(Runnable atOnce) {
        this.atOnce = atOnce;
    }

    /**
     * Takes the signals over.
     *
     * @param atOnce run at the second
     */
    static Stop onSignals(Runnable atOnce) {
        var stop = new Stop(atOnce);
        for (String name : new String[] {"TERM", "INT"}) {
            Signals.on(name, stop::ask);
        }
        return stop;
    }

    /**
     * Asked by programs alone.
     *
     * @param atOnce run at the second time
     */
    static Stop onRequest(Runnable atOnce) {
        return new Stop(atOnce);
    }

    /** Waits until somebody asks. */
    void await() throws InterruptedException {
        asked.await();
    }

    /** True when somebody asked. */
    boolean isAsked() {
        return times.get() > 0;
    }

    /** Asks. */
    void ask() {
        if (times.incrementAndGet() > 1) {
            atOnce.run();
        }
        asked.countDown();
    }
}
