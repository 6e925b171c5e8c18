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

/** A next hop that keeps nothing and takes everything, or nearly, all in one thread. */
final class LoadSink implements Arrivals, Runnable {
    private static final int READ_OCTETS = 256 * 1024;
    private static final int BACKLOG = 1024;
    private static final int LINE_MAX = 2048;
    private static final int RCPT_DIGITS = "RCPT TO:<user".length();
    private static final int NO_DIGITS = -1;
    private static final int ONE_OF = 20;
    private static final byte[] END = {'\r', '\n', '.', '\r', '\n'};

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listening = ServerSocketChannel.open();
    private final byte[] in = new byte[READ_OCTETS];
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_OCTETS);
    private final ByteBuffer out = ByteBuffer.allocateDirect(READ_OCTETS);
    private final byte[] hello;
    private final Certificate certificate;
    private final boolean refusals;
    private final Thread thread = new Thread(this, "sink");
    private long messages;
    private long refused;
    private long deferred;
    private long reports;
    private volatile boolean ends;

    /**
     * Listens on a free port.
     *
     * @param certificate with which it offers STARTTLS; null: it does not
     * @param refusals it refuses one recipient of twenty for good and one for now, by the number in
     *     their names
     * @param keywords that EHLO offers, such as {@code PIPELINING}
     */
    LoadSink(Certificate certificate, boolean refusals, String... keywords) throws IOException {
        this.certificate = certificate;
        this.refusals = refusals;
        var text = new StringBuilder("250-sink.example\r\n");
        if (certificate != null) {
            text.append("250-STARTTLS\r\n");
        }
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

    @Override
    public synchronized long messages() {
        return messages;
    }

    @Override
    public synchronized boolean await(long count, long millis) throws InterruptedException {
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

    private synchronized void report() {
        reports++;
    }

    private synchronized void count(int taken, int lost, int later) {
        messages += taken;
        refused += lost;
        deferred += later;
        notifyAll();
    }

    /** Recipients refused for good, and for now; and those without a number, who get reports. */
    synchronized long[] refusals() {
        return new long[] {refused, deferred, reports};
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
                ((Guest) key.attachment()).serve(key);
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
        private final Wire wire;
        private boolean isSecuring;
        private boolean hasRecipient;
        private final byte[] line = new byte[LINE_MAX];
        private int length;
        private boolean isContent;
        private int matched;
        private long chunk;
        private boolean isLastChunk;

        Guest(SocketChannel channel) {
            this.channel = channel;
            wire = new Wire(channel);
        }

        void serve(SelectionKey key) throws IOException {
            if (isSecuring) {
                isSecuring = !wire.handshake();
            }
            if (!isSecuring) {
                read();
            }
            if (channel.isOpen()) {
                boolean waitsToWrite = isSecuring && wire.hasToSend();
                key.interestOps(waitsToWrite ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
            }
        }

        private void read() throws IOException {
            int count = wire.read(buffer.clear());
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
                count(taken, 0, 0);
            }
            answer();
        }

        private void answer() throws IOException {
            out.flip();
            while (channel.isOpen() && !wire.write(out)) {
                Thread.onSpinWait();
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
                case 'D' -> data();
                case 'R' -> recipient();
                case 'S' -> {
                    say("220 go on\r\n");
                    answer();
                    out.clear();
                    wire.secure(certificate.server());
                    isSecuring = true;
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

        private void data() {
            if (refusals && !hasRecipient) {
                say("554 5.5.1 nobody to take it for\r\n");
                return;
            }
            say("354 go on\r\n");
            isContent = true;
            matched = 2;
            hasRecipient = false;
        }

        /** The digits behind {@code RCPT TO:<user}; or RSET. */
        private void recipient() {
            if (length < RCPT_DIGITS) {
                hasRecipient = false;
                say("250 2.0.0 fine\r\n");
                return;
            }
            int last = NO_DIGITS;
            for (int i = RCPT_DIGITS; refusals && i < length && Character.isDigit(line[i]); i++) {
                last = (line[i] - '0' + Math.max(last, 0) * 10) % ONE_OF;
            }
            if (refusals && last == NO_DIGITS) {
                report();
            }
            if (refusals && last == 0) {
                count(0, 1, 0);
                say("550 5.1.1 no such person\r\n");
            } else if (refusals && last == 1) {
                count(0, 0, 1);
                say("450 4.2.0 not now\r\n");
            } else {
                hasRecipient = true;
                say("250 2.0.0 fine\r\n");
            }
        }

        private void bdat() {
            String text = new String(line, 0, length, StandardCharsets.US_ASCII);
            String[] words = text.strip().toUpperCase(Locale.ROOT).split(" ");
            chunk = Long.parseLong(words[1]);
            isLastChunk = words.length > 2;
            if (chunk == 0 && endChunk() == 1) {
                count(1, 0, 0);
            }
        }

        private void say(String text) {
            out.put(text.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
