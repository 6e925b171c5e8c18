package org.posthouse.daemon.config;

import org.posthouse.Ask;
import org.posthouse.Explanation;
import org.posthouse.Explanation.Outcome;
import org.posthouse.PosthouseBuilder;
import org.posthouse.daemon.config.ExpectKeys.Expected;
import org.posthouse.policy.Route.TlsMode;

import java.util.List;
import java.util.Optional;

/** Runs the tests that stand in a configuration. */
final class Expectations {
    private final ConfigFile file;
    private final PosthouseBuilder builder;

    private final String name;

    private Expectations(String name, ConfigFile file, PosthouseBuilder builder) {
        this.name = name;
        this.file = file;
        this.builder = builder;
    }

    /**
     * Tells the file's context those that fail.
     *
     * @param builder filled from that file
     */
    static void run(Loaded loaded, PosthouseBuilder builder) {
        var expectations = new Expectations(loaded.name(), loaded.file(), builder);
        loaded.file().all(ExpectKeys.EXPECT).forEach(expectations::run);
    }

    private void run(Table test) {
        Optional<Table> question = test.get(ExpectKeys.ASK);
        Optional<Expected> expected = test.get(ExpectKeys.ANSWER);
        if (question.isEmpty() || expected.isEmpty()) {
            return;
        }
        Ask ask = ask(question.get());
        try {
            Explanation found = builder.explain(ask);
            String trouble = trouble(found, expected.get());
            if (!trouble.isEmpty()) {
                fails(test, trouble, "explain it:  " + command(ask));
            }
        } catch (IllegalArgumentException e) {
            fails(test, String.valueOf(e.getMessage()), "");
        }
    }

    private void fails(Table test, String note, String fix) {
        file.context()
                .add(
                        new Problem(
                                Codes.EXPECTATION,
                                test.spanOf(ExpectKeys.ANSWER),
                                "a test of this file fails",
                                note,
                                fix.isEmpty() ? List.of() : List.of(fix)));
    }

    static Ask ask(Table question) {
        Ask ask =
                Ask.from(question.get(ExpectKeys.FROM).orElse(""))
                        .to(question.get(ExpectKeys.ASKED_TO).orElse(""))
                        .client(question.get(ExpectKeys.CLIENT).orElseThrow())
                        .login(question.get(ExpectKeys.LOGIN).orElse(""))
                        .size(question.get(ExpectKeys.SIZE).orElse(0L))
                        .listener(question.get(ExpectKeys.LISTENER).orElse(""));
        Ask shown = question.get(ExpectKeys.CERTIFICATE).map(ask::certificate).orElse(ask);
        Ask named = question.get(ExpectKeys.HELO).map(shown::helo).orElse(shown);
        return question.get(ExpectKeys.TLS).orElse(false) ? named.overTls() : named;
    }

    /** What is different; empty when it is as expected. */
    private String trouble(Explanation found, Expected expected) {
        boolean fits =
                switch (expected.word()) {
                    case REFUSE -> !found.isTaken();
                    case RELAY -> found.outcome() == Outcome.RELAYED;
                    case STORE ->
                            found.outcome() == Outcome.STORED
                                    || found.outcome() == Outcome.EXPANDED;
                    case ACCEPT -> found.isTaken();
                };
        return fits && isAs(found, expected.more()) ? "" : "it is " + shown(found);
    }

    private boolean isAs(Explanation found, Table more) {
        return isSame(more.get(ExpectKeys.ROUTE_NAME), found.route())
                && isSame(more.get(ExpectKeys.RULE_NAME), found.rule())
                && isSame(more.get(ExpectKeys.REFUSE), found.code())
                && (!more.has(ExpectKeys.ROUTE_TLS)
                        || more.get(ExpectKeys.ROUTE_TLS).equals(tls(found.route())));
    }

    private static boolean isSame(Optional<String> expected, String found) {
        return expected.map(text -> text.equalsIgnoreCase(found)).orElse(true);
    }

    private Optional<TlsMode> tls(String route) {
        List<Table> routes = file.all(OutboundKeys.ROUTE);
        for (int i = 0; i < routes.size(); i++) {
            String name = routes.get(i).get(OutboundKeys.ROUTE_NAME).orElse("route-" + (i + 1));
            if (name.equals(route)) {
                return Optional.of(routes.get(i).get(OutboundKeys.ROUTE_TLS).orElse(TlsMode.AUTO));
            }
        }
        return routes.isEmpty() ? Optional.of(TlsMode.AUTO) : Optional.empty();
    }

    private String shown(Explanation found) {
        return switch (found.outcome()) {
            case STORED -> "stored here";
            case EXPANDED -> "taken for those behind the alias";
            case HOOK -> "left to the hook";
            case RELAYED ->
                    "relayed: rule \""
                            + found.rule()
                            + "\", route \""
                            + found.route()
                            + "\""
                            + tls(found.route()).map(tls -> ", tls " + word(tls)).orElse("");
            case REFUSED ->
                    "refused at "
                            + found.stage()
                            + ": "
                            + found.reply().map(Object::toString).orElse("")
                            + " ("
                            + found.code()
                            + ")";
        };
    }

    private static String word(TlsMode tls) {
        return tls.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** What shows the way to the answer. */
    private String command(Ask ask) {
        var text = new StringBuilder("posthouse explain --config ").append(name);
        text.append(" --client ").append(ask.client());
        text.append(" --from \"").append(ask.from()).append("\" --to \"").append(ask.to());
        text.append('"');
        text.append(ask.login().isEmpty() ? "" : " --login " + ask.login());
        text.append(ask.tls() ? " --tls" : "");
        text.append(ask.certificate().isEmpty() ? "" : " --certificate " + ask.certificate());
        text.append(ask.octets() > 0 ? " --size " + ask.octets() : "");
        text.append(ask.listener().isEmpty() ? "" : " --listener " + ask.listener());
        return text.toString();
    }
}
