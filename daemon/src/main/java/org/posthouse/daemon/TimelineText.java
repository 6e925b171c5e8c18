package org.posthouse.daemon;

import org.posthouse.Explanation.Mark;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A message and what happened to it, as people read it. */
final class TimelineText {
    private static final Set<String> ENDS = Set.of("delivered", "failed", "dropped", "redirected");
    private static final int NAMED_MAX = 3;
    private static final int LABEL_WIDTH = 11;
    private static final int INDENT = 2 + 10 + LABEL_WIDTH;
    private static final DateTimeFormatter DAY = formatter("yyyy-MM-dd");
    private static final DateTimeFormatter CLOCK = formatter("HH:mm:ss");
    private static final DateTimeFormatter FULL = formatter("yyyy-MM-dd HH:mm:ss'Z'");

    private final Terminal terminal;
    private final Map<String, Object> message;
    private final Instant now;
    private final Map<String, Map<String, Object>> queued = new LinkedHashMap<>();
    private final Map<String, List<Map<String, Object>>> events =
            new TreeMap<>(Comparator.comparingInt(TimelineText::number));
    private final StringBuilder text = new StringBuilder();
    private String day = "";

    /**
     * Begins.
     *
     * @param message the last line of the daemon's answer
     * @param lines those before it: deliveries that are queued, and events
     */
    TimelineText(Terminal terminal, Map<String, Object> message, List<Map<String, Object>> lines) {
        this.terminal = terminal;
        this.message = message;
        now = DeliveryLines.instant(message, "now");
        for (Map<String, Object> line : lines) {
            String delivery = text(line, "delivery");
            List<Map<String, Object>> of =
                    events.computeIfAbsent(delivery, each -> new ArrayList<>());
            if (line.containsKey("event")) {
                of.add(line);
            } else {
                queued.put(delivery, line);
            }
        }
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    /** All of it. */
    String write() {
        head();
        events.forEach(this::delivery);
        others();
        long leftOut = ControlCommand.number(message, "left_out");
        if (leftOut > 0) {
            text.append("\n").append(Figures.count(leftOut)).append(" older events are left out\n");
        }
        String id = text(message, "id");
        text.append("\nWhy:       posthouse explain ").append(id).append('\n');
        text.append("Dialogues: posthouse msg transcript ").append(id).append('\n');
        return text.toString();
    }

    private void head() {
        String subject = text(message, "subject");
        String size = Figures.octets(ControlCommand.number(message, "octets"));
        long recipients = ControlCommand.number(message, "recipients");
        text.append(text(message, "id")).append("   ").append(size).append("   ");
        text.append(Figures.count(recipients, "recipient", "recipients")).append('\n');
        if (!subject.isEmpty()) {
            text.append(cut('"' + subject + '"', terminal.columns())).append('\n');
        }
        text.append("from ").append(text(message, "from")).append('\n');
        Instant acceptedAt = DeliveryLines.instant(message, "accepted_at");
        text.append("accepted ").append(FULL.format(acceptedAt)).append(" (");
        text.append(Figures.time(Duration.between(acceptedAt, now))).append(" ago)");
        String listener = text(message, "listener");
        text.append(listener.isEmpty() ? ", made here" : " on \"" + listener + "\"").append('\n');
        if (!listener.isEmpty()) {
            text.append("  from ").append(text(message, "client"));
            text.append(" (").append(text(message, "helo")).append(")   ");
            text.append(text(message, "protocol"));
            String login = text(message, "login");
            text.append(login.isEmpty() ? "" : "   login " + login).append(rules()).append('\n');
        }
    }

    private String rules() {
        Set<String> rules = new LinkedHashSet<>();
        for (Map<String, Object> recipient : recipients()) {
            rules.add(text(recipient, "rule"));
        }
        rules.remove("");
        return rules.isEmpty() ? "" : "   relay rule \"" + String.join("\", \"", rules) + "\"";
    }

    @SuppressWarnings("unchecked") // objects of JSON have names for keys
    private List<Map<String, Object>> recipients() {
        List<Map<String, Object>> all = new ArrayList<>();
        if (message.get("to") instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> recipient) {
                    all.add((Map<String, Object>) recipient);
                }
            }
        }
        return all;
    }

    private void delivery(String name, List<Map<String, Object>> of) {
        text.append('\n');
        int number = number(name);
        List<Map<String, Object>> here =
                recipients().stream()
                        .filter(each -> ControlCommand.number(each, "number") == number)
                        .toList();
        names(here.stream().map(each -> text(each, "recipient")).toList());
        Map<String, Object> entry = queued.get(name);
        if (entry != null) {
            var lines = new DeliveryLines(terminal);
            text.append("  ").append(lines.standing(entry, now)).append("   ").append(name);
            text.append('\n');
            if (entry.containsKey("expires_at")) {
                Instant end = DeliveryLines.instant(entry, "expires_at");
                text.append("  gives up ").append(FULL.format(end)).append('\n');
            }
        } else {
            text.append("  ").append(ended(here, of)).append("   ").append(name).append('\n');
        }
        day = DAY.format(DeliveryLines.instant(message, "accepted_at"));
        new Events(of, here.size() > 1).write();
        if (entry != null && Boolean.TRUE.equals(entry.get("possible_duplicate"))) {
            text.append("  may have arrived already: an attempt broke off before its reply\n");
        }
    }

    private static int number(String delivery) {
        return Integer.parseInt(delivery.substring(delivery.indexOf('/') + 1));
    }

    private void names(List<String> names) {
        for (String name : names.subList(0, Math.min(names.size(), NAMED_MAX))) {
            text.append(cut(name, terminal.columns())).append('\n');
        }
        if (names.size() > NAMED_MAX) {
            text.append("and ").append(Figures.count((long) names.size() - NAMED_MAX));
            text.append(" more\n");
        }
    }

    private String ended(List<Map<String, Object>> here, List<Map<String, Object>> of) {
        Set<String> states = new LinkedHashSet<>();
        here.forEach(each -> states.add(text(each, "state")));
        Map<String, Object> last = of.isEmpty() ? Map.of() : of.getLast();
        String took = "";
        if (!of.isEmpty()) {
            Instant accepted = DeliveryLines.instant(message, "accepted_at");
            Duration time = Duration.between(accepted, DeliveryLines.instant(last, "at"));
            long attempts =
                    of.stream()
                            .mapToLong(each -> ControlCommand.number(each, "attempt"))
                            .max()
                            .orElse(0);
            took = Figures.time(time) + ", " + Figures.count(attempts, "attempt", "attempts");
        }
        if (states.equals(Set.of("delivered"))) {
            return paint(Mark.OK, "DELIVERED") + " in " + took;
        }
        if (states.equals(Set.of("failed"))) {
            return paint(Mark.REFUSE, "FAILED") + " after " + took;
        }
        if (states.equals(Set.of("dropped")) || states.equals(Set.of("redirected"))) {
            String how = states.iterator().next().toUpperCase(Locale.ROOT);
            return paint(Mark.NO, how) + " after " + took;
        }
        return states.stream().anyMatch(ENDS::contains)
                ? paint(Mark.NO, "ENDED") + " after " + took
                : "not in the queue any more";
    }

    /** Those of whom nothing is known. */
    private void others() {
        List<String> names = new ArrayList<>();
        for (Map<String, Object> recipient : recipients()) {
            if (ControlCommand.number(recipient, "number") < 0) {
                names.add(text(recipient, "recipient"));
            }
        }
        if (!names.isEmpty()) {
            text.append('\n');
            names(names);
            text.append("  not in the queue, and nothing is known of it\n");
        }
    }

    /** The events of one delivery. */
    private final class Events {
        private final List<Map<String, Object>> all;
        private final boolean isNamed;
        private String said = "";

        /** The number of the last one: at another host, or after an outage, it does not rise. */
        private long before = -1;

        Events(List<Map<String, Object>> all, boolean isNamed) {
            this.all = all;
            this.isNamed = isNamed;
        }

        void write() {
            int at = 0;
            while (at < all.size()) {
                int end = at + 1;
                while (end < all.size() && isAlike(all.get(at), all.get(end))) {
                    end++;
                }
                event(all.get(at), all.subList(at, end));
                at = end;
            }
        }

        private static boolean isAlike(Map<String, Object> one, Map<String, Object> other) {
            return one.containsKey("recipient")
                    && text(one, "event").equals(text(other, "event"))
                    && text(one, "reply").equals(text(other, "reply"))
                    && ControlCommand.number(one, "attempt")
                            == ControlCommand.number(other, "attempt");
        }

        private void event(Map<String, Object> event, List<Map<String, Object>> alike) {
            switch (text(event, "event")) {
                case "routed" ->
                        line(
                                event,
                                "routed",
                                text(event, "route")
                                        + ": "
                                        + String.join(", ", ControlCommand.texts(event, "hosts")));
                case "tried" -> tried(event);
                case "deferred" -> deferred(event, alike);
                case "delivered" -> {
                    if (isNamed) {
                        line(event, "delivered", recipients(alike));
                    }
                }
                case "held", "released", "redirected", "dropped" ->
                        line(event, text(event, "event"), byHand(event));
                default -> {
                    if (!text(event, "reply").equals(said)) {
                        line(event, "failed", text(event, "reply"));
                    }
                    boolean isReported = Boolean.TRUE.equals(event.get("report"));
                    more("failed", recipients(alike) + (isReported ? "reported" : "no report"));
                }
            }
        }

        private String byHand(Map<String, Object> event) {
            List<String> names = isNamed ? ControlCommand.texts(event, "recipients") : List.of();
            return names(names) + "by hand   " + text(event, "detail");
        }

        private void tried(Map<String, Object> event) {
            String tls = text(event, "tls");
            String proof = text(event, "proof");
            String took =
                    String.format(
                            Locale.ROOT,
                            "%.2f s",
                            ControlCommand.number(event, "took_ms") / 1000.0);
            var way = new StringBuilder(text(event, "nexthop"));
            way.append(way.isEmpty() ? "" : "  ").append(tls.isEmpty() ? "" : tls + " ");
            way.append(proof.equals("none") || proof.isEmpty() ? "" : proof + " ");
            way.append(tls.isEmpty() ? "" : " ").append(took);
            long attempt = ControlCommand.number(event, "attempt");
            line(event, attempt == before ? "again" : "attempt " + attempt, way.toString());
            before = attempt;
            said = text(event, "reply");
            more("", said);
            diagnosis(event);
        }

        private void deferred(Map<String, Object> event, List<Map<String, Object>> alike) {
            if (!text(event, "reply").equals(said)) {
                line(event, "deferred", text(event, "reply"));
                diagnosis(event);
            }
            Duration wait =
                    Duration.between(
                            DeliveryLines.instant(event, "at"),
                            DeliveryLines.instant(event, "next_at").plusMillis(500));
            String names = recipients(alike);
            more("wait", names + Figures.time(wait) + "   " + text(event, "cause"));
            said = "";
        }

        /** Where there is more than one, who is meant, and two spaces. */
        private String recipients(List<Map<String, Object>> alike) {
            return isNamed
                    ? names(alike.stream().map(each -> text(each, "recipient")).toList())
                    : "";
        }

        private static String names(List<String> names) {
            if (names.isEmpty()) {
                return "";
            }
            int more = names.size() - NAMED_MAX;
            return String.join(", ", names.subList(0, Math.min(names.size(), NAMED_MAX)))
                    + (more > 0 ? " (+" + more + ")" : "")
                    + "   ";
        }

        private void diagnosis(Map<String, Object> event) {
            String code = text(event, "diagnosis");
            if (!code.isEmpty()) {
                more(code, text(event, "probably"));
            }
        }

        private void line(Map<String, Object> event, String label, String what) {
            Instant at = DeliveryLines.instant(event, "at");
            String its = DAY.format(at);
            if (!its.equals(day)) {
                text.append("  ").append(its).append('\n');
                day = its;
            }
            row(CLOCK.format(at), label, what);
        }

        private void more(String label, String what) {
            row("", label, what);
        }

        private void row(String clock, String label, String what) {
            text.append("  ").append(pad(clock, INDENT - LABEL_WIDTH - 2));
            text.append(paint(Mark.NONE, pad(label, LABEL_WIDTH)));
            List<String> lines = wrapped(what.strip(), terminal.columns() - INDENT);
            text.append(lines.getFirst()).append('\n');
            for (String line : lines.subList(1, lines.size())) {
                text.append(" ".repeat(INDENT)).append(line).append('\n');
            }
        }
    }

    /** In lines of at most so many characters, broken at spaces where there are any. */
    static List<String> wrapped(String what, int width) {
        List<String> lines = new ArrayList<>();
        String rest = what;
        while (rest.length() > width) {
            int space = rest.lastIndexOf(' ', width);
            int end = space > width / 2 ? space : width;
            lines.add(rest.substring(0, end));
            rest = rest.substring(end).strip();
        }
        lines.add(rest);
        return lines;
    }

    private String paint(Mark mark, String what) {
        return terminal.paint().paint(mark, what);
    }

    private static String text(Map<String, Object> members, String name) {
        return ControlCommand.text(members, name);
    }

    private static String cut(String what, int columns) {
        return what.length() <= columns ? what : what.substring(0, columns - 3) + "...";
    }

    private static String pad(String what, int width) {
        return what + " ".repeat(Math.max(1, width - what.length()));
    }
}
