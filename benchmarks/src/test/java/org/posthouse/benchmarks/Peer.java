package org.posthouse.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server that is measured: it either keeps what it accepts, or passes it on to a sink of its own.
 *
 * @param process that it is, with those that it starts; null: somebody else started it
 * @param arrivals where its mail arrives; null: it only accepts
 */
record Peer(
        String name,
        InetSocketAddress address,
        ProcessTree tree,
        Process process,
        Arrivals arrivals)
        implements AutoCloseable {
    private static final int START_SECONDS = 30;
    private static final int STOP_SECONDS = 30;

    /** Starts a program and waits until it listens on a port of loopback. */
    static Peer start(String name, int port, ProcessBuilder program, Path log, Arrivals arrivals)
            throws IOException, InterruptedException {
        Process process = program.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        long begin = System.nanoTime();
        while (!listens(address)) {
            if (!process.isAlive() || System.nanoTime() - begin > START_SECONDS * 1_000_000_000L) {
                process.destroy();
                throw new IOException(name + " did not start; see " + log);
            }
            Thread.sleep(50);
        }
        return new Peer(name, address, new ProcessTree(process.pid()), process, arrivals);
    }

    /** A port that nobody listens on. */
    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean listens(InetSocketAddress address) {
        try (var socket = new Socket()) {
            socket.connect(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            List<ProcessHandle> all =
                    process.descendants().toList(); // Postfix' script leaves its master
            process.destroy();
            all.forEach(ProcessHandle::destroy);
            try {
                if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        if (arrivals != null) {
            arrivals.close();
        }
    }
}
