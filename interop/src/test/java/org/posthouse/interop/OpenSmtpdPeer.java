package org.posthouse.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A real OpenSMTPD with a configuration of its own that passes on mail for corp.example and for
 * shop.example to a port each of this machine, the second over TLS. Where its queue is, is compiled
 * in, so that there is but one.
 */
final class OpenSmtpdPeer implements AutoCloseable {
    private static final Path PROGRAM = Peers.UNPACKED.resolve("opensmtpd/usr/sbin/smtpd");
    private static final Path QUEUE = Path.of("/var/spool/smtpd");
    private static final Path SOCKET = Path.of("/var/run/smtpd.sock");

    private final SubProcess process;
    private final int port;

    private OpenSmtpdPeer(SubProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Why it can't be run here; empty when it can. */
    static String missing() {
        if (!Files.isExecutable(PROGRAM)) {
            return "OpenSMTPD is not unpacked in " + Peers.UNPACKED;
        }
        if (Files.exists(Path.of("/usr/sbin/smtpd"))) {
            return "an OpenSMTPD is installed, whose queue is not ours to use";
        }
        boolean isReady =
                Peers.isRoot()
                        && Peers.hasUser("opensmtpd")
                        && Peers.hasUser("opensmtpq")
                        && Files.isDirectory(QUEUE)
                        && Files.isDirectory(Path.of("/var/lib/opensmtpd/empty"));
        return isReady ? "" : "OpenSMTPD needs root, its users and " + QUEUE;
    }

    /** Listens on one port, passes on to the others. */
    static OpenSmtpdPeer start(Path folder, int port, int corp, int shop) {
        try {
            Peers.open(folder);
            Peers.certificate(folder, "mail.corp.example");
            Files.deleteIfExists(SOCKET);
            Path file = folder.resolve("smtpd.conf");
            DaemonProcess.write(
                    file,
                    """
                    pki mail.corp.example cert "%1$s/peer.pem"
                    pki mail.corp.example key "%1$s/peer.key"
                    smtp max-message-size 50M
                    listen on 127.0.0.1 port %2$d hostname mail.corp.example tls pki mail.corp.example
                    action "corp" relay host smtp://127.0.0.1:%3$d
                    action "shop" relay host smtp+tls://127.0.0.1:%4$d tls no-verify
                    match from any for domain corp.example action "corp"
                    match from any for domain shop.example action "shop"
                    """
                            .formatted(folder, port, corp, shop));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SubProcess process =
                SubProcess.start(
                        folder,
                        List.of(
                                PROGRAM.toString(),
                                "-d",
                                "-f",
                                folder.resolve("smtpd.conf").toString()));
        Ports.awaitListening("127.0.0.1", port, process);
        return new OpenSmtpdPeer(process, port);
    }

    int port() {
        return port;
    }

    String log() {
        return process.text();
    }

    @Override
    public void close() {
        process.close();
    }
}
