package org.posthouse.daemon;

import org.posthouse.platform.Deadline;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the daemon every second, draws, and does what keys say. Used by one thread. */
final class TopLoop {
    private static final Duration EACH = Duration.ofSeconds(1);
    private static final Duration SIZE_EACH = Duration.ofSeconds(2);
    private static final int FILTER_MAX = 60;

    private final ControlClient daemon;
    private final TopTerminal screen;
    private final TopScreen.Look look;
    private boolean frozen;
    private boolean typing;

    TopLoop(ControlClient daemon, TopTerminal screen, TopScreen.Look look) {
        this.daemon = daemon;
        this.screen = screen;
        this.look = look;
    }

    /** The daemon's answer; its rows are added. */
    static Map<String, Object> read(
            ControlClient daemon, String domain, List<Map<String, Object>> rows)
            throws IOException {
        return daemon.ask(
                "top",
                json -> json.text("domain", domain),
                ControlCommand.ANSWER_WITHIN,
                rows::add);
    }

    /** Runs until somebody quits. */
    void run(TopState begin, InputStream keys) throws IOException {
        TopState state = begin;
        TopTerminal.Size size = screen.size();
        Deadline ask = daemon.time().after(EACH);
        Deadline look = daemon.time().after(SIZE_EACH);
        while (true) {
            screen.show(new TopScreen(size.columns(), size.rows(), this.look).draw(state));
            int key = screen.key(keys);
            if (key == 'q' && !typing) {
                return;
            }
            state = key == TopTerminal.NO_KEY ? state : press(state, key);
            if (daemon.time().isPast(ask)) {
                state = next(state);
                ask = daemon.time().after(EACH);
            }
            if (daemon.time().isPast(look)) {
                TopTerminal.Size now = screen.size();
                if (!now.equals(size)) {
                    size = now;
                    screen.clear();
                }
                look = daemon.time().after(SIZE_EACH);
            }
        }
    }

    /** Asked also while it is frozen: a connection on which nothing is asked is ended. */
    private TopState next(TopState state) throws IOException {
        TopState next = load(state);
        return frozen ? state : next;
    }

    private TopState load(TopState state) throws IOException {
        return load(daemon, state, pattern(state.filter()));
    }

    /** The same with what the daemon says now; as it was when it says nothing. */
    static TopState load(ControlClient daemon, TopState state, String pattern) throws IOException {
        boolean isOfSessions = state.view() == TopState.View.SESSIONS;
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<String, Object> whole = read(daemon, isOfSessions ? "" : pattern, rows);
        boolean isTold = ControlCommand.isOk(whole);
        if (isOfSessions) {
            rows.clear();
            isTold &= ControlCommand.isOk(sessions(daemon, pattern, rows));
        }
        return isTold ? state.with(whole, rows) : state;
    }

    /** The daemon's answer; its rows are added. */
    static Map<String, Object> sessions(
            ControlClient daemon, String client, List<Map<String, Object>> rows)
            throws IOException {
        return daemon.ask(
                "sessions",
                json -> json.text("client", client),
                ControlCommand.ANSWER_WITHIN,
                rows::add);
    }

    private static String pattern(String filter) {
        return filter.isEmpty() || filter.indexOf('*') >= 0 ? filter : "*" + filter + "*";
    }

    private TopState press(TopState state, int key) throws IOException {
        if (typing) {
            return type(state, key);
        }
        return switch (key) {
            case '1' -> load(state.viewing(TopState.View.OVERVIEW));
            case '2' -> load(state.viewing(TopState.View.DESTINATIONS));
            case '3' -> load(state.viewing(TopState.View.SESSIONS).selecting(0));
            case '4' -> load(state.viewing(TopState.View.HEAT_MAP));
            case TopTerminal.UP, 'k' -> state.selecting(state.selected() - 1).saying("");
            case TopTerminal.DOWN, 'j' -> state.selecting(state.selected() + 1).saying("");
            case '/' -> {
                typing = true;
                yield state.filtering("").saying("filter: ");
            }
            case ' ' -> {
                frozen = !frozen;
                yield state.saying(frozen ? "frozen: space goes on" : "");
            }
            case 'p' -> state.saying(pause(state));
            case 'r' -> state.saying(retry(state));
            default -> state;
        };
    }

    private TopState type(TopState state, int key) throws IOException {
        String filter = state.filter();
        if (key == '\r' || key == '\n' || key < ' ') {
            typing = false;
            return next(state.saying(""));
        }
        boolean isRubout = key == 127;
        String typed =
                isRubout
                        ? filter.substring(0, Math.max(0, filter.length() - 1))
                        : filter.length() < FILTER_MAX ? filter + (char) key : filter;
        return state.filtering(typed).saying("filter: " + typed);
    }

    private String pause(TopState state) throws IOException {
        Optional<Map<String, Object>> row = state.row();
        if (row.isEmpty()) {
            return "there is no destination";
        }
        String domain = ControlCommand.text(row.get(), "domain");
        boolean isSuspended = Boolean.TRUE.equals(row.get().get("suspended"));
        Map<String, Object> done =
                daemon.ask(
                        isSuspended ? "resume" : "suspend",
                        json -> json.text("scope", "domain").text("pattern", domain),
                        ControlCommand.ANSWER_WITHIN,
                        line -> {});
        return ControlCommand.isOk(done)
                ? domain + (isSuspended ? " is resumed" : " is suspended; p resumes it")
                : ControlCommand.text(done, "text");
    }

    /** At most as many as one request may name. */
    private String retry(TopState state) throws IOException {
        Optional<Map<String, Object>> row = state.row();
        if (row.isEmpty()) {
            return "there is no destination";
        }
        String domain = ControlCommand.text(row.get(), "domain");
        List<String> names = new ArrayList<>();
        Map<String, Object> listed =
                daemon.ask(
                        "list",
                        json -> json.text("domain", domain).number("max", QueueControl.CHANGES_MAX),
                        ControlCommand.ANSWER_WITHIN,
                        line -> names.add(ControlCommand.text(line, "delivery")));
        int[] done = new int[1];
        Map<String, Object> tried =
                daemon.ask(
                        "retry",
                        json -> json.texts("deliveries", names),
                        ControlCommand.ANSWER_WITHIN,
                        line -> done[0] += Boolean.TRUE.equals(line.get("done")) ? 1 : 0);
        return ControlCommand.isOk(listed) && ControlCommand.isOk(tried)
                ? Figures.count(done[0], "delivery", "deliveries") + " to " + domain + " tried now"
                : ControlCommand.text(tried, "text");
    }
}
