package org.posthouse.platform;

/**
 * A platform that hands everything to another one, for those that do some of it in another way.
 *
 * @since 0.1
 */
public abstract class ForwardingPlatform implements Platform {
    private final Platform platform;

    /** Hands all to that one. */
    protected ForwardingPlatform(Platform platform) {
        this.platform = platform;
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
    public Dns dns() {
        return platform.dns();
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
