package org.posthouse.daemon;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code posthouse msg}. */
@Command(
        name = "msg",
        description = {
            "Look at the messages in the queue of a running daemon, and decide what becomes of"
                    + " them.",
            "A message is named by its ID, one of its deliveries (the recipients of one domain) by"
                    + " ID/NUMBER."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            MsgCommand.Listed.class,
            MsgCommand.Show.class,
            MsgCommand.Raw.class,
            TranscriptCommand.class,
            MsgChange.Retry.class,
            MsgChange.Hold.class,
            MsgChange.Release.class,
            RedirectCommand.class,
            MsgChange.Fail.class,
            MsgChange.Drop.class
        })
final class MsgCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field
    MsgCommand() {}

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return Exit.USAGE;
    }

    /** What the daemon has against it, with the exit code of that. */
    static int refused(ControlCommand command, Map<String, Object> answer) {
        boolean isGone = ControlCommand.text(answer, "code").equals(QueueControl.NOT_QUEUED);
        return command.refused(answer, isGone ? Exit.NO_INPUT : Exit.USAGE);
    }

    /** {@code posthouse msg list}. */
    @Command(
            name = "list",
            description = {
                "List what is in the queue, the oldest first.",
                "Exit codes: 0 listed, 64 the question makes no sense, 69 no daemon answers."
            },
            mixinStandardHelpOptions = true)
    static class Listed extends ControlCommand {
        private static final long LIMIT = 1000;

        @Mixin private QueueOptions which = new QueueOptions();

        @Option(
                names = "--limit",
                paramLabel = "N",
                description = "At most so many; by default ${DEFAULT-VALUE}.",
                defaultValue = "" + LIMIT)
        private long limit = LIMIT;

        @Option(names = "--plain", description = "No colours.")
        private boolean plain;

        @SuppressWarnings("NullAway.Init") // picocli sets the fields
        Listed() {}

        @Override
        final int ask(ControlClient daemon) throws IOException {
            String misuse = limit < 1 ? "--limit begins at 1" : which.misuse();
            if (!misuse.isEmpty()) {
                return misuse(misuse);
            }
            var lines = new OutputLines(out());
            var text = new DeliveryLines(Terminal.of(System.getenv(), plain));
            long[] count = new long[1];
            Map<String, Object> last;
            try {
                last =
                        QueueListing.read(
                                daemon,
                                which::write,
                                limit,
                                page -> {
                                    for (Map<String, Object> each : page) {
                                        add(lines, text, each, count[0]++ == 0);
                                    }
                                    lines.flush();
                                });
            } catch (OutputLines.Closed e) {
                return Exit.INPUT_OUTPUT;
            }
            if (!isOk(last)) {
                return refused(last, Exit.USAGE);
            }
            boolean isAll = text(last, "next").isEmpty();
            err().println(
                            Figures.count(count[0], "delivery", "deliveries")
                                    + (isAll ? "" : ", perhaps more: --limit"));
            return Exit.OK;
        }

        private void add(
                OutputLines lines, DeliveryLines text, Map<String, Object> each, boolean first) {
            if (isJson()) {
                lines.add(JsonLine.of(json -> json.members(each)));
                return;
            }
            if (first) {
                lines.add(text.head());
            }
            lines.add(text.row(each, DeliveryLines.instant(each, "seen_at")));
        }
    }

    /** {@code posthouse msg show}. */
    @Command(
            name = "show",
            description = {
                "Show a message: where it came from, every attempt with what was said and what it"
                        + " probably means, and how far each of its deliveries is; for some days"
                        + " after it has left the queue, too.",
                "Exit codes: 0 shown, 64 this is no ID, 66 nothing is known of it, 69 no daemon"
                        + " answers."
            },
            mixinStandardHelpOptions = true)
    static final class Show extends ControlCommand {
        @Parameters(paramLabel = "ID", description = "By the name that its client was told.")
        private String id;

        @Option(names = "--plain", description = "No colours.")
        private boolean plain;

        @SuppressWarnings("NullAway.Init") // picocli sets the fields
        Show() {}

        @Override
        int ask(ControlClient daemon) throws IOException {
            List<Map<String, Object>> lines = new ArrayList<>();
            Map<String, Object> message =
                    daemon.ask("timeline", to -> to.text("id", id), ANSWER_WITHIN, lines::add);
            if (!isOk(message)) {
                boolean isGone = text(message, "code").equals(Control.NO_MESSAGE);
                return refused(message, isGone ? Exit.NO_INPUT : Exit.USAGE);
            }
            if (isJson()) {
                lines.forEach(each -> out().println(JsonLine.of(to -> to.members(each))));
                out().println(JsonLine.of(to -> to.members(message)));
                return Exit.OK;
            }
            Terminal terminal = Terminal.of(System.getenv(), plain);
            out().print(new TimelineText(terminal, message, lines).write());
            return Exit.OK;
        }
    }

    /** {@code posthouse msg raw}. */
    @Command(
            name = "raw",
            description = {
                "Write the content of a message of the queue as it is, to standard output.",
                "Exit codes: 0 written, 64 this is no ID, 66 it is not in the queue, or left it"
                        + " meanwhile, 69 no daemon answers, 74 it could not be written."
            },
            mixinStandardHelpOptions = true)
    static final class Raw extends ControlCommand {
        @Parameters(paramLabel = "ID", description = "By the name that its client was told.")
        private String id;

        @SuppressWarnings("NullAway.Init") // picocli sets the fields
        Raw() {}

        @Override
        int ask(ControlClient daemon) throws IOException {
            try (OutputStream to = new FileOutputStream(FileDescriptor.out)) {
                return copy(daemon, to);
            }
        }

        /** Part by part; what has no place any more ends it. */
        private int copy(ControlClient daemon, OutputStream to) throws IOException {
            long position = 0;
            while (true) {
                long from = position;
                Map<String, Object> part =
                        daemon.ask(
                                "content",
                                json -> json.text("id", id).number("position", from),
                                ANSWER_WITHIN,
                                line -> {});
                if (!isOk(part)) {
                    return MsgCommand.refused(this, part);
                }
                byte[] octets = Base64.getDecoder().decode(text(part, "base64"));
                try {
                    to.write(octets);
                } catch (IOException e) {
                    err().println("posthouse: it could not be written: " + e.getMessage());
                    return Exit.INPUT_OUTPUT;
                }
                position += octets.length;
                if (octets.length == 0 || position >= number(part, "octets")) {
                    return Exit.OK;
                }
            }
        }
    }
}
