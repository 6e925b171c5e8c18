package org.posthouse.testkit;

import org.posthouse.platform.ForwardingPlatform;
import org.posthouse.platform.Https;
import org.posthouse.platform.Network;
import org.posthouse.platform.Platform;

/** A platform with another network. */
final class SandboxPlatform extends ForwardingPlatform {
    private final Network network;

    SandboxPlatform(Platform platform, Network network) {
        super(platform);
        this.network = network;
    }

    @Override
    public Network network() {
        return network;
    }

    @Override
    public Https https() {
        return Https.NONE;
    }

    @Override
    public double memoryShare() {
        return 0; // a test with a full heap is not turned away
    }
}
