package org.posthouse.benchmarks;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Clients of a server, all in one thread: it costs the machine little, so that the server is what
 * is measured. Times run from the end of a message's content, or what is written with it, to the
 * reply.
 */
final class LoadSource implements AutoCloseable {
    private static final long SILENCE_MILLIS = 60_000;
    private static final int CODE_SEPARATOR = 3;
    private static final int DIGITS = 3;

    private final InetSocketAddress server;
    private final List<Load.Step> steps;
    private final Load load;
    private final Selector selector = Selector.open();
    private final ByteBuffer in = ByteBuffer.allocateDirect(Wire.READ_OCTETS);
    private final Histogram times = new Histogram(DIGITS);
    private final Certificate certificate;
    private int toBegin;
    private int toFinish;

    /**
     * @param certificate whose engines are used where the load is sent by TLS
     */
    LoadSource(InetSocketAddress server, Load load, Certificate certificate) throws IOException {
        this.server = server;
        this.load = load;
        this.certificate = certificate;
        steps = load.steps();
    }

    /** Sends so many messages and has a reply to each; what the times of these were. */
    Histogram send(int messages) throws IOException {
        toBegin = messages;
        toFinish = messages;
        for (int i = 0; i < Math.min(load.connections(), messages); i++) {
            connect();
        }
        while (toFinish > 0) {
            if (selector.select(this::serve, SILENCE_MILLIS) == 0) {
                throw new IOException(server + " is silent; " + toFinish + " messages are left");
            }
        }
        return times;
    }

    private void connect() throws IOException {
        SocketChannel channel = SocketChannel.open(server);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new Client(channel));
        toBegin--;
    }

    private void serve(SelectionKey key) {
        try {
            Client client = (Client) key.attachment();
            if (key.isWritable()) {
                client.write(key);
            }
            if (key.isReadable()) {
                client.read(key);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    /** One connection. */
    private final class Client {
        private final SocketChannel channel;
        private final Wire wire;
        private ByteBuffer out = ByteBuffer.allocate(0);
        private int place = -1;
        private boolean isSecuring;
        private int replies = 1;
        private int column;
        private boolean isLast = true;
        private long written;
        private final byte[] code = new byte[CODE_SEPARATOR];

        Client(SocketChannel channel) {
            this.channel = channel;
            wire = new Wire(channel);
        }

        void write(SelectionKey key) throws IOException {
            boolean isAll = wire.write(out);
            key.interestOps(
                    isAll ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            if (isAll) {
                written = System.nanoTime();
            }
        }

        void read(SelectionKey key) throws IOException {
            if (isSecuring && !shakenHands(key)) {
                return;
            }
            int count = wire.read(in.clear());
            if (count < 0) {
                throw new IOException(server + " closed a connection");
            }
            in.flip();
            while (in.hasRemaining() && channel.isOpen()) {
                octet(in.get(), key);
            }
        }

        private boolean shakenHands(SelectionKey key) throws IOException {
            isSecuring = !wire.handshake();
            if (!isSecuring) {
                begin(place + 1, key);
            }
            return !isSecuring;
        }

        private void octet(byte octet, SelectionKey key) throws IOException {
            if (column < CODE_SEPARATOR) {
                code[column] = octet;
            } else if (column == CODE_SEPARATOR) {
                isLast = octet != '-';
            }
            column++;
            if (octet == '\n') {
                column = 0;
                if (isLast) {
                    reply(key);
                }
            }
        }

        private void reply(SelectionKey key) throws IOException {
            if (code[0] != '2' && code[0] != '3') {
                throw new IOException(
                        server + " said " + new String(code, StandardCharsets.US_ASCII));
            }
            if (place >= 0 && steps.get(place).ends() && replies == steps.get(place).replies()) {
                times.recordValue(System.nanoTime() - written);
                toFinish--;
            }
            if (--replies == 0) {
                goOn(key);
            }
        }

        private void goOn(SelectionKey key) throws IOException {
            int next = place < 0 ? 0 : steps.get(place).next();
            if (place >= 0 && steps.get(place).another() != Load.NONE && toBegin > 0) {
                next = steps.get(place).another();
                toBegin--;
            }
            switch (next) {
                case Load.NONE -> end();
                case Load.SECURE -> {
                    wire.secure(certificate.client());
                    isSecuring = true;
                    shakenHands(key);
                }
                default -> begin(next, key);
            }
        }

        private void begin(int next, SelectionKey key) throws IOException {
            place = next;
            replies = steps.get(next).replies();
            out = steps.get(next).octets().duplicate();
            write(key);
        }

        private void end() throws IOException {
            channel.close();
            if (toBegin > 0) {
                connect();
            }
        }
    }
}
