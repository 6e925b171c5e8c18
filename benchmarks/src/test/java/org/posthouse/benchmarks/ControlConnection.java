package org.posthouse.benchmarks;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A client of a daemon's control socket. */
final class ControlConnection implements AutoCloseable {
    private static final String LAST = "{\"v\":1,\"ok\":";

    private final SocketChannel channel;
    private final BufferedReader in;

    ControlConnection(Path socket) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        in =
                new BufferedReader(
                        new InputStreamReader(
                                Channels.newInputStream(channel), StandardCharsets.UTF_8));
    }

    /** All lines of the answer. */
    List<String> ask(String request) throws IOException {
        var octets = ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8));
        while (octets.hasRemaining()) {
            channel.write(octets);
        }
        List<String> lines = new ArrayList<>();
        do {
            String line = in.readLine();
            if (line == null) {
                throw new EOFException("the daemon has gone");
            }
            lines.add(line);
        } while (!lines.getLast().startsWith(LAST));
        return lines;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
