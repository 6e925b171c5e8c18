package org.posthouse.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A next hop that takes everything and keeps nothing, all in one thread. */
final class LoadSink implements AutoCloseable, Runnable {
    private static final int READ_OCTETS = 256 * 1024;
    private static final int BACKLOG = 1024;
    private static final int LINE_MAX = 2048;
    private static final byte[] END = {'\r', '\n', '.', '\r', '\n'};

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listening = ServerSocketChannel.open();
    private final byte[] in = new byte[READ_OCTETS];
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_OCTETS);
    private final ByteBuffer out = ByteBuffer.allocateDirect(READ_OCTETS);
    private final byte[] hello;
    private final Thread thread = new Thread(this, "sink");
    private long messages;
    private volatile boolean ends;

    /**
     * Listens on a free port.
     *
     * @param keywords that EHLO offers, such as {@code PIPELINING}
     */
    LoadSink(String... keywords) throws IOException {
        var text = new StringBuilder("250-sink.example\r\n");
        for (String keyword : keywords) {
            text.append("250-").append(keyword).append("\r\n");
        }
        hello = text.append("250 8BITMIME\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        listening.configureBlocking(false);
        listening.register(selector, SelectionKey.OP_ACCEPT);
        thread.setDaemon(true);
        thread.start();
    }

    int port() throws IOException {
        return ((InetSocketAddress) listening.getLocalAddress()).getPort();
    }

    synchronized long messages() {
        return messages;
    }

    /** Waits until it has had so many messages in all; false when the time is over before. */
    synchronized boolean await(long count, long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        while (messages < count) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    private synchronized void took(int count) {
        messages += count;
        notifyAll();
    }

    @Override
    public void run() {
        try {
            while (!ends) {
                selector.select(this::serve);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else {
                ((Guest) key.attachment()).read();
            }
        } catch (IOException e) {
            key.cancel();
        }
    }

    private void accept() throws IOException {
        SocketChannel channel = listening.accept();
        if (channel == null) {
            return;
        }
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, new Guest(channel));
        channel.write(ByteBuffer.wrap("220 sink.example\r\n".getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public void close() throws IOException {
        ends = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    /** One connection. */
    private final class Guest {
        private final SocketChannel channel;
        private final byte[] line = new byte[LINE_MAX];
        private int length;
        private boolean isContent;
        private int matched;
        private long chunk;
        private boolean isLastChunk;

        Guest(SocketChannel channel) {
            this.channel = channel;
        }

        void read() throws IOException {
            int count = channel.read(buffer.clear());
            if (count < 0) {
                channel.close();
                return;
            }
            buffer.flip().get(in, 0, count);
            out.clear();
            int taken = 0;
            int position = 0;
            while (position < count) {
                if (chunk > 0) {
                    int skipped = (int) Math.min(chunk, count - position);
                    chunk -= skipped;
                    position += skipped;
                    taken += chunk == 0 ? endChunk() : 0;
                } else if (isContent) {
                    position = content(position, count);
                    taken += isContent ? 0 : 1;
                } else {
                    position = command(position, count);
                }
            }
            if (taken > 0) {
                took(taken);
            }
            answer();
        }

        private void answer() throws IOException {
            out.flip();
            while (out.hasRemaining() && channel.isOpen()) {
                channel.write(out);
            }
        }

        private int content(int from, int end) {
            for (int i = from; i < end; i++) {
                byte octet = in[i];
                if (octet == END[matched]) {
                    matched++;
                    if (matched == END.length) {
                        isContent = false;
                        say("250 2.0.0 taken\r\n");
                        return i + 1;
                    }
                } else {
                    matched = octet == '\r' ? 1 : 0;
                }
            }
            return end;
        }

        private int endChunk() {
            say("250 2.0.0 taken\r\n");
            return isLastChunk ? 1 : 0;
        }

        private int command(int from, int end) throws IOException {
            for (int i = from; i < end; i++) {
                if (in[i] == '\n') {
                    obey();
                    return i + 1;
                }
                if (length == LINE_MAX) {
                    throw new IOException("a command is too long");
                }
                line[length++] = in[i];
            }
            return end;
        }

        private void obey() throws IOException {
            char first = length == 0 ? ' ' : (char) line[0];
            switch (Character.toUpperCase(first)) {
                case 'E', 'H', 'L' -> out.put(hello);
                case 'D' -> {
                    say("354 go on\r\n");
                    isContent = true;
                    matched = 2;
                }
                case 'B' -> bdat();
                case 'Q' -> {
                    say("221 2.0.0 bye\r\n");
                    answer();
                    channel.close();
                }
                default -> say("250 2.0.0 fine\r\n");
            }
            length = 0;
        }

        private void bdat() {
            String text = new String(line, 0, length, StandardCharsets.US_ASCII);
            String[] words = text.strip().toUpperCase(Locale.ROOT).split(" ");
            chunk = Long.parseLong(words[1]);
            isLastChunk = words.length > 2;
            if (chunk == 0 && endChunk() == 1) {
                took(1);
            }
        }

        private void say(String text) {
            out.put(text.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
