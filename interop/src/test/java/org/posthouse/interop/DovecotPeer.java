package org.posthouse.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A real Dovecot with a configuration of its own, whose LMTP keeps mail for ada, bob, eve and full
 * (who has hardly any room) of shop.example in Maildirs.
 */
final class DovecotPeer implements AutoCloseable {
    private final SubProcess process;
    private final Path folder;
    private final int port;

    private DovecotPeer(SubProcess process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /** The program; empty when it or its LMTP is not installed. */
    static String program() {
        return SubProcess.find("/usr/lib/dovecot/lmtp").isEmpty()
                ? ""
                : SubProcess.find("/usr/sbin/dovecot");
    }

    static DovecotPeer start(Path folder) {
        int port = Ports.free();
        try {
            Peers.open(folder);
            for (String part : List.of("run", "state", "mail")) {
                Files.createDirectory(folder.resolve(part));
            }
            if (Peers.isRoot()) {
                Peers.own(folder.resolve("mail"), "nobody");
            }
            configure(folder, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SubProcess process =
                SubProcess.start(
                        folder,
                        List.of(program(), "-F", "-c", folder.resolve("dovecot.conf").toString()));
        Ports.awaitListening("127.0.0.1", port, process);
        return new DovecotPeer(process, folder, port);
    }

    private static void configure(Path folder, int port) throws IOException {
        String self = System.getProperty("user.name", "root");
        String owner = Peers.isRoot() ? "nobody" : self;
        DaemonProcess.write(
                folder.resolve("users"),
                """
                ada@shop.example::::::
                bob@shop.example::::::
                eve@shop.example::::::
                full@shop.example:::::::userdb_quota_rule=*:storage=1k
                """);
        DaemonProcess.write(
                folder.resolve("dovecot.conf"),
                """
                base_dir = %1$s/run
                state_dir = %1$s/state
                log_path = /dev/stderr
                protocols = lmtp
                listen = 127.0.0.1
                ssl = no
                default_internal_user = %2$s
                default_internal_group = %5$s
                default_login_user = %3$s
                mail_location = maildir:%1$s/mail/%%d/%%n
                first_valid_uid = 1
                first_valid_gid = 1
                mail_plugins = quota
                userdb {
                  driver = passwd-file
                  args = username_format=%%u %1$s/users
                  default_fields = uid=%3$s gid=%6$s home=%1$s/mail/%%d/%%n
                }
                passdb {
                  driver = passwd-file
                  args = username_format=%%u %1$s/users
                }
                plugin {
                  quota = maildir:User quota
                }
                service anvil {
                  chroot =
                }
                service lmtp {
                  inet_listener lmtp {
                    address = 127.0.0.1
                    port = %4$d
                  }
                  unix_listener lmtp {
                    mode = 0666
                  }
                }
                protocol lmtp {
                  postmaster_address = postmaster@shop.example
                }
                """
                        .formatted(
                                folder,
                                self,
                                owner,
                                port,
                                group(folder),
                                Peers.isRoot() ? "nogroup" : group(folder)));
    }

    /** The name of the group that a file is of. */
    private static String group(Path file) throws IOException {
        return Files.readAttributes(file, java.nio.file.attribute.PosixFileAttributes.class)
                .group()
                .getName();
    }

    /** Where it listens. */
    String address() {
        return "127.0.0.1:" + port;
    }

    /** The same on a Unix-domain socket. */
    String socket() {
        return "unix:" + folder.resolve("run/lmtp");
    }

    /** What came for one of them. */
    Maildir maildir(String localPart) {
        return new Maildir(folder.resolve("mail/shop.example").resolve(localPart));
    }

    String log() {
        return process.text();
    }

    @Override
    public void close() {
        process.close();
    }
}
