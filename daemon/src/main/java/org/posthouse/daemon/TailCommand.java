package org.posthouse.daemon;

import org.posthouse.Explanation.Mark;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin private MessageOptions messages = new MessageOptions();

    @Option(names = "--id", paramLabel = "ID", description = "Of this message.")
    private String id = "";

    @Option(
            names = "--event",
            paramLabel = "WORD",
            description = "Only received, delivered, deferred, failed, refused, or another word.")
    private String event = "";

    @Option(names = "--state", hidden = true)
    private String state = "";

    @Option(names = "--route", hidden = true)
    private String route = "";

    @Option(names = "--subject", hidden = true)
    private String subject = "";

    @Option(names = "--plain", description = "No colours.")
    private boolean plain;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    TailCommand() {}

    @Override
    int ask(ControlClient daemon) throws IOException {
        if (!misuse().isEmpty()) {
            return misuse(misuse());
        }
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
        messages.write(json);
        MessageOptions.member(json, "id", id);
        MessageOptions.member(json, "event", event);
        json.flag("text", !isJson());
    }

    /** What only a queue can be asked for. */
    private String misuse() {
        if (!state.isEmpty()) {
            return "--state is for what waits (msg list); here --event says what happened";
        }
        if (!route.isEmpty()) {
            return "events do not tell the route of each try; --domain narrows by recipient, and"
                    + " msg list --route shows what waits for a route";
        }
        return subject.isEmpty()
                ? messages.misuse()
                : "--subject is for what waits (msg list): mail that has left can't be read for it";
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
