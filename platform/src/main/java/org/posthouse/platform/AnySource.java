package org.posthouse.platform;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The wildcard source address. */
final class AnySource {
    static final InetAddress ADDRESS = wildcard();

    private AnySource() {}

    private static InetAddress wildcard() {
        try {
            return InetAddress.getByAddress(new byte[4]);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // four octets are always an address
        }
    }
}
