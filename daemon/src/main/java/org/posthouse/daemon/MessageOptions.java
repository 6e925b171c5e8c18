package org.posthouse.daemon;

import org.posthouse.daemon.config.Quantity;

import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.Optional;

/** Which messages are meant: all that is given has to hold. */
final class MessageOptions {
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

    @Option(
            names = "--age",
            paramLabel = "AGE",
            description = "Accepted at least so long ago: 90s, 5m, 1h, 3d; with a minus, at most.")
    private String age = "";

    @SuppressWarnings("NullAway.Init") // picocli makes it
    MessageOptions() {}

    boolean areEmpty() {
        return (to + from + domain + login + client + age).isEmpty();
    }

    /** What is wrong with them; empty when nothing is. */
    String misuse() {
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
        if (!age.isEmpty()) {
            String name = age.startsWith("-") ? "younger" : "older";
            json.number(name, duration().orElse(Duration.ZERO).toSeconds());
        }
    }

    /** A member, unless it is empty. */
    static void member(JsonLine json, String name, String value) {
        if (!value.isEmpty()) {
            json.text(name, value);
        }
    }
}
