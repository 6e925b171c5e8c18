package org.posthouse.interop;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Other people's clients, run to their end; a test is skipped where one is not installed. */
final class Programs {
    private Programs() {}

    static SubProcess swaks(Path folder, int port, String... options) {
        return swaksTo(folder, List.of("--server", "127.0.0.1:" + port), options);
    }

    static SubProcess swaksTo(Path folder, List<String> place, String... options) {
        String swaks = SubProcess.find("/usr/bin/swaks");
        assumeFalse(swaks.isEmpty(), "swaks is not installed");
        var command = new ArrayList<>(List.of(swaks));
        command.addAll(place);
        command.addAll(List.of(options));
        return SubProcess.run(folder, command.toArray(String[]::new));
    }

    static SubProcess smtpSource(Path folder, int port, String... options) {
        return smtpSourceTo(folder, "127.0.0.1:" + port, options);
    }

    static SubProcess smtpSourceTo(Path folder, String place, String... options) {
        String source = SubProcess.find("/usr/sbin/smtp-source");
        assumeFalse(source.isEmpty(), "Postfix's smtp-source is not installed");
        var command = new ArrayList<>(List.of(source));
        command.addAll(List.of(options));
        command.add(place);
        return SubProcess.run(folder, command.toArray(String[]::new));
    }

    /** Sends a message from ada@shop.example to a mailbox there, logged in over STARTTLS. */
    static SubProcess msmtp(
            Path folder, int port, String mechanism, String login, String secret, String mailbox) {
        String msmtp = SubProcess.find("/usr/bin/msmtp");
        assumeFalse(msmtp.isEmpty(), "msmtp is not installed");
        DaemonProcess.write(folder.resolve("secret"), secret);
        String command =
                "printf 'Subject: hello\\r"
                    + "\\n"
                    + "\\r"
                    + "\\n"
                    + "hello\\r"
                    + "\\n"
                    + "' | msmtp --file=/dev/null --host=localhost --port=%d --auth=%s --user=%s"
                    + " --passwordeval='cat secret' --tls=on --tls-starttls=on"
                    + " --tls-trust-file=mail.pem --from=ada@shop.example %s@shop.example";
        return SubProcess.run(
                folder, "/bin/sh", "-c", command.formatted(port, mechanism, login, mailbox));
    }
}
