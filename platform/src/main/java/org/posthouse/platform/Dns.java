package org.posthouse.platform;

import java.net.InetAddress;
import java.util.Objects;

/**
 * Asks the domain name system. Names are ASCII (A-labels), without a trailing dot. Blocks for no
 * longer than the resolver's own time-out.
 *
 * @since 0.1
 */
public interface Dns {
    /** Mail exchangers, in the order of the answer (RFC 5321 section 5.1). */
    DnsAnswer<Mx> mx(String domain);

    /** IPv4 addresses. */
    DnsAnswer<InetAddress> a(String host);

    /** IPv6 addresses. */
    DnsAnswer<InetAddress> aaaa(String host);

    /** Text records, the strings of each joined. */
    DnsAnswer<String> txt(String name);

    /** Certificates that a service has (RFC 6698), of a name such as {@code _25._tcp.HOST}. */
    DnsAnswer<Tlsa> tlsa(String name);

    /** The alias that stands at a name itself; it is not followed. */
    DnsAnswer<String> cname(String name);

    /** Names of an address. */
    DnsAnswer<String> ptr(InetAddress address);

    /** Addresses of a name as the machine itself finds them (hosts file included). */
    DnsAnswer<InetAddress> system(String host);

    /**
     * A mail exchanger.
     *
     * @param preference lower is tried first
     * @param host its name in lower case; empty for the null MX (RFC 7505)
     */
    record Mx(int preference, String host) {}

    /**
     * A certificate association (RFC 6698 section 2.1). Numbers that nobody has defined are kept as
     * they are.
     *
     * @param usage 0 to 3, see {@link TlsaMatch}
     * @param selector 0: the certificate, 1: its public key
     * @param matching 0: the octets themselves, 1: their SHA-256, 2: their SHA-512
     * @param data in lower case hex
     */
    record Tlsa(int usage, int selector, int matching, String data) {
        /** Checks that nothing is missing. */
        public Tlsa {
            Objects.requireNonNull(data);
        }

        @Override
        public String toString() {
            return usage + " " + selector + " " + matching + " " + data;
        }
    }
}
