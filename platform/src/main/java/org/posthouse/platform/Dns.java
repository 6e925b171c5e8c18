package org.posthouse.platform;

import java.net.InetAddress;

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
}
