package org.posthouse.testkit;

import org.posthouse.testkit.virtual.VirtualPlatform;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The clock of a {@link FakeInternet}: give it to what your application reads the time by, too, and
 * both agree. It is in UTC.
 *
 * @since 0.1
 */
public final class FakeClock extends Clock {
    private final VirtualPlatform platform;
    private final ZoneId zone;

    private FakeClock(VirtualPlatform platform, ZoneId zone) {
        super();
        this.platform = platform;
        this.zone = zone;
    }

    static FakeClock of(VirtualPlatform platform) {
        return new FakeClock(platform, ZoneOffset.UTC);
    }

    /** The same as {@link FakeInternet#advance}. */
    public void advance(Duration duration) {
        platform.clock().advance(duration);
    }

    @Override
    public Instant instant() {
        return platform.time().now();
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public FakeClock withZone(ZoneId other) {
        return new FakeClock(platform, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FakeClock clock
                && clock.platform.equals(platform)
                && clock.zone.equals(zone);
    }

    @Override
    public int hashCode() {
        return platform.hashCode() + zone.hashCode();
    }

    @Override
    public String toString() {
        return "FakeClock[" + instant() + ", " + zone + "]";
    }
}
