package org.posthouse.testkit;

import org.posthouse.platform.Disk;
import org.posthouse.platform.Dns;
import org.posthouse.platform.Entropy;
import org.posthouse.platform.Network;
import org.posthouse.platform.Platform;
import org.posthouse.platform.Threads;
import org.posthouse.platform.TimeSource;

/** A platform with another network. */
record SandboxPlatform(Platform platform, Network network) implements Platform {
    @Override
    public TimeSource time() {
        return platform.time();
    }

    @Override
    public Threads threads() {
        return platform.threads();
    }

    @Override
    public Dns dns() {
        return platform.dns();
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
        return 0; // a test with a full heap is not turned away
    }

    @Override
    public long memoryOctetsMax() {
        return platform.memoryOctetsMax();
    }
}
