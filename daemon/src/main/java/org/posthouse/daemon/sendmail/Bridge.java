package org.posthouse.daemon.sendmail;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Carries octets between standard input and output and a listener. */
final class Bridge {
    private static final int CONNECT_MILLIS = 10_000;

    private Bridge() {}

    static void run(InetSocketAddress to, InputStream in, OutputStream out) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(to, CONNECT_MILLIS);
            OutputStream there = socket.getOutputStream();
            var forth =
                    new Thread("sendmail-bs") {
                        @Override
                        public void run() {
                            try {
                                copy(in, there);
                                socket.shutdownOutput();
                            } catch (IOException e) {
                                return; // the other way ends, too
                            }
                        }
                    };
            forth.setDaemon(true);
            forth.start();
            copy(socket.getInputStream(), out);
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        var octets = new byte[8192];
        for (int read = from.read(octets); read >= 0; read = from.read(octets)) {
            to.write(octets, 0, read);
            to.flush();
        }
    }
}
