package org.posthouse.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A real Exim with a configuration of its own that keeps mail for corp.example in one Maildir and
 * passes on all other to a port of this machine. "unknown" is no mailbox; "later" is greylisted
 * until {@link #open}.
 */
final class EximPeer implements AutoCloseable {
    private final SubProcess process;
    private final Path folder;
    private final int port;

    private EximPeer(SubProcess process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /** The program; empty when it is not there. */
    static String program() {
        return SubProcess.find(
                Peers.UNPACKED.resolve("exim4-daemon-light/usr/sbin/exim4").toString(),
                "/usr/sbin/exim4");
    }

    /** Why it can't be run here; empty when it can. */
    static String missing() {
        if (program().isEmpty()) {
            return "Exim is neither unpacked nor installed";
        }
        return Peers.isRoot() && Peers.hasUser("Debian-exim")
                ? ""
                : "Exim needs root and the user Debian-exim";
    }

    /** Listens on one port, passes on to the other. */
    static EximPeer start(Path folder, int port, int onwards) {
        try {
            Peers.open(folder);
            for (String part : List.of("spool", "mail")) {
                Peers.own(Files.createDirectory(folder.resolve(part)), "Debian-exim");
            }
            Peers.certificate(folder, "mail.corp.example");
            Peers.own(folder.resolve("peer.key"), "Debian-exim");
            configure(folder, port, onwards);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SubProcess process =
                SubProcess.start(
                        folder,
                        List.of(
                                program(),
                                "-C",
                                folder.resolve("exim.conf").toString(),
                                "-bdf",
                                "-q1s"));
        Ports.awaitListening("127.0.0.1", port, process);
        return new EximPeer(process, folder, port);
    }

    private static void configure(Path folder, int port, int onwards) {
        DaemonProcess.write(
                folder.resolve("exim.conf"),
                """
                exim_path = %1$s
                exim_user = Debian-exim
                exim_group = Debian-exim
                never_users =
                keep_environment =
                deliver_drop_privilege = true
                primary_hostname = mail.corp.example
                spool_directory = %2$s/spool
                log_file_path = %2$s/spool/log-%%s
                log_selector = +received_recipients +tls_cipher +pipelining
                local_interfaces = 127.0.0.1
                daemon_smtp_ports = %3$d
                tls_advertise_hosts = *
                tls_certificate = %2$s/peer.pem
                tls_privatekey = %2$s/peer.key
                host_lookup =
                rfc1413_hosts =
                disable_ipv6 = true
                message_size_limit = 50M
                chunking_advertise_hosts = *
                pipelining_advertise_hosts = *
                dsn_advertise_hosts = *
                smtputf8_advertise_hosts = *
                prdr_enable = false
                acl_smtp_rcpt = check_rcpt
                begin acl
                check_rcpt:
                  deny local_parts = unknown
                       message = 5.1.1 no such mailbox
                  defer local_parts = later
                       condition = ${if exists{%2$s/spool/open}{no}{yes}}
                       message = 4.7.1 greylisted, come back later
                  accept
                begin routers
                here:
                  driver = accept
                  domains = corp.example
                  transport = maildir
                onwards:
                  driver = manualroute
                  transport = out
                  route_list = * 127.0.0.1 byname
                  self = send
                begin transports
                maildir:
                  driver = appendfile
                  directory = %2$s/mail
                  maildir_format
                  create_directory
                  envelope_to_add
                  return_path_add
                  user = Debian-exim
                out:
                  driver = smtp
                  port = %4$d
                  allow_localhost = true
                  hosts_try_fastopen =
                begin retry
                * * F,1h,1s
                """
                        .formatted(program(), folder, port, onwards));
    }

    /** Greylisting is over. */
    void open() {
        DaemonProcess.write(folder.resolve("spool/open"), "");
    }

    int port() {
        return port;
    }

    Maildir maildir() {
        return new Maildir(folder.resolve("mail"));
    }

    /** What it wrote down. */
    String log() {
        try {
            Path main = folder.resolve("spool/log-main");
            String text =
                    Files.exists(main) ? Files.readString(main, StandardCharsets.ISO_8859_1) : "";
            return process.text() + text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
