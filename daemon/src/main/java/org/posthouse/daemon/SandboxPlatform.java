package org.posthouse.daemon;

import org.posthouse.platform.Dns;
import org.posthouse.platform.DnsAnswer;
import org.posthouse.platform.ForwardingPlatform;
import org.posthouse.platform.Https;
import org.posthouse.platform.Platform;

import java.net.InetAddress;

/**
 * A platform that nothing leaves the machine by: it listens, asks no name server, fetches nothing.
 * An engine on it can't relay, whatever its rules and its defects.
 */
final class SandboxPlatform extends ForwardingPlatform {
    private final SandboxNetwork network;

    SandboxPlatform(Platform platform) {
        super(platform);
        network = new SandboxNetwork(platform.network());
    }

    @Override
    public SandboxNetwork network() {
        return network;
    }

    @Override
    public Dns dns() {
        return NoDns.INSTANCE;
    }

    @Override
    public Https https() {
        return Https.NONE;
    }

    /** Knows nothing. */
    private enum NoDns implements Dns {
        INSTANCE;

        private static <T> DnsAnswer<T> nothing() {
            return new DnsAnswer.TemporaryFailure<>("a sandbox asks no name server");
        }

        @Override
        public DnsAnswer<Mx> mx(String domain) {
            return nothing();
        }

        @Override
        public DnsAnswer<InetAddress> a(String host) {
            return nothing();
        }

        @Override
        public DnsAnswer<InetAddress> aaaa(String host) {
            return nothing();
        }

        @Override
        public DnsAnswer<String> txt(String name) {
            return nothing();
        }

        @Override
        public DnsAnswer<Tlsa> tlsa(String name) {
            return nothing();
        }

        @Override
        public DnsAnswer<String> cname(String name) {
            return nothing();
        }

        @Override
        public DnsAnswer<String> ptr(InetAddress address) {
            return nothing();
        }

        @Override
        public DnsAnswer<InetAddress> system(String host) {
            return nothing();
        }
    }
}
