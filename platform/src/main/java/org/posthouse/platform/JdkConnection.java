package org.posthouse.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Optional;

/** A connected socket. */
final class JdkConnection implements Watched, Connection {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final JdkNetwork network;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final WaitMark reading = new WaitMark("nothing was received in time");
    private final WaitMark writing = new WaitMark("the other end did not take the octets in time");
    private int timeout; // of the socket, in milliseconds; the reader's

    JdkConnection(JdkNetwork network, Socket socket) throws IOException {
        this.network = network;
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.local = new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
        this.remote = new InetSocketAddress(socket.getInetAddress(), socket.getPort());
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public InetSocketAddress remote() {
        return remote;
    }

    @Override
    public int read(byte[] into, int offset, int length, Deadline deadline) throws IOException {
        int millis = millisLeft(deadline, "nothing was received in time");
        boolean isWatched = millis > RESUMABLE_MAX.toMillis();
        if (!isWatched) {
            return read(into, offset, length, millis);
        }
        reading.begin(deadline);
        try {
            return read(into, offset, length, 0);
        } finally {
            reading.end();
        }
    }

    private int read(byte[] into, int offset, int length, int millis) throws IOException {
        try {
            if (millis != timeout) {
                socket.setSoTimeout(millis);
                timeout = millis;
            }
            return in.read(into, offset, length);
        } catch (SocketTimeoutException e) {
            throw new DeadlineExceeded("nothing was received in time");
        } catch (SocketException e) {
            throw describe(e);
        }
    }

    @Override
    public void hasten(Deadline deadline) {
        reading.hasten(deadline);
    }

    @Override
    public boolean hasInput() {
        try {
            return in.available() > 0;
        } catch (IOException e) {
            return false; // the next read tells
        }
    }

    @Override
    public void write(byte[] octets, int offset, int length, Deadline deadline) throws IOException {
        writing.begin(deadline);
        try {
            writeNow(octets, offset, length);
        } finally {
            writing.end();
        }
    }

    @Override
    public Optional<TlsFacts> tls() {
        return Optional.empty();
    }

    @Override
    public void linger(long octetsMax, Deadline deadline) {
        try {
            socket.shutdownOutput();
            Drain.run(this, octetsMax, deadline);
        } catch (IOException e) {
            // the other end is gone
        }
    }

    @Override
    public void close() {
        network.forget(this);
        try {
            socket.close();
        } catch (IOException e) {
            // closed all the same
        }
    }

    /**
     * A write that is cut short leaves the connection of no use; after a read, a reply can follow.
     */
    @Override
    public void endWhatIsLate(long now) {
        if (writing.isLate(now)) {
            close();
        }
        if (reading.isLate(now)) {
            try {
                socket.shutdownInput();
            } catch (IOException e) {
                close(); // it was closed or broken already
            }
        }
    }

    /** A time-out for a socket: at least 1, and 0 for none. */
    static int millisLeft(Deadline deadline, String what) throws DeadlineExceeded {
        if (deadline.isNever()) {
            return 0;
        }
        long left = deadline.nanos() - System.nanoTime();
        if (left <= 0) {
            throw new DeadlineExceeded(what);
        }
        return (int) Math.min(Integer.MAX_VALUE, (left + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
    }

    @Override
    public String toString() {
        return local + "-" + remote;
    }

    private void writeNow(byte[] octets, int offset, int length) throws IOException {
        try {
            out.write(octets, offset, length);
        } catch (SocketException e) {
            throw describe(e);
        }
    }

    /** The JDK closes the socket of a virtual thread that is interrupted while it waits. */
    private IOException describe(SocketException e) {
        if (Thread.currentThread().isInterrupted()) {
            close();
            IOException interrupted =
                    new InterruptedIOException("interrupted while waiting for the other end");
            interrupted.initCause(e);
            return interrupted;
        }
        return e;
    }
}
