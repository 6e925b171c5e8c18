package org.posthouse.daemon;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code posthouse queue}. */
@Command(
        name = "queue",
        description = "Look at the queue of a running daemon as a whole; suspend parts of it.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            QueueCommand.Summary.class,
            QueueCommand.Shape.class,
            SuspendCommands.Pause.class,
            SuspendCommands.Resume.class,
            SuspendCommands.Listed.class,
            ClearCommand.class,
            MsgCommand.Listed.class
        })
final class QueueCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    QueueCommand() {}

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return Exit.USAGE;
    }

    /** {@code posthouse mailq}. */
    @Command(
            name = "mailq",
            description = {
                "List what is in the queue, the oldest first, as msg list does.",
                "Exit codes: 0 listed, 64 the question makes no sense, 69 no daemon answers."
            },
            mixinStandardHelpOptions = true)
    static final class Mailq extends MsgCommand.Listed {
        @SuppressWarnings("NullAway.Init") // picocli makes it
        Mailq() {}
    }

    /** What both ask for. */
    abstract static class Whole extends ControlCommand {
        @Option(names = "--plain", description = "No colours.")
        private boolean plain;

        private long drawn;

        @SuppressWarnings("NullAway.Init") // picocli sets the fields
        Whole() {}

        /** As people read it. */
        abstract String text(
                QueueText text, Map<String, Object> whole, List<Map<String, Object>> domains);

        @Override
        final int ask(ControlClient daemon) throws IOException {
            List<Map<String, Object>> domains = new ArrayList<>();
            var terminal = Terminal.of(System.getenv(), plain);
            var text = new QueueText(terminal);
            Map<String, Object> whole =
                    daemon.ask(
                            "shape",
                            json -> json.text("by", by()).flag("refine", true),
                            ANSWER_WITHIN,
                            line -> take(line, domains, terminal, text));
            if (!isOk(whole)) {
                return refused(whole, Exit.USAGE);
            }
            if (isJson()) {
                domains.forEach(each -> out().println(JsonLine.of(to -> to.members(each))));
                out().println(JsonLine.of(to -> to.members(whole)));
            } else {
                out().print(undo() + text(text, whole, domains));
            }
            return Exit.OK;
        }

        /** What rows have in common. */
        String by() {
            return "domain";
        }

        /** On a terminal what is known so far is shown, and then replaced. */
        private void take(
                Map<String, Object> line,
                List<Map<String, Object>> domains,
                Terminal terminal,
                QueueText text) {
            if (!line.containsKey("partial")) {
                domains.add(line);
                return;
            }
            if (terminal.colours() && !isJson()) {
                String seen = Figures.count(number(line, "seen"));
                String of = Figures.count(number(line, "deliveries"));
                String said =
                        text(text, line, domains) + "... " + seen + " of " + of + " looked at\n";
                out().print(undo() + said);
                out().flush();
                drawn = said.lines().count();
            }
            domains.clear();
        }

        /** Takes away what was shown. */
        private String undo() {
            return drawn == 0 ? "" : "\033[" + drawn + "A\033[J";
        }
    }

    /** {@code posthouse queue summary}. */
    @Command(
            name = "summary",
            description = {
                "Say how much is in the queue, how old it is, and for whom.",
                "Exit codes: 0 said, 69 no daemon answers."
            },
            mixinStandardHelpOptions = true)
    static final class Summary extends Whole {
        @SuppressWarnings("NullAway.Init") // picocli makes it
        Summary() {}

        @Override
        String text(QueueText text, Map<String, Object> whole, List<Map<String, Object>> domains) {
            return text.summary(whole, domains);
        }
    }

    /** {@code posthouse queue shape}. */
    @Command(
            name = "shape",
            description = {
                "Show how old what waits is, by recipient domain or by something else; how many of"
                        + " the outcomes of the last hour were deliveries; and what was said last.",
                "Exit codes: 0 shown, 64 it makes no sense, 69 no daemon answers."
            },
            mixinStandardHelpOptions = true)
    static final class Shape extends Whole {
        @Option(
                names = "--by",
                paramLabel = "WHAT",
                description = "domain (so without it), sender, login, route, client or mx-host.")
        private String by = "domain";

        @Option(names = "-s", description = "The same as --by sender.")
        private boolean bySender;

        @Override
        String by() {
            return bySender ? "sender" : by.toLowerCase(Locale.ROOT);
        }

        @SuppressWarnings("NullAway.Init") // picocli makes it
        Shape() {}

        @Override
        String text(QueueText text, Map<String, Object> whole, List<Map<String, Object>> domains) {
            return text.shape(whole, domains);
        }
    }
}
