package org.posthouse.daemon;

import org.jspecify.annotations.Nullable;
import org.posthouse.daemon.config.Quantity;
import org.posthouse.relay.Suspension.Scope;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Commands that suspend parts of the queue and resume them. */
final class SuspendCommands {
    private SuspendCommands() {}

    /** Which part; one of these. */
    static final class Part {
        @Option(
                names = "--site",
                paramLabel = "HOST",
                description =
                        "What goes to this host: a smarthost, an exchanger, or store; * stands for"
                                + " any characters.")
        private String site = "";

        @Option(names = "--route", paramLabel = "NAME", description = "What goes by this route.")
        private String route = "";

        @Option(names = "--domain", paramLabel = "DOMAIN", description = "For recipients there.")
        private String domain = "";

        @Option(
                names = "--from",
                paramLabel = "ADDRESS",
                description = "With this reverse-path; <> is the null one.")
        private String from = "";

        @Option(names = "--login", paramLabel = "NAME", description = "Of who has logged in so.")
        private String login = "";

        @SuppressWarnings("NullAway.Init") // picocli makes it
        Part() {}

        Scope scope() {
            if (!site.isEmpty()) {
                return Scope.SITE;
            }
            if (!route.isEmpty()) {
                return Scope.ROUTE;
            }
            if (!domain.isEmpty()) {
                return Scope.DOMAIN;
            }
            return from.isEmpty() ? Scope.LOGIN : Scope.FROM;
        }

        String pattern() {
            return site + route + domain + from + login;
        }
    }

    /** {@code posthouse queue pause}. */
    @Command(
            name = "pause",
            aliases = "suspend",
            description = {
                "Suspend a part of the queue: nothing of it is tried until it is resumed, what"
                        + " comes yet neither. Attempts that run go on to their end; delay reports"
                        + " and expiry come at their time. It lasts through restarts.",
                "Exit codes: 0 suspended, 64 this makes no sense, 69 no daemon answers, 75 it"
                        + " could not be stored."
            },
            mixinStandardHelpOptions = true)
    static final class Pause extends ControlCommand {
        @ArgGroup(multiplicity = "1")
        private Part part = new Part();

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for people.")
        private String reason = "";

        @Option(
                names = "--for",
                paramLabel = "TIME",
                description = "It ends by itself after 90s, 5m, 1h, 3d.")
        private String lasts = "";

        @Option(
                names = "--until",
                paramLabel = "INSTANT",
                description = "It ends by itself then: 2026-03-01T12:00:00Z.")
        private String until = "";

        @SuppressWarnings("NullAway.Init") // picocli sets the fields
        Pause() {}

        @Override
        int ask(ControlClient daemon) throws IOException {
            Optional<Duration> time = Quantity.duration(lasts);
            if (!lasts.isEmpty() && (time.isEmpty() || !until.isEmpty())) {
                return misuse("--for wants a time such as 90s, 5m, 1h or 3d, and no --until");
            }
            Map<String, Object> answer =
                    daemon.ask(
                            "suspend",
                            json -> {
                                json.text("scope", part.scope().word());
                                json.text("pattern", part.pattern()).text("reason", reason);
                                json.text("until", until);
                                time.ifPresent(it -> json.number("seconds", it.toSeconds()));
                            },
                            ANSWER_WITHIN,
                            line -> {});
            if (isJson()) {
                out().println(JsonLine.of(json -> json.members(answer)));
            } else if (isOk(answer)) {
                String ends = text(answer, "until");
                String how = ends.isEmpty() ? "until it is resumed" : "until " + ends;
                out().println("suspended: " + SuspensionText.what(answer) + ", " + how);
            }
            return isOk(answer) ? Exit.OK : exit(this, answer);
        }
    }

    private static int exit(ControlCommand command, Map<String, Object> answer) {
        String code = ControlCommand.text(answer, "code");
        boolean isMisuse = code.equals(ControlServer.BAD_REQUEST);
        int exit = isMisuse ? Exit.USAGE : Exit.TEMPORARY;
        boolean isNone = code.equals(SuspensionControl.NOT_SUSPENDED);
        return command.refused(answer, isNone ? Exit.NO_INPUT : exit);
    }

    /** {@code posthouse queue resume}. */
    @Command(
            name = "resume",
            description = {
                "End a suspension, named as it was made: what is due is tried at once, and its"
                        + " host, even if it could not be reached.",
                "Exit codes: 0 resumed, 64 this makes no sense, 66 nothing is suspended so, 69 no"
                        + " daemon answers, 75 it could not be stored."
            },
            mixinStandardHelpOptions = true)
    static final class Resume extends ControlCommand {
        @ArgGroup(multiplicity = "0..1")
        private @Nullable Part part;

        @Option(names = "--all", description = "All suspensions.")
        private boolean all;

        private record Named(String scope, String pattern) {}

        @SuppressWarnings("NullAway.Init") // picocli sets the fields
        Resume() {}

        @Override
        int ask(ControlClient daemon) throws IOException {
            Part one = part;
            if ((one != null) == all) {
                return misuse(
                        "say which: one of --site, --route, --domain, --from, --login, or --all");
            }
            List<Named> which = new ArrayList<>();
            if (one != null) {
                which.add(new Named(one.scope().word(), one.pattern()));
            } else {
                daemon.ask(
                        "suspensions",
                        json -> {},
                        ANSWER_WITHIN,
                        line -> which.add(new Named(text(line, "scope"), text(line, "pattern"))));
            }
            for (Named each : which) {
                Map<String, Object> answer =
                        daemon.ask(
                                "resume",
                                json ->
                                        json.text("scope", each.scope())
                                                .text("pattern", each.pattern()),
                                ANSWER_WITHIN,
                                line -> {});
                if (isJson()) {
                    out().println(JsonLine.of(json -> json.members(answer)));
                }
                if (!isOk(answer)) {
                    return exit(this, answer);
                }
                if (!isJson()) {
                    out().println("resumed: " + each.scope() + " " + each.pattern());
                }
            }
            return Exit.OK;
        }
    }

    /** {@code posthouse queue suspensions}. */
    @Command(
            name = "suspensions",
            description = {
                "List what is suspended, the oldest first.",
                "Exit codes: 0 listed, 69 no daemon answers."
            },
            mixinStandardHelpOptions = true)
    static final class Listed extends ControlCommand {
        @SuppressWarnings("NullAway.Init") // picocli makes it
        Listed() {}

        @Override
        int ask(ControlClient daemon) throws IOException {
            List<Map<String, Object>> lines = new ArrayList<>();
            Map<String, Object> last =
                    daemon.ask("suspensions", json -> {}, ANSWER_WITHIN, lines::add);
            if (!isOk(last)) {
                return refused(last, Exit.UNAVAILABLE);
            }
            for (Map<String, Object> each : lines) {
                out().println(
                                isJson()
                                        ? JsonLine.of(json -> json.members(each))
                                        : SuspensionText.line(
                                                each, DeliveryLines.instant(last, "now")));
            }
            err().println(Figures.count(lines.size(), "suspension", "suspensions"));
            return Exit.OK;
        }
    }
}
