package org.posthouse.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Zones with signatures, served by nsd, and an unbound that checks them by anchors of our own.
 * Nothing else is asked.
 */
final class SignedDns implements AutoCloseable {
    private static final String UNBOUND = "/usr/sbin/unbound";
    private static final String KEYGEN = "/usr/bin/ldns-keygen";
    private static final String SIGNZONE = "/usr/bin/ldns-signzone";

    private final Path folder;
    private final Map<String, String> anchors = new LinkedHashMap<>();
    private final List<String> zones = new ArrayList<>();
    private SubProcess nsd;
    private SubProcess unbound;
    private int port;

    SignedDns(Path folder) {
        this.folder = folder;
    }

    /** What is missing; empty when all is there. */
    static String missing() {
        for (String program : List.of(Nsd.program(), UNBOUND, KEYGEN, SIGNZONE)) {
            if (program.isEmpty() || !Files.isExecutable(Path.of(program))) {
                return program.isEmpty() ? "nsd" : program;
            }
        }
        return "";
    }

    /** A zone without signatures. */
    SignedDns plain(String name, String records) {
        DaemonProcess.write(folder.resolve(name + ".zone"), zone(name, records));
        zones.add(name);
        return this;
    }

    /** A zone with signatures that hold. */
    SignedDns signed(String name, String records) {
        return signed(name, records, List.of());
    }

    /** A zone with signatures that held once. */
    SignedDns expired(String name, String records) {
        return signed(name, records, List.of("-i", "20200101000000", "-e", "20200201000000"));
    }

    private SignedDns signed(String name, String records, List<String> options) {
        plain(name, records);
        SubProcess keygen =
                SubProcess.run(
                        folder, KEYGEN, "-a", "ECDSAP256SHA256", "-k", "-r", "/dev/urandom", name);
        String key = keygen.out().strip();
        var command = new ArrayList<>(List.of(SIGNZONE));
        command.addAll(options);
        command.addAll(List.of("-f", name + ".signed", name + ".zone", key));
        SubProcess signing = SubProcess.run(folder, command.toArray(String[]::new));
        if (signing.exitCode() != 0) {
            throw new AssertionError(signing.text());
        }
        anchors.put(name, key + ".key");
        return this;
    }

    /** Changes what is signed already, so that its signature is wrong. */
    SignedDns forged(String name, String what, String by) {
        Path file = folder.resolve(name + ".signed");
        try {
            String text = Files.readString(file);
            if (!text.contains(what)) {
                throw new AssertionError(what + " is not in " + text);
            }
            DaemonProcess.write(file, text.replace(what, by));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    SignedDns start() {
        int inner = Ports.free();
        port = Ports.free();
        nsd = serve(inner);
        unbound = check(inner);
        Ports.awaitListening("127.0.0.1", inner, nsd);
        Ports.awaitListening("127.0.0.1", port, unbound);
        return this;
    }

    private SubProcess serve(int inner) {
        var text =
                new StringBuilder(
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
                        """
                                .formatted(inner, folder));
        for (String zone : zones) {
            String file = zone + (anchors.containsKey(zone) ? ".signed" : ".zone");
            text.append("zone:\n    name: ").append(zone);
            text.append("\n    zonefile: ").append(file).append('\n');
        }
        DaemonProcess.write(folder.resolve("nsd.conf"), text.toString());
        return SubProcess.start(
                folder, List.of(Nsd.program(), "-d", "-c", folder.resolve("nsd.conf").toString()));
    }

    private SubProcess check(int inner) {
        var text =
                new StringBuilder(
                        """
                        server:
                            interface: 127.0.0.1@%1$d
                            port: %1$d
                            username: ""
                            chroot: ""
                            directory: "%2$s"
                            pidfile: ""
                            use-syslog: no
                            logfile: ""
                            do-daemonize: no
                            do-ip6: no
                            do-not-query-localhost: no
                            module-config: "validator iterator"
                            val-log-level: 2
                        """
                                .formatted(port, folder));
        for (String file : anchors.values()) {
            text.append("    trust-anchor-file: \"").append(folder.resolve(file)).append("\"\n");
        }
        text.append("remote-control:\n    control-enable: no\n");
        for (String zone : zones) {
            text.append("stub-zone:\n    name: \"").append(zone);
            text.append("\"\n    stub-addr: 127.0.0.1@").append(inner).append('\n');
        }
        DaemonProcess.write(folder.resolve("unbound.conf"), text.toString());
        return SubProcess.start(
                folder, List.of(UNBOUND, "-d", "-c", folder.resolve("unbound.conf").toString()));
    }

    private static String zone(String name, String records) {
        return "$ORIGIN "
                + name
                + ".\n$TTL 60\n@ IN SOA ns hostmaster 1 3600 600 86400 60\n"
                + "@ IN NS ns\nns IN A 127.0.0.1\n"
                + records;
    }

    int port() {
        return port;
    }

    String text() {
        return nsd.text() + unbound.text();
    }

    @Override
    public void close() {
        if (unbound != null) {
            unbound.close();
        }
        if (nsd != null) {
            nsd.close();
        }
    }
}
