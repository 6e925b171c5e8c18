package org.posthouse.daemon.sendmail;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code sendmail}: takes a message on standard input and hands it to the running daemon. It ends
 * with 0 once the message is on the daemon's disk, and otherwise with a code of sysexits.
 */
public final class Sendmail {
    static final int OK = 0;
    static final int USAGE = 64;
    static final int DATA = 65;
    static final int INPUT_OUTPUT = 74;
    static final int TEMPORARY = 75;
    static final int REFUSED = 77;

    private static final Path SYSTEM_DATA = Path.of("/var/lib/posthouse");
    private static final Path HERE = Path.of("posthouse-data");

    private final Options options;
    private final Map<String, String> environment;
    private final Streams streams;

    /** Standard input, output and error. */
    record Streams(InputStream in, OutputStream out, PrintStream err) {}

    /** Does what cannot be done fast: the whole command line. */
    interface Commands {
        /** Runs one; its exit code. */
        int run(String... words);
    }

    private Sendmail(Options options, Map<String, String> environment, Streams streams) {
        this.options = options;
        this.environment = environment;
        this.streams = streams;
    }

    /** Runs and exits. */
    public static void main(String[] arguments) {
        var streams = new Streams(System.in, System.out, System.err);
        System.exit(run(arguments, System.getenv(), streams, Slow.COMMANDS));
    }

    static int run(
            String[] arguments,
            Map<String, String> environment,
            Streams streams,
            Commands commands) {
        Options options = Options.parse(arguments);
        if (!options.wrong().isEmpty()) {
            streams.err().println("sendmail: " + options.wrong());
            return USAGE;
        }
        var sendmail = new Sendmail(options, environment, streams);
        String data = sendmail.data().toString();
        return switch (options.mode()) {
            case SUBMIT -> sendmail.submit(Path.of(data));
            case SMTP -> sendmail.speak(Path.of(data));
            case LIST -> commands.run("mailq", "--data", data);
            case FLUSH -> commands.run("msg", "retry", "--all", "--data", data);
            case ALIASES -> OK; // the daemon reads them when they change
        };
    }

    /** The daemon's data folder: told, or the system's, or the one in this folder. */
    private Path data() {
        if (!options.data().isEmpty()) {
            return Path.of(options.data());
        }
        if (!options.config().isEmpty()) {
            return Slow.dataOf(Path.of(options.config()), environment);
        }
        String told = environment.getOrDefault("POSTHOUSE_DATA", "");
        if (!told.isEmpty()) {
            return Path.of(told);
        }
        return Files.isDirectory(SYSTEM_DATA) ? SYSTEM_DATA : HERE;
    }

    private int submit(Path data) {
        if (options.recipients().isEmpty() && !options.fromHeader()) {
            return fail(USAGE, "no recipients: give them as arguments, or -t");
        }
        try (Input input = Input.read(streams.in(), options.dotIsText())) {
            return submit(data, input);
        } catch (Input.TooBig e) {
            return fail(DATA, "the message has more than " + Input.OCTETS_MAX + " octets");
        } catch (IOException e) {
            return fail(INPUT_OUTPUT, "the message could not be read: " + e.getMessage());
        }
    }

    private int submit(Path data, Input input) {
        var letter = new Letter(input.head(), input.headOctets());
        List<String> to = new ArrayList<>();
        for (String each : options.recipients()) {
            to.addAll(Addresses.of(each));
        }
        if (options.fromHeader()) {
            to.addAll(letter.recipients());
            letter.removeBlindCopies();
        }
        if (to.isEmpty()) {
            return fail(DATA, "no recipients: there are none in To, Cc and Bcc");
        }
        try (Daemon daemon = Daemon.connect(data)) {
            String user = user();
            var envelope = new Daemon.Envelope(from(user), to, user, options.fullName());
            Daemon.Answer answer = daemon.submit(envelope, letter, input);
            return answer.ok() ? OK : fail(exit(answer.code()), answer.text());
        } catch (IOException e) {
            return fail(
                    TEMPORARY,
                    "no daemon takes it (" + data + "): " + e.getMessage() + "; try again later");
        }
    }

    private static int exit(String code) {
        boolean isPolicy = code.startsWith("PH-R");
        boolean isMisuse = code.equals("PH-S051") || code.equals("PH-S063");
        return isPolicy ? REFUSED : isMisuse ? DATA : TEMPORARY;
    }

    private String user() {
        String user = environment.getOrDefault("LOGNAME", environment.getOrDefault("USER", ""));
        return user.isEmpty() ? System.getProperty("user.name", "nobody") : user;
    }

    private String from(String user) {
        if (options.from().isEmpty()) {
            return user;
        }
        List<String> given = Addresses.of(options.from());
        return given.isEmpty() ? "<>" : given.get(0);
    }

    /** SMTP on standard input and output: to the daemon's first listener and back. */
    private int speak(Path data) {
        try (Daemon daemon = Daemon.connect(data)) {
            Bridge.run(daemon.listener(), streams.in(), streams.out());
            return OK;
        } catch (IOException e) {
            String text = "421 4.3.2 no daemon answers: " + e.getMessage() + "\r\n";
            try {
                streams.out().write(text.getBytes(StandardCharsets.UTF_8));
                streams.out().flush();
            } catch (IOException closed) {
                return INPUT_OUTPUT;
            }
            return TEMPORARY;
        }
    }

    private int fail(int exit, String text) {
        streams.err().println("sendmail: " + text);
        return exit;
    }
}
