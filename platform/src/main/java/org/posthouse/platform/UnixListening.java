package org.posthouse.platform;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** A bound Unix-domain socket, whose file goes with it. */
final class UnixListening implements Network.Listening {
    /** What clients without an address count as. */
    static final InetSocketAddress HERE =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final JdkNetwork network;
    private final ServerSocketChannel channel;
    private final Path file;
    private final Object fileKey;

    private UnixListening(
            JdkNetwork network, ServerSocketChannel channel, Path file, Object fileKey) {
        this.network = network;
        this.channel = channel;
        this.file = file;
        this.fileKey = fileKey;
    }

    /** Binds; a file that a process left behind when it was killed is replaced. */
    static UnixListening bind(JdkNetwork network, UnixSocket socket, int backlog)
            throws IOException {
        Path file = socket.path();
        var address = UnixDomainSocketAddress.of(file);
        removeStale(file, address);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        boolean done = false;
        try {
            channel.bind(address, backlog);
            Files.setPosixFilePermissions(file, socket.mode());
            var listening = new UnixListening(network, channel, file, keyOf(file));
            done = true;
            return listening;
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    private static void removeStale(Path file, UnixDomainSocketAddress address) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        var attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isOther()) {
            throw new BindException("there is a file that is no socket");
        }
        if (isAnswered(address)) {
            throw new BindException("Address already in use");
        }
        Files.deleteIfExists(file);
    }

    private static boolean isAnswered(UnixDomainSocketAddress address) {
        try (SocketChannel tried = SocketChannel.open(address)) {
            return tried.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static Object keyOf(Path file) throws IOException {
        Object key =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .fileKey();
        return key == null ? file : key;
    }

    @Override
    public InetSocketAddress address() {
        return HERE;
    }

    @Override
    public Connection accept() throws IOException {
        return network.adopt(channel.accept());
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public void close() {
        network.forget(this);
        try {
            channel.close();
            if (Files.exists(file) && keyOf(file).equals(fileKey)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // closed all the same
        }
    }
}
