package org.posthouse.daemon;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Commands that change deliveries of the queue: first they count and show some, then, if it can't
 * be undone, they ask, then they change page by page what was there when it was counted.
 */
abstract class MsgChange extends ControlCommand {
    private static final int SAMPLE = 5;

    @Parameters(
            arity = "0..*",
            paramLabel = "ID",
            description = "Messages, or deliveries as ID/NUMBER.")
    private List<String> ids = List.of();

    @Mixin private QueueOptions which = new QueueOptions();

    @Option(names = "--all", description = "The whole queue.")
    private boolean all;

    @Option(names = "--dry-run", description = "Only count and show what is meant.")
    private boolean isDry;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean isSure;

    private final List<Map<String, Object>> sample = new ArrayList<>();
    private long selected;
    private long changed;
    private String countedAt = "";

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    MsgChange() {}

    /** What it does, as the daemon and its user call it. */
    abstract Verb verb();

    /** Adds its own options to a request. */
    void write(JsonLine json) {}

    /** Which deliveries are meant. */
    final QueueOptions which() {
        return which;
    }

    /**
     * Something done to deliveries.
     *
     * @param request to the daemon
     * @param done what they are afterwards, such as {@code held}
     * @param isFinal it can't be undone
     */
    record Verb(String request, String done, boolean isFinal) {}

    @Override
    final int ask(ControlClient daemon) throws IOException {
        boolean asks = !ids.isEmpty() || !which.isEmpty() || all;
        boolean isTwice = !ids.isEmpty() && (!which.isEmpty() || all);
        if (!asks || isTwice || (all && !which.isEmpty())) {
            return misuse("say which: IDs, or filters such as --domain, or --all");
        }
        if (!which.misuse().isEmpty()) {
            return misuse(which.misuse());
        }
        int exit = count(daemon);
        if (exit != Exit.OK || selected == 0 || isDry) {
            return exit == Exit.OK ? tell() : exit;
        }
        if (verb().isFinal() && !isSure) {
            if (!Terminal.isAsking()) {
                show();
                return misuse("this can't be undone: say --yes, or look first with --dry-run");
            }
            if (!isConfirmed()) {
                err().println("nothing was changed");
                return Exit.OK;
            }
        }
        try (ControlClient fresh = again()) {
            exit = change(fresh);
        } catch (Refused e) {
            return MsgCommand.refused(this, e.answer);
        }
        return exit == Exit.OK ? tell() : exit;
    }

    private int count(ControlClient daemon) throws IOException {
        List<Consumer<JsonLine>> parts = parts();
        for (int i = 0; i < parts.size(); i++) {
            long before = selected;
            Map<String, Object> last =
                    QueueListing.read(daemon, parts.get(i), Long.MAX_VALUE, this::count);
            if (!isOk(last)) {
                return MsgCommand.refused(this, last);
            }
            countedAt = countedAt.isEmpty() ? text(last, "now") : countedAt;
            if (selected == before && !ids.isEmpty()) {
                err().println("posthouse: " + ids.get(i) + " is not in the queue (any more)");
                return Exit.NO_INPUT;
            }
        }
        return Exit.OK;
    }

    private void count(List<Map<String, Object>> page) {
        for (Map<String, Object> each : page) {
            selected++;
            if (isDry && isJson()) {
                out().println(JsonLine.of(json -> json.members(each)));
            } else if (sample.size() < SAMPLE) {
                sample.add(each);
            }
        }
    }

    private List<Consumer<JsonLine>> parts() {
        if (ids.isEmpty()) {
            return List.of(which::write);
        }
        return ids.stream().<Consumer<JsonLine>>map(id -> json -> json.text("id", id)).toList();
    }

    private int change(ControlClient daemon) throws IOException {
        for (Consumer<JsonLine> part : parts()) {
            Consumer<JsonLine> counted =
                    json -> {
                        part.accept(json);
                        json.text("accepted_before", countedAt);
                    };
            Map<String, Object> last =
                    QueueListing.read(
                            daemon, counted, Long.MAX_VALUE, page -> change(daemon, page));
            if (!isOk(last)) {
                return MsgCommand.refused(this, last);
            }
        }
        return Exit.OK;
    }

    private void change(ControlClient daemon, List<Map<String, Object>> page) throws IOException {
        List<String> names = page.stream().map(each -> text(each, "delivery")).toList();
        Map<String, Object> last =
                daemon.ask(
                        verb().request(),
                        json -> {
                            json.texts("deliveries", names);
                            write(json);
                        },
                        ANSWER_WITHIN,
                        this::changed);
        if (!isOk(last)) {
            throw new Refused(last);
        }
    }

    /** The daemon has something against the change itself. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1;
        private final transient Map<String, Object> answer;

        Refused(Map<String, Object> answer) {
            super(text(answer, "text"));
            this.answer = answer;
        }
    }

    private void changed(Map<String, Object> line) {
        if (Boolean.TRUE.equals(line.get("done"))) {
            changed++;
        }
        if (isJson()) {
            out().println(JsonLine.of(json -> json.members(line)));
        }
    }

    private void show() {
        var lines = new DeliveryLines(Terminal.of(System.getenv(), true));
        for (Map<String, Object> each : sample) {
            err().println(lines.row(each, DeliveryLines.instant(each, "seen_at")));
        }
        if (selected > sample.size()) {
            err().println("and " + Figures.count(selected - sample.size()) + " more");
        }
        err().flush();
    }

    private boolean isConfirmed() throws IOException {
        show();
        String these = Figures.count(selected, "delivery", "deliveries");
        err().print(these + " will be " + verb().done() + "; this can't be undone. Go on? [y/N] ");
        err().flush();
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line = in.readLine();
        return line != null && line.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }

    /** How it went; what was being attempted can be changed a moment later. */
    private int tell() {
        if (isJson() && !isDry) {
            out().println(
                            JsonLine.of(
                                    json ->
                                            json.number("selected", selected)
                                                    .number("changed", changed)));
        } else if (!isJson()) {
            String these = Figures.count(isDry ? selected : changed, "delivery", "deliveries");
            if (isDry) {
                show();
            }
            out().println(these + (isDry ? " would be " : " ") + verb().done());
        }
        if (isDry || changed == selected) {
            return Exit.OK;
        }
        String left = Figures.count(selected - changed, "delivery was", "deliveries were");
        err().println(left + " not: gone, so already, or being attempted just now");
        return Exit.TEMPORARY;
    }

    /** {@code posthouse msg retry}. */
    @Command(
            name = "retry",
            description = "Try deliveries now, due or not.",
            mixinStandardHelpOptions = true)
    static final class Retry extends MsgChange {
        @SuppressWarnings("NullAway.Init") // picocli makes it
        Retry() {}

        @Override
        Verb verb() {
            return new Verb("retry", "tried now", false);
        }
    }

    /** {@code posthouse msg hold}. */
    @Command(
            name = "hold",
            description = "Keep deliveries from being tried until they are released.",
            mixinStandardHelpOptions = true)
    static final class Hold extends MsgChange {
        @SuppressWarnings("NullAway.Init") // picocli makes it
        Hold() {}

        @Override
        Verb verb() {
            return new Verb("hold", "held", false);
        }
    }

    /** {@code posthouse msg release}. */
    @Command(
            name = "release",
            description = "Let held deliveries be tried again, now.",
            mixinStandardHelpOptions = true)
    static final class Release extends MsgChange {
        @SuppressWarnings("NullAway.Init") // picocli makes it
        Release() {}

        @Override
        Verb verb() {
            return new Verb("release", "released", false);
        }
    }

    /** {@code posthouse msg fail}. */
    @Command(
            name = "fail",
            description =
                    "Give deliveries up: their recipients have failed, and the sender gets the"
                            + " report of that, as when they expire.",
            mixinStandardHelpOptions = true)
    static final class Fail extends MsgChange {
        @SuppressWarnings("NullAway.Init") // picocli makes it
        Fail() {}

        @Override
        Verb verb() {
            return new Verb("fail", "failed with a report", true);
        }
    }

    /** {@code posthouse msg drop}. */
    @Command(
            name = "drop",
            description = "Remove deliveries from the queue; nobody is told.",
            mixinStandardHelpOptions = true)
    static final class Drop extends MsgChange {
        @SuppressWarnings("NullAway.Init") // picocli makes it
        Drop() {}

        @Override
        Verb verb() {
            return new Verb("drop", "dropped without a report", true);
        }
    }
}
