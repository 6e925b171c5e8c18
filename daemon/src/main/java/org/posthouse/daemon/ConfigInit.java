package org.posthouse.daemon;

import org.posthouse.daemon.config.Configuration;
import org.posthouse.daemon.config.FirstConfig;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Network;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** {@code posthouse config init}. */
@Command(
        name = "init",
        description = {
            "Write a first configuration, from four questions or from options: our name, our"
                    + " domains, who may send to the outside, and how it leaves. Then print the DNS"
                    + " records to publish.",
            "Nothing that is there is overwritten without --force. Away from a terminal nothing is"
                    + " asked: what is not given is as safe as can be, and nobody may relay.",
            "Exit codes: 0 written, 64 this makes no sense, 73 there is such a file already or it"
                    + " can't be written."
        },
        mixinStandardHelpOptions = true)
final class ConfigInit implements Callable<Integer> {
    private static final int SMTP_PORT = 25;
    private static final String ANYWHERE = "0.0.0.0:";
    private static final String UNPRIVILEGED = ANYWHERE + "2525";
    private static final String NOBODY = "nobody";
    private static final String LOGINS = "logins";
    private static final String DIRECT = "direct";
    private static final String SECRET = "rw-------";

    private static final Question NAME =
            new Question("--hostname", "Name of this host", "a host name", "");
    private static final Question DOMAINS =
            new Question("--local", "Domains whose mail is stored here", "a list of domains", "");
    private static final Question SENDERS =
            new Question(
                    "--relay",
                    "Who may send to the outside (nobody, networks, logins)",
                    "nobody, logins, or networks such as 10.20.0.0/16",
                    NOBODY);
    private static final Question WAY =
            new Question(
                    "--via",
                    "How it leaves (direct, or the host:port of a smarthost)",
                    "direct, or a host and perhaps a port",
                    DIRECT);
    private static final Question PLACE = new Question("--bind", "", "an address and a port", "");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The file to write; by default ${DEFAULT-VALUE}.",
            defaultValue = FolderConfig.NAME)
    private Path file;

    @Option(names = "--hostname", paramLabel = "NAME", description = "The name of this host.")
    private Optional<String> hostname = Optional.empty();

    @Option(
            names = "--local",
            paramLabel = "DOMAIN,…",
            description = "Domains whose mail is stored here.")
    private Optional<String> local = Optional.empty();

    @Option(
            names = "--relay",
            paramLabel = "WHO",
            description =
                    "Who may send to the outside: nobody, networks such as 10.20.0.0/16,127.0.0.1,"
                            + " `logins`, or both.")
    private Optional<String> who = Optional.empty();

    @Option(
            names = "--via",
            paramLabel = "HOW",
            description = "How mail leaves: direct, or the HOST[:PORT] of a smarthost.")
    private Optional<String> via = Optional.empty();

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS:PORT",
            description =
                    "Where mail comes in; by default port 25 of all addresses, or 2525 where 25"
                            + " can't be had.")
    private Optional<String> bind = Optional.empty();

    @Option(names = "--force", description = "Overwrite the file.")
    private boolean force;

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    ConfigInit() {}

    /** Who may send. */
    private record Who(List<String> clients, boolean logins) {
        static Optional<Who> parse(String text) {
            var networks = new ArrayList<String>();
            boolean logins = false;
            for (String word : text.split("[,\\s]+", -1)) {
                if (word.equals(LOGINS)) {
                    logins = true;
                } else if (!word.equals(NOBODY)) {
                    networks.add(word);
                }
            }
            boolean isLogins = logins;
            return FirstConfig.networks(String.join(",", networks))
                    .map(read -> new Who(read, isLogins));
        }
    }

    @Override
    public Integer call() {
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()))) {
            if (Files.exists(file) && !force) {
                throw new FileAlreadyExistsException(
                        file + " is there already; --force overwrites it");
            }
            FirstConfig answers = answers(platform);
            return write(answers, platform);
        } catch (IllegalArgumentException | Interview.NoAnswer e) {
            return fail(Exit.USAGE, e);
        } catch (IOException e) {
            return fail(Exit.CANT_CREATE, e);
        }
    }

    private int fail(int exit, Exception e) {
        err().println("posthouse: " + e.getMessage());
        err().flush();
        return exit;
    }

    private FirstConfig answers(JdkPlatform platform) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Optional<Interview> asked =
                Terminal.isAsking() ? Optional.of(new Interview(in, err())) : Optional.empty();
        return answers(asked, platform.network());
    }

    /**
     * What the options say, else a person.
     *
     * @param asked empty: nobody is there
     */
    private FirstConfig answers(Optional<Interview> asked, Network network) throws IOException {
        String machine = MachineName.find(System.getenv());
        String name = find(NAME.orElse(machine), hostname, asked, FirstConfig::hostName);
        List<String> domains =
                find(DOMAINS.orElse(parent(name)), local, asked, FirstConfig::domains);
        Who senders = find(SENDERS, who, asked, Who::parse);
        String smarthost =
                find(
                        WAY,
                        via,
                        asked,
                        text ->
                                text.equals(DIRECT)
                                        ? Optional.of("")
                                        : FirstConfig.smarthost(text));
        String at = find(PLACE.orElse(port(network)), bind, Optional.empty(), FirstConfig::bind);
        return new FirstConfig(name, domains, senders.clients(), senders.logins(), smarthost, at);
    }

    /** Something to know. */
    private record Question(String option, String text, String needs, String fallback) {
        Question orElse(String other) {
            return new Question(option, text, needs, other);
        }
    }

    private static <T> T find(
            Question question,
            Optional<String> given,
            Optional<Interview> asked,
            Function<String, Optional<T>> parser)
            throws IOException {
        if (given.isEmpty() && asked.isPresent()) {
            return asked.get().ask(question.text(), question.fallback(), question.needs(), parser);
        }
        String text = given.orElse(question.fallback());
        return parser.apply(text)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        question.option() + " needs " + question.needs()));
    }

    /** {@code shop.example} of {@code mail.shop.example}. */
    private static String parent(String name) {
        int dot = name.indexOf('.');
        return name.indexOf('.', dot + 1) > 0 ? name.substring(dot + 1) : name;
    }

    /** Where mail can come in: this user may not have port 25, or another program has it. */
    private String port(Network network) {
        if (bind.isPresent()) {
            return UNPRIVILEGED;
        }
        try (Network.Listening free = network.listen(new InetSocketAddress(SMTP_PORT), 1)) {
            return free.isClosed() ? UNPRIVILEGED : ANYWHERE + SMTP_PORT;
        } catch (IOException e) {
            err().println(
                            "port 25 can't be had here ("
                                    + e.getMessage()
                                    + "), the file says 2525: other servers only ask for 25");
            return UNPRIVILEGED;
        }
    }

    private int write(FirstConfig answers, JdkPlatform platform) throws IOException {
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        var written = new ArrayList<>(List.of(file.toString()));
        if (answers.logins()) {
            beside(folder, answers, platform, written);
        }
        Path half = folder.resolve(file.getFileName() + ".new");
        try {
            Files.writeString(half, answers.text());
            if (Configuration.load(half, System.getenv(), answers.hostname())
                    instanceof Configuration.Bad bad) {
                ReportPaint.print(bad.report(), err());
                return Exit.USAGE;
            }
            if (force) {
                Files.move(half, file, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.move(half, file);
            }
        } finally {
            boolean unused = Files.deleteIfExists(half);
        }
        tell(answers, written);
        return Exit.OK;
    }

    /** What logins need; never in place of what is there. */
    private static void beside(
            Path folder, FirstConfig answers, JdkPlatform platform, List<String> written)
            throws IOException {
        Path chain = folder.resolve(FirstConfig.CERTIFICATE);
        Path key = folder.resolve(FirstConfig.KEY);
        if (!Files.exists(chain) && !Files.exists(key)) {
            SelfSigned tls =
                    SelfSigned.make(answers.hostname(), platform.time().now(), platform.entropy());
            secret(key, tls.key());
            Files.writeString(chain, tls.chain(), StandardOpenOption.CREATE_NEW);
            written.addAll(List.of(FirstConfig.CERTIFICATE, FirstConfig.KEY));
        }
        Path users = folder.resolve(FirstConfig.USERS);
        if (!Files.exists(users)) {
            secret(users, "");
            written.add(FirstConfig.USERS);
        }
    }

    private static void secret(Path path, String text) throws IOException {
        Files.createFile(
                path,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(SECRET)));
        Files.writeString(path, text);
    }

    private void tell(FirstConfig answers, List<String> written) {
        err().println("wrote " + String.join(", ", written));
        String named = file.equals(Path.of(FolderConfig.NAME)) ? "" : " --config " + file;
        err().println("next: posthouse check" + named);
        err().println("      posthouse run" + named);
        err().println();
        err().println("records to publish, before mail comes from and goes to the world:");
        err().flush();
        boolean isSmart = !answers.smarthost().isEmpty();
        DnsRecords.of(new DnsRecords.Names(answers.hostname(), answers.local(), isSmart))
                .forEach(each -> spec.commandLine().getOut().println(each.zone()));
        spec.commandLine().getOut().flush();
        err().println(
                        "and the PTR record of your address, which who gives you the address sets: "
                                + answers.hostname());
        err().flush();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
