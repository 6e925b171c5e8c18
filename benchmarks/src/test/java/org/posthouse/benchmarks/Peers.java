package org.posthouse.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Starts the servers that are measured beside each other, each with as little as it needs for the
 * job, and with its mail synced to disk before it is acknowledged.
 *
 * @param job what they do with what they accept
 * @param connections that each may have to its sink
 * @param certificate for TLS with clients and sinks; null: clear text
 */
record Peers(Job job, int connections, Certificate certificate) {
    private static final String HOST = "127.0.0.1";
    private static final int DISCARD_PORT = 9;

    /** What is measured. */
    enum Job {
        /** They keep it as it is. */
        ACCEPT,
        /** They pass it on. */
        RELAY,
        /** They put it into the recipient's Maildir. */
        STORE
    }

    /** Of a name: {@code posthouse}, {@code postfix}, {@code ideal}, or NAME@HOST:PORT/PID. */
    Peer start(String name) throws IOException, InterruptedException {
        return switch (name) {
            case "posthouse" -> posthouse();
            case "postfix" -> postfix();
            case "ideal" -> ideal("ideal", "forgets");
            case "keeping" -> ideal("keeping", "keeps");
            default -> given(name);
        };
    }

    private LoadSink sink() throws IOException {
        return job == Job.RELAY ? new LoadSink(certificate, false, "PIPELINING") : null;
    }

    private Arrivals arrivals(LoadSink sink, Path mail) {
        return job == Job.STORE ? new MailFolder(mail) : sink;
    }

    private static int port(LoadSink sink) throws IOException {
        return sink == null ? DISCARD_PORT : sink.port();
    }

    static Path folder(String name) throws IOException {
        Path folder = Folder.existing("peers").path().resolve(name);
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        return Files.createDirectories(folder);
    }

    /** By its launcher, with the defaults. */
    private Peer posthouse() throws IOException, InterruptedException {
        LoadSink sink = sink();
        int port = Peer.freePort();
        Path folder = folder("posthouse");
        String way =
                switch (job) {
                    case RELAY ->
                            "[[route]]\nvia = \"smarthost\"\nhost = \"%s:%d\"\nmax_connections = %d\ntls = \"%s\""
                                    .formatted(
                                            HOST,
                                            sink.port(),
                                            connections,
                                            certificate == null ? "off" : "require");
                    case ACCEPT ->
                            "[[route]]\nvia = \"smarthost\"\nhost = \"%s:9\"\n[retry]\nidle_wait = \"1d\""
                                    .formatted(HOST);
                    case STORE -> "";
                };
        String tls =
                certificate == null
                        ? ""
                        : "[tls]\ncertificate = \"file:%s\"\nkey = \"file:%s\""
                                .formatted(certificate.chain(), certificate.key());
        Path configuration = folder.resolve("posthouse.toml");
        Files.writeString(
                configuration,
                """
                hostname = "bench.example"
                data = "%s"
                [listener.here]
                bind = "%s:%d"
                [domains]
                local = ["%s"]
                [[relay]]
                name = "this-machine"
                clients = ["%s"]
                [limits]
                clients_exempt = ["%s"]
                %s
                %s
                """
                        .formatted(
                                folder.resolve("data"),
                                HOST,
                                port,
                                job == Job.STORE ? "dest.example" : "localhost",
                                HOST,
                                HOST,
                                tls,
                                way));
        String launcher = Folder.root().resolve("posthouse").toString();
        var program = new ProcessBuilder(launcher, "run", "--config", configuration.toString());
        Path mail = folder.resolve("data/mail/dest.example/to/new");
        return Peer.start("posthouse", port, program, folder.resolve("log"), arrivals(sink, mail));
    }

    /**
     * As its page on tuning says: more processes and connections, a cache of these, no look-ups.
     */
    private Peer postfix() throws IOException, InterruptedException {
        LoadSink sink = sink();
        int port = Peer.freePort();
        Path folder = folder("postfix");
        Path etc = Files.createDirectories(folder.resolve("etc"));
        Files.createDirectories(folder.resolve("spool"));
        Path data = Files.createDirectories(folder.resolve("data"));
        var owner = data.getFileSystem().getUserPrincipalLookupService();
        Files.setOwner(data, owner.lookupPrincipalByName("postfix"));
        String hop = HOST + "]:" + port(sink);
        Path mail = Files.createDirectories(folder.resolve("mail"));
        Files.setOwner(mail, owner.lookupPrincipalByName("nobody"));
        Object uid = Files.getAttribute(mail, "unix:uid");
        Files.writeString(
                etc.resolve("main.cf"),
                """
                compatibility_level = 3.6
                queue_directory = %1$s/spool
                data_directory = %1$s/data
                inet_interfaces = %2$s
                inet_protocols = ipv4
                myhostname = bench.example
                mydestination =
                mynetworks = 127.0.0.0/8
                local_recipient_maps =
                alias_maps =
                relayhost = [%3$s
                smtp_dns_support_level = disabled
                smtp_host_lookup = native
                smtpd_peername_lookup = no
                smtpd_recipient_restrictions = permit_mynetworks, reject
                smtpd_client_restrictions = %4$s
                receive_override_options = no_address_mappings, no_header_body_checks, no_unknown_recipient_checks
                message_size_limit = 52428800
                default_process_limit = 250
                in_flow_delay = 0
                qmgr_message_active_limit = 50000
                initial_destination_concurrency = %5$d
                default_destination_concurrency_limit = %5$d
                smtp_connection_cache_destinations = [%3$s
                smtp_connection_reuse_count_limit = 0
                smtp_connection_reuse_time_limit = 300s
                smtputf8_enable = no
                %6$s
                """
                        .formatted(
                                folder,
                                HOST,
                                hop,
                                job == Job.ACCEPT ? "static:hold" : "permit",
                                connections,
                                tls() + store(mail, uid)));
        List<String> services = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/usr/share/postfix/master.cf.dist"))) {
            services.add(
                    line.matches("smtp +inet .*")
                            ? HOST + ":" + port + " inet n - n - - smtpd"
                            : line.replaceFirst("^([a-z]\\S* +\\S+ +\\S+ +\\S+ +)y", "$1n"));
        }
        services.add("tlsproxy unix - - n - 0 tlsproxy");
        Files.write(etc.resolve("master.cf"), services);
        var program = new ProcessBuilder("postfix", "-c", etc.toString(), "start-fg");
        Path stored = mail.resolve("to/new");
        return Peer.start("postfix", port, program, folder.resolve("log"), arrivals(sink, stored));
    }

    private String tls() {
        return certificate == null
                ? "smtp_tls_security_level = none"
                : """
                smtp_tls_security_level = encrypt
                smtp_tls_connection_reuse = yes
                smtpd_tls_security_level = may
                smtpd_tls_cert_file = %s
                smtpd_tls_key_file = %s\
                """
                        .formatted(certificate.chain(), certificate.key());
    }

    private String store(Path mail, Object uid) {
        return job != Job.STORE
                ? ""
                : """

                virtual_mailbox_domains = dest.example
                virtual_mailbox_base = %1$s
                virtual_mailbox_maps = static:to/
                virtual_mailbox_limit = 0
                virtual_minimum_uid = 1
                virtual_uid_maps = static:%2$s
                virtual_gid_maps = static:%2$s
                virtual_destination_concurrency_limit = %3$d\
                """
                        .formatted(mail, uid, connections);
    }

    /** The log is written over, as by mail that leaves at once, or kept, as by mail that waits. */
    private Peer ideal(String name, String log) throws IOException, InterruptedException {
        LoadSink sink = sink();
        int port = Peer.freePort();
        Path folder = folder(name);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx1g",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Ideal.class.getName(),
                                Integer.toString(port),
                                folder.resolve("data").toString(),
                                log));
        if (job == Job.RELAY) {
            command.add(Integer.toString(sink.port()));
            command.add(Integer.toString(connections));
        }
        return Peer.start(name, port, new ProcessBuilder(command), folder.resolve("log"), sink);
    }

    private Peer given(String text) throws IOException {
        String[] parts = text.split("[@:/]");
        if (job == Job.RELAY || parts.length != 4) {
            throw new IllegalArgumentException(
                    text
                            + ": NAME@HOST:PORT/PID, and not to relay, or posthouse, postfix,"
                            + " ideal, keeping");
        }
        var address = new InetSocketAddress(parts[1], Integer.parseInt(parts[2]));
        return new Peer(parts[0], address, new ProcessTree(Long.parseLong(parts[3])), null, null);
    }
}
