package org.posthouse.daemon;

import org.posthouse.client.ClientSettings.UseTls;
import org.posthouse.policy.Route.HostPort;

import picocli.CommandLine.Option;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where a test client sends to, and how. */
final class SendServerOptions {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final String HERE = "127.0.0.1";

    @Option(
            names = "--server",
            paramLabel = "HOST[:PORT]",
            description =
                    "By default the first listener of the running daemon, or 127.0.0.1 without"
                            + " one.")
    private String server = "";

    @Option(
            names = "--tls",
            paramLabel = "HOW",
            description =
                    "off, offer (where it is offered, with any certificate; the default), require"
                            + " (any), verify (only the host's own), implicit (port 465).")
    private String tls = "offer";

    @Option(names = "--auth", paramLabel = "USER", description = "Log in.")
    private String user = "";

    @Option(
            names = "--password",
            paramLabel = "SOURCE",
            description = "env:NAME or file:PATH; without it the password is asked for.")
    private String password = "";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The daemon with the data folder of this configuration.")
    private Optional<Path> config = Optional.empty();

    @Option(names = "--data", paramLabel = "DIR", description = "The daemon with this data folder.")
    private Optional<Path> data = Optional.empty();

    @SuppressWarnings("NullAway.Init") // picocli makes it
    SendServerOptions() {}

    UseTls tls() {
        return switch (tls.toLowerCase(Locale.ROOT)) {
            case "off" -> UseTls.OFF;
            case "offer" -> UseTls.WHERE_OFFERED;
            case "require", "verify" -> UseTls.REQUIRED;
            case "implicit" -> UseTls.IMPLICIT;
            default ->
                    throw new IllegalArgumentException(
                            "--tls is one of off, offer, require, verify, implicit, not " + tls);
        };
    }

    /** The certificate must be the host's. */
    boolean verifies() {
        return tls.equalsIgnoreCase("verify");
    }

    String user() {
        return user;
    }

    /** The server that was given, or that of the running daemon, or this machine. */
    HostPort host(int port) {
        return HostPort.parse(server.isEmpty() ? ofDaemon() : server, port);
    }

    private String ofDaemon() {
        try (ControlClient daemon = ControlClient.connect(ControlSocket.folder(config, data))) {
            Map<String, Object> status =
                    daemon.ask("status", json -> {}, ANSWER_WITHIN, line -> {});
            for (String each : ControlCommand.texts(status, "listeners")) {
                String place = each.substring(each.lastIndexOf(' ') + 1);
                if (!place.startsWith("unix:")) {
                    return place.replace("0.0.0.0:", HERE + ":").replace("[0:0:0:0:0:0:0:0]", HERE);
                }
            }
            return HERE;
        } catch (IOException e) {
            return HERE;
        }
    }

    /** The secret; empty when nobody logs in. */
    String password() throws IOException {
        if (user.isEmpty()) {
            return "";
        }
        if (password.startsWith("env:")) {
            String secret = System.getenv(password.substring("env:".length()));
            if (secret == null) {
                throw new IllegalArgumentException("there is no variable for " + password);
            }
            return secret;
        }
        if (password.startsWith("file:")) {
            return Files.readString(Path.of(password.substring("file:".length()))).stripTrailing();
        }
        if (!password.isEmpty()) {
            throw new IllegalArgumentException(
                    "--password is env:NAME or file:PATH: on the command line others could read"
                            + " it");
        }
        return asked();
    }

    @SuppressWarnings("SystemConsoleNull") // is null without a terminal in the versions before 22
    private String asked() throws IOException {
        Console console = System.console();
        if (console == null) {
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            String line = in.readLine();
            return line == null ? "" : line;
        }
        char[] typed = console.readPassword("Password of %s: ", user);
        return typed == null ? "" : new String(typed);
    }
}
