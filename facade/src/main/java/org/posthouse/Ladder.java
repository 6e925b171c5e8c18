package org.posthouse;

import org.posthouse.Explainer.Answer;
import org.posthouse.Explanation.Line;
import org.posthouse.Explanation.Mark;
import org.posthouse.policy.Decision;
import org.posthouse.policy.OwnCertificate;
import org.posthouse.policy.Passage;
import org.posthouse.policy.Policy;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.Route;
import org.posthouse.server.ListenerSettings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The way to an answer, line by line: the stages of a session, then the steps of the decision. */
final class Ladder {
    private static final String BUILT_IN = "built in";
    private static final int HOSTS_SHOWN = 3;

    /** The codes with which MAIL waits for TLS, and for a login. */
    private static final String TLS_NEEDED = "PH-T101";

    private static final String LOGIN_NEEDED = "PH-A101";

    private final EngineSettings settings;
    private final Answer answer;
    private final List<Line> lines = new ArrayList<>();
    private int number;

    /** Nothing follows. */
    private boolean isOver;

    Ladder(EngineSettings settings, Answer answer) {
        this.settings = settings;
        this.answer = answer;
    }

    List<Line> lines() {
        stage("connect", listener(), Doors.place(answer.listener()), Mark.OK);
        if (answer.refusedAt().endsWith("HLO") || answer.refusedAt().equals("HELO")) {
            stage("hello", answer.ask().helo(), "", Mark.OK);
        }
        tls();
        login();
        sender();
        recipient();
        return List.copyOf(lines);
    }

    private String listener() {
        return "listener \"" + answer.listener().name() + "\"";
    }

    /** A stage; refused when the answer is refused there. */
    private void stage(String label, String subject, String found, Mark mark) {
        if (isOver) {
            return;
        }
        isOver = isRefusedAt(label);
        String said = isOver ? said() : found;
        lines.add(
                new Line(
                        ++number, label, subject, said, isOver ? Mark.REFUSE : mark, place(label)));
    }

    private String said() {
        return answer.login().isKnown()
                ? answer.reply().map(reply -> reply.lines().getLast()).orElse("")
                : "there is no such login";
    }

    private boolean isRefusedAt(String label) {
        String verb = answer.refusedAt();
        return switch (label) {
            case "connect" -> verb.equals("connect");
            case "hello" -> verb.endsWith("HLO") || verb.equals("HELO");
            case "tls" -> verb.equals("STARTTLS") || answer.code().equals(TLS_NEEDED);
            case "login" -> verb.equals("AUTH") || answer.code().equals(LOGIN_NEEDED);
            case "sender" -> verb.equals("MAIL");
            default -> verb.equals("RCPT") && answer.verdict().isEmpty();
        };
    }

    private String place(String label) {
        boolean isOfListener = !label.equals("sender") && !label.equals("recipient");
        return isOfListener ? builder().place : "";
    }

    private ListenerBuilder builder() {
        return settings.listeners().stream()
                .filter(listener -> listener.name.equals(answer.listener().name()))
                .findFirst()
                .orElseThrow();
    }

    private void tls() {
        boolean wanted = answer.ask().tls() || !answer.login().name().isEmpty();
        String offered =
                switch (answer.listener().tls()) {
                    case OFF -> "not offered";
                    case OFFER -> wanted ? "on" : "offered, not required here";
                    case REQUIRE -> wanted ? "on" : "required";
                    case IMPLICIT -> "on from the first octet";
                };
        stage("tls", offered, "", offered.startsWith("on") ? Mark.OK : Mark.NONE);
    }

    private void login() {
        String name = answer.login().name();
        String none =
                answer.listener().auth() == ListenerSettings.Auth.OFF
                        ? "none, and none is offered here"
                        : "none";
        if (name.isEmpty()) {
            stage("login", none, "", Mark.NONE);
        } else {
            stage("login", name, "", Mark.OK);
        }
    }

    private void sender() {
        String address = answer.ask().from();
        long octets = answer.ask().octets();
        stage(
                "sender",
                address.isEmpty() ? "<> (a report)" : address,
                octets > 0 ? "declares " + octets + " octets" : "",
                Mark.NONE);
    }

    private void recipient() {
        stage("recipient", answer.ask().to(), "", Mark.NONE);
        List<Decision.Step> steps = isOver ? List.of() : answer.steps();
        for (int i = 0; i < steps.size(); i++) {
            boolean isLast = i == steps.size() - 1 && !answer.isTaken();
            lines.add(line(steps.get(i), isLast));
        }
    }

    private Line line(Decision.Step step, boolean refuses) {
        boolean isNamed = named(settings.rules(), step);
        String subject = isNamed ? named(step) : step.subject();
        Mark mark = step.held() ? Mark.YES : Mark.NO;
        boolean isBuiltIn = step.place().isEmpty() && !isNamed;
        return new Line(
                0,
                step.question(),
                subject,
                step.answer() + way(step),
                refuses ? Mark.REFUSE : mark,
                isBuiltIn && refuses ? BUILT_IN : step.place());
    }

    private static String named(Decision.Step step) {
        return (step.question().equals("route?") ? "route" : "rule")
                + " \""
                + step.subject()
                + "\"";
    }

    /** True when the subject is the name of a rule or route. */
    private static boolean named(PolicySet rules, Decision.Step step) {
        return switch (step.question()) {
            case "relay?" ->
                    rules.relayRules().stream().anyMatch(r -> r.name().equals(step.subject()));
            case "route?" -> rules.routes().stream().anyMatch(r -> r.name().equals(step.subject()));
            default -> false;
        };
    }

    /** Where a route leads. */
    private String way(Decision.Step step) {
        boolean isRoute = step.question().equals("route?") && step.held();
        return isRoute
                ? ": "
                        + settings.rules().routes().stream()
                                .filter(route -> route.name().equals(step.subject()))
                                .findFirst()
                                .map(route -> way(route, domain()) + tls(route) + shown(route))
                                .orElse("")
                : "";
    }

    private String domain() {
        String to = answer.ask().to();
        return to.substring(to.lastIndexOf('@') + 1);
    }

    /** Where the route of an address leads; empty when it has none. */
    static String way(PolicySet rules, Passage mail) {
        return Policy.route(rules, mail).map(r -> way(r, mail.recipient().domain())).orElse("");
    }

    /** How TLS is used on that way, in the word of the configuration. */
    private static String tls(Route route) {
        return switch (route.via()) {
            case Route.Mx mx -> tls(mx.settings());
            case Route.Fixed hosts -> tls(hosts.settings());
            case Route.Store store -> "";
            case Route.Discard discard -> "";
            case Route.Refuse refuse -> "";
        };
    }

    /** The certificate that next hops are shown that ask for one; read now. */
    private String shown(Route route) {
        OwnCertificate own = route.certificate();
        return own.isNone() ? "" : ", shows " + Certificates.words(settings.disk(), own.chain());
    }

    private static String tls(Route.Hop hop) {
        return ", tls " + hop.tls().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The hosts of a route, in the order in which they are asked. */
    private static String named(String kind, List<Route.Peer> peers) {
        String names =
                peers.stream()
                        .sorted(Comparator.comparingInt(Route.Peer::order))
                        .limit(HOSTS_SHOWN)
                        .map(peer -> peer.at().toString())
                        .collect(Collectors.joining(", "));
        int more = peers.size() - HOSTS_SHOWN;
        return kind
                + (peers.size() > 1 ? "s " : " ")
                + names
                + (more > 0 ? " and " + more + " more" : "");
    }

    private static String way(Route route, String domain) {
        return switch (route.via()) {
            case Route.Mx mx -> "MX of " + domain;
            case Route.Smarthost hosts -> named("smarthost", hosts.peers());
            case Route.Lmtp hosts -> named("mail store", hosts.peers());
            case Route.Store store -> "into the local store";
            case Route.Discard discard -> "thrown away";
            case Route.Refuse refuse -> "refused";
        };
    }
}
