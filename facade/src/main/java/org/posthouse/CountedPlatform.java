package org.posthouse;

import org.posthouse.platform.Disk;
import org.posthouse.platform.Entropy;
import org.posthouse.platform.Https;
import org.posthouse.platform.Network;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Threads;
import org.posthouse.platform.TimeSource;

/** A platform whose look-ups are counted. */
record CountedPlatform(Platform platform, CountedDns dns) implements Platform {
    static CountedPlatform of(Platform platform) {
        return new CountedPlatform(platform, new CountedDns(platform.dns(), platform.time()));
    }

    @Override
    public TimeSource time() {
        return platform.time();
    }

    @Override
    public Threads threads() {
        return platform.threads();
    }

    @Override
    public Network network() {
        return platform.network();
    }

    @Override
    public Https https() {
        return platform.https();
    }

    @Override
    public Disk disk() {
        return platform.disk();
    }

    @Override
    public Entropy entropy() {
        return platform.entropy();
    }

    @Override
    public double memoryShare() {
        return platform.memoryShare();
    }

    @Override
    public long memoryOctetsMax() {
        return platform.memoryOctetsMax();
    }
}
