package org.posthouse.interop;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A real name server with zones of our own. */
final class Nsd implements AutoCloseable {
    private final SubProcess process;
    private final int port;

    private Nsd(SubProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** The program; empty when it is not installed. */
    static String program() {
        return SubProcess.find("/usr/sbin/nsd");
    }

    /** Serves {@code example.net} and {@code corp.example}. */
    static Nsd start(Path folder, String exampleNet, String corpExample) {
        int port = Ports.free();
        zone(folder, "example.net", exampleNet);
        zone(folder, "corp.example", corpExample);
        DaemonProcess.write(
                folder.resolve("nsd.conf"),
                """
                server:
                    ip-address: 127.0.0.1@%1$d
                    username: ""
                    chroot: ""
                    zonesdir: "%2$s"
                    pidfile: ""
                    xfrdfile: "%2$s/xfrd.state"
                    zonelistfile: "%2$s/zone.list"
                    xfrdir: "%2$s"
                    database: ""
                    server-count: 1
                    rrl-ratelimit: 0
                remote-control:
                    control-enable: no
                zone:
                    name: example.net
                    zonefile: example.net.zone
                zone:
                    name: corp.example
                    zonefile: corp.example.zone
                """
                        .formatted(port, folder));
        SubProcess process =
                SubProcess.start(
                        folder,
                        List.of(program(), "-d", "-c", folder.resolve("nsd.conf").toString()));
        var nsd = new Nsd(process, port);
        Await.until("nsd answers", Await.LONG, nsd::answers, process::text);
        return nsd;
    }

    int port() {
        return port;
    }

    private static void zone(Path folder, String name, String records) {
        DaemonProcess.write(
                folder.resolve(name + ".zone"),
                "$ORIGIN "
                        + name
                        + ".\n$TTL 60\n@ IN SOA ns hostmaster 1 3600 600 86400 60\n"
                        + "@ IN NS ns\nns IN A 127.0.0.1\n"
                        + records);
    }

    private boolean answers() throws IOException {
        byte[] name = "\7example\3net\0".getBytes(StandardCharsets.ISO_8859_1);
        var query = new byte[12 + name.length + 4];
        query[5] = 1;
        System.arraycopy(name, 0, query, 12, name.length);
        query[12 + name.length + 1] = 6;
        query[12 + name.length + 3] = 1;
        try (var socket = new DatagramSocket()) {
            socket.setSoTimeout(200);
            InetAddress server = InetAddress.getByName("127.0.0.1");
            socket.send(new DatagramPacket(query, query.length, server, port));
            var answer = new DatagramPacket(new byte[512], 512);
            socket.receive(answer);
            return answer.getLength() > 12 && (answer.getData()[3] & 15) == 0;
        } catch (java.net.SocketTimeoutException | java.net.PortUnreachableException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
