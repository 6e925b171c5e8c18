package org.posthouse;

import org.posthouse.platform.ForwardingPlatform;
import org.posthouse.platform.Platform;

/** A platform whose look-ups are counted. */
final class CountedPlatform extends ForwardingPlatform {
    private final CountedDns dns;

    CountedPlatform(Platform platform) {
        super(platform);
        dns = new CountedDns(platform.dns(), platform.time());
    }

    @Override
    public CountedDns dns() {
        return dns;
    }
}
