package org.posthouse.platform;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;

/**
 * Connects to a Unix-domain socket. That waits as long as the listener's queue is full, and has no
 * time-out, so it leaves its deadline for the watch, which closes the channel of a late one.
 */
final class UnixDial implements Watched {
    private final SocketChannel channel;
    private final WaitMark watch = new WaitMark("no connection in time");

    UnixDial() throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    }

    /**
     * Connects; to be called while the network watches.
     *
     * @throws DeadlineExceeded when the deadline came first
     */
    SocketChannel connect(UnixSocket socket, Deadline deadline) throws IOException {
        boolean done = false;
        try {
            watch.begin(deadline);
            try {
                done = channel.connect(UnixDomainSocketAddress.of(socket.path()));
            } finally {
                watch.end();
            }
            return channel;
        } catch (DeadlineExceeded e) {
            done = false;
            throw new DeadlineExceeded("no connection to " + socket + " in time");
        } finally {
            if (!done) {
                close();
            }
        }
    }

    @Override
    public void endWhatIsLate(long now) {
        if (watch.isLate(now)) {
            close();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // closed all the same
        }
    }
}
