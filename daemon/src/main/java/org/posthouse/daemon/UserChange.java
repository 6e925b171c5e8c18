package org.posthouse.daemon;

import org.posthouse.daemon.config.Configuration;
import org.posthouse.daemon.config.UserLines;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** What the commands of {@code posthouse user} have in common. */
abstract class UserChange implements Callable<Integer> {
    private static final int SALT_OCTETS = 16;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The users' file of this configuration; by default of posthouse.toml, in this"
                            + " folder.")
    private Optional<Path> config = Optional.empty();

    @Option(names = "--file", paramLabel = "FILE", description = "The users' file itself.")
    private Optional<Path> file = Optional.empty();

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    UserChange() {}

    /** Does the work; the exit code. */
    abstract int change(UserLines users) throws IOException;

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    @Override
    public final Integer call() {
        if (file.isEmpty()) {
            config = config.or(FolderConfig::here);
        }
        if (config.isPresent() == file.isPresent()) {
            return fail(Exit.USAGE, "give --config or --file");
        }
        try {
            if (file.isPresent()) {
                return onFile(file.get());
            }
            Map<String, String> environment = System.getenv();
            return switch (Configuration.load(
                    config.get(), environment, MachineName.find(environment))) {
                case Configuration.Bad bad -> {
                    ReportPaint.print(bad.report(), spec.commandLine().getErr());
                    yield Exit.CONFIG;
                }
                case Configuration.Good good when good.users().isEmpty() ->
                        fail(Exit.CONFIG, config.get() + " names no file in [auth] users");
                case Configuration.Good good -> onFile(good.users().get());
            };
        } catch (IOException e) {
            return fail(Exit.INPUT_OUTPUT, String.valueOf(e.getMessage()));
        }
    }

    private int onFile(Path path) throws IOException {
        UserLines users = UserLines.read(path);
        String report = users.report();
        if (!report.isEmpty()) {
            ReportPaint.print(report, spec.commandLine().getErr());
            return Exit.CONFIG;
        }
        return change(users);
    }

    final int fail(int exit, String text) {
        spec.commandLine().getErr().println("posthouse: " + text);
        spec.commandLine().getErr().flush();
        return exit;
    }

    /** Writes what was changed, and says so. */
    final int done(UserLines users, String text) throws IOException {
        String report = users.report();
        if (!report.isEmpty()) {
            ReportPaint.print(report, spec.commandLine().getErr());
            return Exit.DATA;
        }
        users.write();
        out().println(text);
        out().flush();
        return Exit.OK;
    }

    /** The line's secret for a password that is asked for; empty when there was none. */
    final Optional<String> newSecret(String login) throws IOException {
        Optional<String> password = password(login);
        if (password.isEmpty() || password.get().isEmpty()) {
            return Optional.empty();
        }
        byte[] salt = new byte[SALT_OCTETS];
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()))) {
            platform.entropy().fill(salt);
        }
        return Optional.of(UserLines.scram(password.get(), salt));
    }

    /** Asked for twice without echo on a terminal; one line of standard input otherwise. */
    @SuppressWarnings(
            "SystemConsoleNull") // is null without a terminal in the versions with long support
    private static Optional<String> password(String login) throws IOException {
        Console console = System.console();
        if (console == null) {
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            return Optional.ofNullable(in.readLine());
        }
        char[] first = console.readPassword("Password of %s: ", login);
        char[] second = console.readPassword("Once more: ");
        boolean isSame = first != null && Arrays.equals(first, second);
        return isSame ? Optional.of(new String(first)) : Optional.empty();
    }

    /** {@code posthouse user add}. */
    @Command(
            name = "add",
            description = {
                "Add a login. The password is asked for, or is the line on standard input.",
                "It is kept as a SCRAM-SHA-256 secret, from which it can't be told."
            },
            mixinStandardHelpOptions = true)
    static final class Add extends UserChange {
        @Parameters(paramLabel = "LOGIN", description = "Such as ada@shop.example.")
        private String login;

        @Option(
                names = "--send-as",
                paramLabel = "PATTERN",
                split = ",",
                description =
                        "Addresses that are the login's own besides itself, for relay rules with"
                                + " send_as = \"own\": a@b.example, *@b.example.")
        private List<String> sendAs = List.of();

        @SuppressWarnings("NullAway.Init") // picocli sets the fields
        Add() {}

        @Override
        int change(UserLines users) throws IOException {
            String flaw = UserLines.flaw(login);
            if (!flaw.isEmpty()) {
                return fail(Exit.USAGE, flaw);
            }
            if (users.has(login)) {
                return fail(Exit.DATA, login + " is there already; see posthouse user passwd");
            }
            Optional<String> secret = newSecret(login);
            if (secret.isEmpty()) {
                return fail(Exit.DATA, "no password, or not the same twice: nothing is changed");
            }
            users.add(login, secret.get(), sendAs);
            return done(users, login + " may log in");
        }
    }

    /** {@code posthouse user list}. */
    @Command(
            name = "list",
            description = "List the logins, without their secrets.",
            mixinStandardHelpOptions = true)
    static final class ListAll extends UserChange {
        @Option(names = "--json", description = "One JSON object a line.")
        private boolean json;

        @SuppressWarnings("NullAway.Init") // picocli sets the fields
        ListAll() {}

        @Override
        int change(UserLines users) {
            int width = 0;
            for (UserLines.Shown user : users.logins()) {
                width = Math.max(width, user.login().length());
            }
            for (UserLines.Shown user : users.logins()) {
                out().println(json ? line(user) : text(user, width));
            }
            out().flush();
            return Exit.OK;
        }

        private static String text(UserLines.Shown user, int width) {
            String login = user.login() + " ".repeat(width - user.login().length());
            String sendAs =
                    user.sendAs().isEmpty() ? "" : "  sends as " + String.join(", ", user.sendAs());
            return login + "  " + user.scheme() + sendAs;
        }

        private static String line(UserLines.Shown user) {
            return JsonLine.of(
                    line ->
                            line.text("login", user.login())
                                    .text("scheme", user.scheme())
                                    .texts("send_as", user.sendAs()));
        }
    }

    /** {@code posthouse user passwd}. */
    @Command(
            name = "passwd",
            description = "Give a login another password, asked for as by add.",
            mixinStandardHelpOptions = true)
    static final class Passwd extends UserChange {
        @Parameters(paramLabel = "LOGIN")
        private String login;

        @SuppressWarnings("NullAway.Init") // picocli sets the field
        Passwd() {}

        @Override
        int change(UserLines users) throws IOException {
            if (!users.has(login)) {
                return fail(Exit.DATA, "there is no login " + login);
            }
            Optional<String> secret = newSecret(login);
            if (secret.isEmpty()) {
                return fail(Exit.DATA, "no password, or not the same twice: nothing is changed");
            }
            users.secret(login, secret.get());
            return done(users, login + " has another password");
        }
    }

    /** {@code posthouse user remove}. */
    @Command(name = "remove", description = "Remove a login.", mixinStandardHelpOptions = true)
    static final class Remove extends UserChange {
        @Parameters(paramLabel = "LOGIN")
        private String login;

        @SuppressWarnings("NullAway.Init") // picocli sets the field
        Remove() {}

        @Override
        int change(UserLines users) throws IOException {
            if (!users.has(login)) {
                return fail(Exit.DATA, "there is no login " + login);
            }
            users.remove(login);
            return done(users, login + " is gone");
        }
    }
}
