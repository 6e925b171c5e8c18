package org.posthouse.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A real Postfix with a configuration of its own that keeps mail for corp.example in Maildirs. */
final class PostfixPeer implements AutoCloseable {
    private static final String NOBODY = "65534";
    private final SubProcess process;
    private final Path mail;

    private PostfixPeer(SubProcess process, Path mail) {
        this.process = process;
        this.mail = mail;
    }

    /** The program; empty when it is not installed. */
    static String program() {
        return SubProcess.find("/usr/sbin/postfix");
    }

    static PostfixPeer start(Path folder, String address, int port) {
        return start(folder, address, port, "");
    }

    /** With further settings, which come after the usual ones. */
    static PostfixPeer start(Path folder, String address, int port, String more) {
        try {
            for (Path up = folder; up != null; up = up.getParent()) {
                if (Files.getOwner(up).getName().equals("root") && up.startsWith("/tmp/")) {
                    Files.setPosixFilePermissions(up, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
            for (String part : List.of("etc", "spool", "data", "mail")) {
                Files.createDirectory(folder.resolve(part));
            }
            own(folder.resolve("data"), "postfix");
            own(folder.resolve("mail"), "nobody");
            configure(folder, address, port, more);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SubProcess process =
                SubProcess.start(
                        folder,
                        List.of(program(), "-c", folder.resolve("etc").toString(), "start-fg"));
        Ports.awaitListening(address, port, process);
        return new PostfixPeer(process, folder.resolve("mail"));
    }

    private static void own(Path path, String user) throws IOException {
        Files.setOwner(
                path,
                path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
    }

    private static void configure(Path folder, String address, int port, String more)
            throws IOException {
        DaemonProcess.write(
                folder.resolve("etc/main.cf"),
                """
                compatibility_level = 3.6
                queue_directory = %1$s/spool
                data_directory = %1$s/data
                maillog_file = /dev/stdout
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                myhostname = mail.corp.example
                mydestination =
                local_header_rewrite_clients =
                mynetworks =
                local_recipient_maps =
                alias_maps =
                virtual_mailbox_domains = corp.example
                virtual_mailbox_base = %1$s/mail
                virtual_mailbox_maps = static:all/
                virtual_uid_maps = static:%2$s
                virtual_gid_maps = static:%2$s
                smtpd_peername_lookup = no
                smtpd_recipient_restrictions = reject_unauth_destination
                smtp_tls_security_level = none
                """
                                .formatted(folder, NOBODY)
                        + more);
        String master = Files.readString(Path.of("/usr/share/postfix/master.cf.dist"));
        DaemonProcess.write(
                folder.resolve("etc/master.cf"),
                master.replaceAll(
                                "(?m)^smtp +inet .*",
                                address + ":" + port + " inet n - n - - smtpd")
                        .replaceAll("(?m)^([a-z].* )y( .*)", "$1n$2"));
    }

    /** Everything that came for corp.example. */
    Maildir maildir() {
        return new Maildir(mail.resolve("all"));
    }

    String log() {
        return process.text();
    }

    @Override
    public void close() {
        process.close();
    }
}
