package org.posthouse.daemon;

import org.posthouse.Explanation.Mark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks a running daemon about a message that was accepted, and tells the answer. */
final class PastQuestion {
    private final Daemon.Output output;
    private final Terminal terminal;
    private final boolean json;

    PastQuestion(Daemon.Output output, Terminal terminal, boolean json) {
        this.output = output;
        this.terminal = terminal;
        this.json = json;
    }

    /** The exit code. */
    int ask(Path folder, String id) {
        var recipients = new ArrayList<Map<String, Object>>();
        try (ControlClient daemon = ControlClient.connect(folder)) {
            Map<String, Object> message =
                    daemon.ask(
                            "explain",
                            to -> to.text("id", id),
                            ControlCommand.ANSWER_WITHIN,
                            recipients::add);
            return ControlCommand.isOk(message) ? tell(message, recipients) : no(message);
        } catch (IOException e) {
            output.err().print(ControlSocket.nobody(folder, e));
            return Exit.UNAVAILABLE;
        } finally {
            output.err().flush();
            output.out().flush();
        }
    }

    private int no(Map<String, Object> answer) {
        String code = ControlCommand.text(answer, "code");
        output.err().println("error[" + code + "]: " + ControlCommand.text(answer, "text"));
        output.err().println("   help: posthouse help " + code);
        return code.equals(Control.NO_MESSAGE) ? Exit.NO_INPUT : Exit.USAGE;
    }

    private int tell(Map<String, Object> message, List<Map<String, Object>> recipients) {
        if (json) {
            recipients.forEach(each -> output.out().println(JsonLine.of(to -> to.members(each))));
            output.out().println(JsonLine.of(to -> to.members(message)));
            return Exit.OK;
        }
        output.out().println(head(message));
        for (Map<String, Object> each : recipients) {
            output.out().println();
            output.out().print(recipient(each));
        }
        long more = ControlCommand.number(message, "recipients") - recipients.size();
        if (more > 0) {
            output.out().println("and " + Figures.count(more, "recipient", "recipients") + " more");
        }
        return Exit.OK;
    }

    private static String head(Map<String, Object> message) {
        String from = ControlCommand.text(message, "reverse_path");
        return ControlCommand.text(message, "id")
                + "   "
                + Figures.octets(ControlCommand.number(message, "octets"))
                + "   accepted "
                + ControlCommand.text(message, "accepted_at")
                + "\nfrom "
                + (from.isEmpty() ? "<>" : from);
    }

    private String recipient(Map<String, Object> each) {
        Map<?, ?> explanation =
                each.get("explanation") instanceof Map<?, ?> members ? members : Map.of();
        String today = ControlCommand.text(each, "today");
        String now =
                today.isEmpty()
                        ? "  Today it would be decided the same.\n"
                        : "  "
                                + terminal.paint().paint(Mark.NO, "Today it would be " + today)
                                + "\n";
        String text = ExplanationJson.read(explanation).text(terminal.columns(), terminal.paint());
        return ControlCommand.text(each, "recipient") + "\n" + text + "\n" + now;
    }
}
