package org.posthouse.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What a relay of our design could do if it had nothing to decide: a virtual thread a connection,
 * one log that is forced once for all who wait, connections to the next hop that are used again. It
 * parses no more than it must, trusts everybody, and forgets everything when it ends: not a server,
 * but a number to aim at. Arguments: port, folder, whether the log is kept ("keeps") or written
 * over ("forgets"), and to relay the sink's port and how many connections to it.
 */
public final class Ideal {
    private static final byte[] OK = line("250 ok");
    private static final byte[] ENVELOPE =
            line("MAIL FROM:<" + Load.SENDER + ">\r\nRCPT TO:<" + Load.RECIPIENT + ">\r\nDATA");
    private static final int BACKLOG = 1024;
    private static final int SETTLED_OCTETS = 32;

    private final Log log;
    private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
    private final boolean relays;

    private Ideal(Log log, boolean relays) {
        this.log = log;
        this.relays = relays;
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        var log = new Log(folder, arguments[2].equals("keeps"));
        Thread.ofPlatform().daemon().start(log);
        boolean relays = arguments.length > 3;
        var ideal = new Ideal(log, relays);
        if (relays) {
            int sink = Integer.parseInt(arguments[3]);
            for (int i = 0; i < Integer.parseInt(arguments[4]); i++) {
                Thread.startVirtualThread(() -> ideal.deliver(sink));
            }
        }
        int port = Integer.parseInt(arguments[0]);
        try (var server = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress())) {
            while (true) {
                Socket socket = server.accept();
                Thread.startVirtualThread(() -> ideal.serve(socket));
            }
        }
    }

    private static byte[] line(String text) {
        return (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new In(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            out.write(line("220 ideal ESMTP"));
            while (true) {
                switch (in.verb()) {
                    case In.END -> {
                        return;
                    }
                    case 'D' -> {
                        out.write(line("354 go on"));
                        byte[] content = in.content();
                        log.append(content).get();
                        if (relays) {
                            queue.put(content);
                        }
                        out.write(OK);
                    }
                    case 'Q' -> {
                        out.write(line("221 bye"));
                        return;
                    }
                    default -> out.write(OK);
                }
            }
        } catch (IOException e) {
            // the client has gone
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Two round trips a message. */
    private void deliver(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            var in = new In(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            in.reply();
            out.write(line("EHLO ideal"));
            in.reply();
            while (true) {
                byte[] content = queue.take();
                out.write(ENVELOPE);
                in.reply();
                in.reply();
                in.reply();
                out.write(content);
                in.reply();
                log.append(new byte[SETTLED_OCTETS]);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lines and contents from a buffer that grows. */
    private static final class In {
        static final int END = 0;
        private static final int USUAL = 16 * 1024;
        private static final int LARGE = 128 * 1024;
        private static final int UPPER = 0xdf;

        private final InputStream in;
        private byte[] octets = new byte[USUAL];
        private int start;
        private int end;

        In(InputStream in) {
            this.in = in;
        }

        private boolean fill() throws IOException {
            if (start > 0 && (start == end || end == octets.length)) {
                System.arraycopy(octets, start, octets, 0, end - start);
                end -= start;
                start = 0;
            }
            if (end == octets.length) {
                octets = Arrays.copyOf(octets, octets.length * 2);
            }
            int count = in.read(octets, end, octets.length - end);
            end += Math.max(count, 0);
            return count > 0;
        }

        /** Takes a line: its first letter, or {@link #END}. */
        int verb() throws IOException {
            int i = 0;
            while (true) {
                while (start + i >= end) {
                    if (!fill()) {
                        return END;
                    }
                }
                if (octets[start + i] == '\n') {
                    int first = octets[start] & UPPER;
                    start += i + 1;
                    return first;
                }
                i++;
            }
        }

        /** Takes a reply of one line or more. */
        void reply() throws IOException {
            boolean isLast = false;
            while (!isLast) {
                while (start + 4 > end) {
                    if (!fill()) {
                        throw new EOFException();
                    }
                }
                isLast = octets[start + 3] != '-';
                if (verb() == END) {
                    throw new EOFException();
                }
            }
        }

        /** Takes all until the line with one dot, with it. */
        byte[] content() throws IOException {
            int i = 4;
            while (true) {
                while (start + i >= end) {
                    if (!fill()) {
                        throw new EOFException();
                    }
                }
                int at = start + i;
                if (octets[at] == '\n' && octets[at - 2] == '.' && octets[at - 3] == '\n') {
                    byte[] content = Arrays.copyOfRange(octets, start, at + 1);
                    start = at + 1;
                    if (octets.length > LARGE && start == end) {
                        octets = new byte[USUAL];
                        start = 0;
                        end = 0;
                    }
                    return content;
                }
                i++;
            }
        }
    }

    /**
     * Who appends waits for the force; one thread writes all that wait, forces once, wakes them.
     */
    private static final class Log implements Runnable {
        private static final int SEGMENT = 256 << 20;
        private static final int ROOM = 64 << 20;
        private static final int ZEROS = 1 << 20;
        private static final int BUFFER = 4 << 20;
        private static final int BATCH_MAX = 1024;

        private final LinkedBlockingQueue<Item> pending = new LinkedBlockingQueue<>();
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        private final Path folder;
        private final boolean keeps;
        private CompletableFuture<FileChannel> next;
        private FileChannel file;
        private long position;
        private int segments;

        private record Item(byte[] octets, CompletableFuture<Void> done) {}

        Log(Path folder, boolean keeps) {
            this.folder = folder;
            this.keeps = keeps;
            next = prepare();
            file = next.join();
            next = prepare();
        }

        private void roll() throws IOException {
            file.close();
            file = next.join();
            next = prepare();
            position = 0;
        }

        /** The next file, made beside the work: one whose blocks were written before. */
        private CompletableFuture<FileChannel> prepare() {
            int number = keeps ? segments : segments % 2;
            segments++;
            return CompletableFuture.supplyAsync(() -> file(folder.resolve("log" + number)));
        }

        private static FileChannel file(Path path) {
            try {
                boolean isNew = !Files.exists(path);
                var file =
                        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                if (isNew) {
                    ByteBuffer zeros = ByteBuffer.allocateDirect(ZEROS);
                    for (long at = 0; at < SEGMENT; at += ZEROS) {
                        file.write(zeros.clear(), at);
                    }
                    file.force(true);
                }
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        CompletableFuture<Void> append(byte[] octets) {
            var done = new CompletableFuture<Void>();
            pending.add(new Item(octets, done));
            return done;
        }

        @Override
        public void run() {
            List<Item> batch = new ArrayList<>();
            try {
                while (true) {
                    batch.add(pending.take());
                    pending.drainTo(batch, BATCH_MAX - 1);
                    for (Item item : batch) {
                        put(item.octets);
                    }
                    flush();
                    file.force(false);
                    batch.forEach(item -> item.done.complete(null));
                    batch.clear();
                    if (position > SEGMENT - ROOM) {
                        roll();
                    }
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void put(byte[] octets) throws IOException {
            int from = 0;
            while (from < octets.length) {
                if (!buffer.hasRemaining()) {
                    flush();
                }
                int count = Math.min(buffer.remaining(), octets.length - from);
                buffer.put(octets, from, count);
                from += count;
            }
        }

        private void flush() throws IOException {
            buffer.flip();
            while (buffer.hasRemaining()) {
                position += file.write(buffer, position);
            }
            buffer.clear();
        }
    }
}
