package org.posthouse.daemon;

import org.posthouse.Explanation.Mark;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** {@code posthouse tail}. */
@Command(
        name = "tail",
        description = {
            "Show what happens, one line each, until Ctrl-C or until the daemon stops. What the"
                    + " acceptance of a message says holds for what happens to it later: --from"
                    + " shows its deliveries, too.",
            "Exit codes: 0 the daemon has stopped, 69 no daemon answers (any more)."
        },
        mixinStandardHelpOptions = true)
final class TailCommand extends ControlCommand {
    private static final Duration ALIVE_WITHIN = Duration.ofMinutes(1);

    @Option(names = "--to", paramLabel = "ADDRESS", description = "For this recipient; with *.")
    private String to = "";

    @Option(names = "--from", paramLabel = "ADDRESS", description = "With this reverse-path.")
    private String from = "";

    @Option(names = "--domain", paramLabel = "DOMAIN", description = "For recipients there.")
    private String domain = "";

    @Option(names = "--login", paramLabel = "NAME", description = "Of who has logged in so.")
    private String login = "";

    @Option(names = "--client", paramLabel = "ADDRESS", description = "From this client.")
    private String client = "";

    @Option(names = "--id", paramLabel = "ID", description = "Of this message.")
    private String id = "";

    @Option(
            names = "--event",
            paramLabel = "WORD",
            description = "Only received, delivered, deferred, failed, refused, or another word.")
    private String event = "";

    @Option(names = "--plain", description = "No colours.")
    private boolean plain;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    TailCommand() {}

    @Override
    int ask(ControlClient daemon) throws IOException {
        var lines = new OutputLines(out());
        var terminal = Terminal.of(System.getenv(), plain);
        Map<String, Object> last;
        try {
            last =
                    daemon.ask(
                            "tail", this::write, ALIVE_WITHIN, line -> show(lines, terminal, line));
        } catch (OutputLines.Closed e) {
            return Exit.INPUT_OUTPUT;
        } catch (EOFException e) {
            err().println("posthouse: the daemon has ended this: it stops, or this was too slow");
            return Exit.OK;
        }
        if (!isOk(last)) {
            return refused(last, Exit.USAGE);
        }
        err().println("posthouse: " + text(last, "ended"));
        return Exit.OK;
    }

    private void write(JsonLine json) {
        ask(json, "to", to);
        ask(json, "from", from);
        ask(json, "domain", domain);
        ask(json, "login", login);
        ask(json, "client", client);
        ask(json, "id", id);
        ask(json, "event", event);
        json.flag("text", !isJson());
    }

    private static void ask(JsonLine json, String name, String value) {
        if (!value.isEmpty()) {
            json.text(name, value);
        }
    }

    private void show(OutputLines lines, Terminal terminal, Map<String, Object> line) {
        if (line.containsKey("idle")) {
            return;
        }
        if (isJson()) {
            lines.add(JsonLine.of(json -> json.members(line)));
        } else if (line.containsKey("lost")) {
            lines.add(lost(number(line, "lost")));
        } else {
            lines.add(painted(terminal, text(line, "line")));
        }
        lines.flush();
    }

    /** What is said of events that were lost. */
    static String lost(long count) {
        String what = Figures.count(count, "event was", "events were");
        return "... " + what + " lost: they came faster than they were read";
    }

    /** What happened is coloured. */
    static String painted(Terminal terminal, String line) {
        String word = TailControl.word(line);
        Mark mark =
                switch (word) {
                    case "delivered", "received" -> Mark.OK;
                    case "deferred", "attempt", "rate" -> Mark.NO;
                    case "failed", "refused", "trouble", "login-failed", "unproven" -> Mark.REFUSE;
                    default -> Mark.NONE;
                };
        int at = line.indexOf(' ') + 1;
        return line.substring(0, at)
                + terminal.paint().paint(mark, word)
                + line.substring(Math.min(line.length(), at + word.length()));
    }
}
