package org.posthouse.daemon;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code posthouse top}. */
@Command(
        name = "top",
        description = {
            "Show a running daemon live: what comes and goes, and where mail waits. Without a"
                    + " terminal, or with --once, once.",
            "Keys: 1 overview, 2 destinations, 3 sessions, 4 heat map of ages, arrows or j and k"
                    + " select, / filters, p suspends deliveries to the selected domain or resumes"
                    + " them, r tries them now, space freezes, q quits.",
            "Exit codes: 0 shown, 69 no daemon answers (any more)."
        },
        mixinStandardHelpOptions = true)
final class TopCommand extends ControlCommand {
    private static final int ROWS_ONCE = 40;

    @Option(names = "--once", description = "Show it once, and end.")
    private boolean once;

    @Option(names = "--domain", paramLabel = "DOMAIN", description = "Only these; with *.")
    private String domain = "";

    @ArgGroup private Begin begin = new Begin();

    @Option(
            names = "--client",
            paramLabel = "ADDRESS",
            description = "With --sessions: only of these clients; with *.")
    private String client = "";

    @Option(names = "--plain", description = "No colours, no bars.")
    private boolean plain;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    TopCommand() {}

    /** What is looked at first; one of them at most. */
    static final class Begin {
        @Option(names = "--sessions", description = "Begin with the sessions; --json: only these.")
        private boolean sessions;

        @Option(
                names = "--heat-map",
                description = "Begin with how old what waits is, by destination.")
        private boolean heatMap;

        TopState.View view() {
            if (sessions) {
                return TopState.View.SESSIONS;
            }
            return heatMap ? TopState.View.HEAT_MAP : TopState.View.OVERVIEW;
        }
    }

    @Override
    int ask(ControlClient daemon) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<String, Object> whole = TopLoop.read(daemon, domain, rows);
        if (!isOk(whole)) {
            return refused(whole, Exit.UNAVAILABLE);
        }
        if (begin.sessions) {
            rows.clear();
            Map<String, Object> told = TopLoop.sessions(daemon, client, rows);
            if (!isOk(told)) {
                return refused(told, Exit.UNAVAILABLE);
            }
            whole = isJson() ? told : whole;
        }
        return isJson() ? tell(whole, rows) : show(daemon, begin(whole, rows));
    }

    private TopState begin(Map<String, Object> whole, List<Map<String, Object>> rows) {
        return TopState.of(whole, rows)
                .filtering(begin.sessions ? client : domain)
                .viewing(begin.view());
    }

    private int tell(Map<String, Object> last, List<Map<String, Object>> rows) {
        rows.forEach(each -> out().println(JsonLine.of(json -> json.members(each))));
        out().println(JsonLine.of(json -> json.members(last)));
        return Exit.OK;
    }

    private int show(ControlClient daemon, TopState state) throws IOException {
        Terminal terminal = Terminal.of(System.getenv(), plain);
        boolean isUtf8 =
                Charset.forName(System.getProperty("stdout.encoding", "US-ASCII"))
                        .equals(StandardCharsets.UTF_8);
        var look = new TopScreen.Look(terminal.colours(), isUtf8 && !plain);
        if (once || !terminal.colours() || !Terminal.isAsking()) {
            List<String> lines =
                    new TopScreen(terminal.columns(), ROWS_ONCE, look).draw(state.selecting(0));
            lines.subList(0, lines.size() - 1).forEach(out()::println);
            return Exit.OK;
        }
        try (var screen = new TopTerminal(out())) {
            new TopLoop(daemon, screen, look).run(state, System.in);
        }
        return Exit.OK;
    }
}
