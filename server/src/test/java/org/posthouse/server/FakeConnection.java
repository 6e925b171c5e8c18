package org.posthouse.server;

import org.posthouse.platform.Connection;
import org.posthouse.platform.Deadline;
import org.posthouse.platform.TlsFacts;
import org.posthouse.platform.TlsSettings;
import org.posthouse.sim.SimNetwork;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A connection whose packets are given; keeps each write as it was made. */
final class FakeConnection implements Connection {
    private final ArrayDeque<byte[]> packets = new ArrayDeque<>();
    final List<String> writes = new ArrayList<>();
    boolean closed;

    /** The rest of a packet has come, the next packet has not. */
    private boolean isWithinPacket;

    /** As if TLS were on from the start. */
    Optional<TlsFacts> facts = Optional.empty();

    FakeConnection(String... packets) {
        for (String packet : packets) {
            this.packets.add(packet.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    @Override
    public InetSocketAddress local() {
        return Stage.ADDRESS;
    }

    @Override
    public InetSocketAddress remote() {
        return SimNetwork.socket("192.0.2.1", 40_000);
    }

    @Override
    public int read(byte[] into, int offset, int length, Deadline deadline) {
        byte[] packet = packets.poll();
        if (packet == null) {
            return -1;
        }
        int count = Math.min(length, packet.length);
        isWithinPacket = false;
        System.arraycopy(packet, 0, into, offset, count);
        if (count < packet.length) {
            isWithinPacket = true;
            packets.addFirst(java.util.Arrays.copyOfRange(packet, count, packet.length));
        }
        return count;
    }

    @Override
    public boolean hasInput() {
        return isWithinPacket;
    }

    @Override
    public void write(byte[] octets, int offset, int length, Deadline deadline) {
        writes.add(new String(octets, offset, length, StandardCharsets.UTF_8));
    }

    @Override
    public Connection secure(TlsSettings settings, Deadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<TlsFacts> tls() {
        return facts;
    }

    @Override
    public void close() {
        closed = true;
    }
}
