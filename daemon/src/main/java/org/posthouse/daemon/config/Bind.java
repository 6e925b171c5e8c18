package org.posthouse.daemon.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/** Where a listener listens. */
sealed interface Bind {
    /** Whether two listeners can't both have it. */
    boolean isExclusive();

    /** On a port; 0 takes a free one. */
    record Port(InetSocketAddress address) implements Bind {
        @Override
        public boolean isExclusive() {
            return address.getPort() != 0;
        }
    }

    /** On a Unix-domain socket. */
    record Socket(Path path) implements Bind {
        @Override
        public boolean isExclusive() {
            return true;
        }
    }
}
