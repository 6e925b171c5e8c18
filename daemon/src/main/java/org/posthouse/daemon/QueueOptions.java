package org.posthouse.daemon;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.Locale;

/** Which deliveries of the queue a command is about; in all commands the same words. */
final class QueueOptions {
    @Mixin private MessageOptions messages = new MessageOptions();

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

    @SuppressWarnings("NullAway.Init") // picocli makes it
    QueueOptions() {}

    /** Nothing is asked for: all of the queue is meant. */
    boolean isEmpty() {
        return messages.areEmpty() && (route + site + subject + state).isEmpty();
    }

    /** What is wrong with them; empty when nothing is. */
    String misuse() {
        return state.toLowerCase(Locale.ROOT).matches("|held|suspended|due|waiting")
                ? messages.misuse()
                : "there is no state '" + state + "'; there are held, suspended, due, waiting";
    }

    /** The recipients that are meant; empty for any. */
    String to() {
        return messages.to();
    }

    /** Adds them to a request. */
    void write(JsonLine json) {
        messages.write(json);
        MessageOptions.member(json, "route", route);
        MessageOptions.member(json, "site", site);
        MessageOptions.member(json, "subject", subject);
        MessageOptions.member(json, "state", state.toLowerCase(Locale.ROOT));
    }
}
