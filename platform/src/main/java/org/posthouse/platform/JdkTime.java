package org.posthouse.platform;

import java.time.Duration;
import java.time.Instant;

/** The machine's clocks. */
final class JdkTime implements TimeSource {
    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
    }

    @Override
    public Signal signal() {
        return new JdkSignal();
    }
}
