package org.posthouse.platform;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/** A bound port. */
final class JdkListening implements Network.Listening {
    private final JdkNetwork network;
    private final ServerSocket socket;
    private final InetSocketAddress address;

    JdkListening(JdkNetwork network, ServerSocket socket) {
        this.network = network;
        this.socket = socket;
        this.address = new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public Connection accept() throws IOException {
        while (true) {
            Socket accepted = socket.accept();
            try {
                return network.adopt(accepted);
            } catch (SocketException e) {
                accepted.close(); // it was reset before it could be set up: not the port's failure
                if (socket.isClosed()) {
                    throw e;
                }
            }
        }
    }

    @Override
    public boolean isClosed() {
        return socket.isClosed();
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
}
