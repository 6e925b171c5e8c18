package org.posthouse.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Ports of loopback addresses. */
final class Ports {
    private Ports() {}

    /** One that was free a moment ago on all these addresses. */
    static int free(String... addresses) {
        for (int attempt = 0; attempt < 100; attempt++) {
            try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
                int port = socket.getLocalPort();
                if (port != 25 && isFree(port, addresses)) {
                    return port;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new AssertionError("no free port");
    }

    private static boolean isFree(int port, String... addresses) {
        for (String address : addresses) {
            if (address.equals("127.0.0.1")) {
                continue;
            }
            try (var socket = new ServerSocket(port, 1, InetAddress.getByName(address))) {
                socket.setReuseAddress(true);
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    /** Waits until somebody listens. */
    static void awaitListening(String address, int port, SubProcess process) {
        Await.until(
                address + ":" + port + " listens",
                Await.LONG,
                () -> {
                    if (!process.isAlive()) {
                        throw new AssertionError("it ended: " + process.text());
                    }
                    return accepts(address, port);
                },
                process::text);
    }

    static boolean accepts(String address, int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
