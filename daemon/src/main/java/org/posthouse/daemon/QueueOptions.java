package org.posthouse.daemon;

import org.posthouse.daemon.config.Quantity;

import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Which deliveries of the queue a command is about; in all commands the same words. */
final class QueueOptions {
    @Option(
            names = "--to",
            paramLabel = "ADDRESS",
            description = "With this recipient; * stands for any characters.")
    private String to = "";

    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            description = "With this reverse-path; <> is the null one.")
    private String from = "";

    @Option(names = "--domain", paramLabel = "DOMAIN", description = "For recipients there.")
    private String domain = "";

    @Option(names = "--login", paramLabel = "NAME", description = "Of who has logged in so.")
    private String login = "";

    @Option(
            names = "--client",
            paramLabel = "ADDRESS",
            description = "From this client: 203.0.113.9, or 10.20.*.")
    private String client = "";

    @Option(names = "--route", paramLabel = "NAME", description = "Going by this route.")
    private String route = "";

    @Option(
            names = "--site",
            paramLabel = "HOST",
            description = "Going to this host: a smarthost, an exchanger, or store.")
    private String site = "";

    @Option(
            names = "--subject",
            paramLabel = "TEXT",
            description = "With this Subject; every message is read for it.")
    private String subject = "";

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "held, suspended, due or waiting.")
    private String state = "";

    @Option(
            names = "--age",
            paramLabel = "AGE",
            description = "Accepted at least so long ago: 90s, 5m, 1h, 3d; with a minus, at most.")
    private String age = "";

    @SuppressWarnings("NullAway.Init") // picocli makes it
    QueueOptions() {}

    /** Nothing is asked for: all of the queue is meant. */
    boolean isEmpty() {
        return (to + from + domain + login + client + route + site + subject + state + age)
                .isEmpty();
    }

    /** What is wrong with them; empty when nothing is. */
    String misuse() {
        if (!state.toLowerCase(Locale.ROOT).matches("|held|suspended|due|waiting")) {
            return "there is no state '" + state + "'; there are held, suspended, due, waiting";
        }
        return !age.isEmpty() && duration().isEmpty()
                ? "'" + age + "' is no age; one looks like 90s, 5m, 1h or 3d"
                : "";
    }

    private Optional<Duration> duration() {
        return Quantity.duration(age.startsWith("-") ? age.substring(1) : age);
    }

    /** The recipients that are meant; empty for any. */
    String to() {
        return to;
    }

    /** Adds them to a request. */
    void write(JsonLine json) {
        member(json, "to", to);
        member(json, "from", from);
        member(json, "domain", domain);
        member(json, "login", login);
        member(json, "client", client);
        member(json, "route", route);
        member(json, "site", site);
        member(json, "subject", subject);
        member(json, "state", state.toLowerCase(Locale.ROOT));
        if (!age.isEmpty()) {
            String name = age.startsWith("-") ? "younger" : "older";
            json.number(name, duration().orElse(Duration.ZERO).toSeconds());
        }
    }

    private static void member(JsonLine json, String name, String value) {
        if (!value.isEmpty()) {
            json.text(name, value);
        }
    }
}
