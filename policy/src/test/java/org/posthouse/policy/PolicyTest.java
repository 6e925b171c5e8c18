package org.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Reply;
import org.posthouse.core.ReversePath;

import java.util.List;
import java.util.Set;

class PolicyTest {
    private static final PolicySet RULES =
            new PolicySet(
                    Set.of("Local.Example", "[192.0.2.25]"),
                    Set.of("relayed.example"),
                    mailbox -> !mailbox.localPart().startsWith("nobody"),
                    List.of(
                            Rules.senders(Rules.clients("apps", "10.0.0.0/8"), "*@local.example"),
                            Rules.login("people"),
                            Rules.byHook(Rules.clients("hooked", "2001:db8::/32"))),
                    List.of(
                            Rules.route("no", new Route.Refuse("not there"), "*@refused.example"),
                            Rules.route("keep", new Route.Store(), "*@stored.example"),
                            Rules.mx(
                                    "default",
                                    "*@*.example",
                                    "*@relayed.example",
                                    "*@foreign.net")));

    private static Decision decide(String client, String login, String sender, String recipient) {
        ReversePath path = sender == null ? ReversePath.NULL : Mailbox.parse(sender);
        var facts =
                new Facts(
                        "public",
                        IpAddress.parse(client),
                        login == null ? "" : login,
                        false,
                        path,
                        Mailbox.parse(recipient));
        return Policy.decide(RULES, facts);
    }

    /** Each login sends as itself, whatever else it may do. */
    @ParameterizedTest
    @CsvSource({
        "ada, ada@local.example, true, own",
        "ada, , false, own",
        "ada, eve@local.example, false, PH-R105",
        "'', eve@local.example, false, PH-R101",
    })
    void ownReversePaths(String login, String sender, boolean isOwn, String expected) {
        var rule =
                new RelayRule(
                        "own", List.of(), true, true, List.of(), true, true, List.of(), true, false,
                        false);
        var rules =
                new PolicySet(
                        Set.of("local.example"),
                        Set.of(),
                        KnownRecipients.ALL,
                        List.of(rule),
                        List.of(Rules.mx("default", "*")));
        ReversePath path = sender == null ? ReversePath.NULL : Mailbox.parse(sender);
        var facts =
                new Facts(
                        "public",
                        IpAddress.parse("192.0.2.1"),
                        login,
                        true,
                        "",
                        path,
                        isOwn,
                        Mailbox.parse("x@foreign.net"));
        Decision decision = Policy.decide(rules, facts);
        String told =
                decision.verdict() instanceof Verdict.Relay relay ? relay.rule() : decision.code();
        assertThat(told).isEqualTo(expected);
        if (!expected.equals("own")) {
            assertThat(decision.verdict()).isInstanceOf(Verdict.Refuse.class);
        }
        var here =
                new Facts(
                        "public",
                        IpAddress.parse("192.0.2.1"),
                        login,
                        true,
                        "",
                        path,
                        isOwn,
                        Mailbox.parse("bob@local.example"));
        boolean isForged = expected.equals("PH-R105");
        assertThat(Policy.decide(rules, here).code()).isEqualTo(isForged ? "PH-R105" : "");
    }

    /** A certificate is as good as a network: who does not show it does not relay. */
    @ParameterizedTest
    @CsvSource({
        "aa, aa, rule",
        "aa, bb, PH-R101",
        "aa, '', PH-R101",
        "'', '', PH-R101",
        "'', aa, PH-R101",
    })
    void certificates(String listed, String shown, String expected) {
        List<String> certificates = listed.isEmpty() ? List.of() : List.of(listed);
        var rule =
                new RelayRule(
                        "rule",
                        List.of(),
                        true,
                        false,
                        List.of(),
                        true,
                        false,
                        certificates,
                        false,
                        false,
                        false);
        var rules =
                new PolicySet(
                        Set.of("local.example"),
                        Set.of(),
                        KnownRecipients.ALL,
                        List.of(rule),
                        List.of(Rules.mx("default", "*")));
        var facts =
                new Facts(
                        "public",
                        IpAddress.parse("192.0.2.1"),
                        "",
                        true,
                        shown,
                        Mailbox.parse("eve@x.example"),
                        false,
                        Mailbox.parse("x@foreign.net"));
        Decision decision = Policy.decide(rules, facts);
        String told =
                decision.verdict() instanceof Verdict.Relay relay ? relay.rule() : decision.code();
        assertThat(told).isEqualTo(expected);
        assertThat(Policy.openRelayProblems(rules)).isEmpty();
    }

    private static String shown(Decision decision) {
        String verdict =
                switch (decision.verdict()) {
                    case Verdict.Local local -> "local";
                    case Verdict.Expand expand -> expand.targets().toString();
                    case Verdict.Relay relay -> relay.rule() + " > " + relay.route();
                    case Verdict.HookMayRelay hook ->
                            "hook " + hook.rule() + " > " + hook.route() + " / " + hook.otherwise();
                    case Verdict.Refuse refuse -> refuse.reply().toString();
                };
        return decision.code().isEmpty() ? verdict : verdict + " " + decision.code();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // local domains
                "198.51.100.1 | | x@y.z | ada@local.example | local",
                "198.51.100.1 | | | ada@LOCAL.example | local",
                "198.51.100.1 | | | nobody@local.example | 550 5.1.1 no such recipient here"
                        + " PH-R110",
                "10.0.0.1 | ada | | nobody@local.example | 550 5.1.1 no such recipient here"
                        + " PH-R110",
                "198.51.100.1 | | | ada@[192.0.2.25] | local",
                "198.51.100.1 | | | ada@[192.0.2.26] | 553 5.7.1 sorry, we do not relay PH-R101",
                "198.51.100.1 | | | ada@sub.local.example | 553 5.7.1 sorry, we do not relay"
                        + " PH-R101",
                // tricks with local parts stay local
                "198.51.100.1 | | | ada%foreign.net@local.example | local",
                "198.51.100.1 | | | foreign.net!ada@local.example | local",
                "198.51.100.1 | | | \"ada@foreign.net\"@local.example | local",
                "198.51.100.1 | | | nobody%x.y@local.example | 550 5.1.1 no such recipient here"
                        + " PH-R110",
                // relayed domains
                "198.51.100.1 | | x@y.z | ada@relayed.example | relayed domain > default",
                "10.0.0.1 | ada | | ada@relayed.example | relayed domain > default",
                "198.51.100.1 | | | nobody@relayed.example | 550 5.1.1 no such recipient here"
                        + " PH-R110",
                "198.51.100.1 | | | POSTMASTER@relayed.example | relayed domain > default",
                "198.51.100.1 | | | a%b@relayed.example | 553 5.7.1 sorry, we do not route by local"
                        + " parts PH-R102",
                "198.51.100.1 | | | a\uff05b@relayed.example | 553 5.7.1 sorry, we do not route by"
                        + " local parts PH-R102",
                "198.51.100.1 | | | a\ufe6bb@relayed.example | 553 5.7.1 sorry, we do not route by"
                        + " local parts PH-R102",
                "198.51.100.1 | | | b!a@relayed.example | 553 5.7.1 sorry, we do not route by local"
                        + " parts PH-R102",
                "198.51.100.1 | | | \"a@b\"@relayed.example | 553 5.7.1 sorry, we do not route by"
                        + " local parts PH-R102",
                "198.51.100.1 | ada | | a%b@relayed.example | people > default",
                // relay rules
                "198.51.100.1 | | | ada@foreign.net | 553 5.7.1 sorry, we do not relay PH-R101",
                "127.0.0.1 | | ada@local.example | ada@foreign.net | 553 5.7.1 sorry, we do not"
                        + " relay PH-R101",
                "::1 | | ada@local.example | ada@foreign.net | 553 5.7.1 sorry, we do not relay"
                        + " PH-R101",
                "10.1.2.3 | | app@local.example | ada@foreign.net | apps > default",
                "::ffff:10.1.2.3 | | app@local.example | ada@foreign.net | apps > default",
                "10.1.2.3 | | app@other.example | ada@foreign.net | 553 5.7.1 sorry, we do not"
                        + " relay PH-R101",
                "10.1.2.3 | | | ada@foreign.net | 553 5.7.1 sorry, we do not relay PH-R101",
                "10.1.2.3 | ada | app@local.example | ada@foreign.net | apps > default",
                "10.1.2.3 | ada | | ada@foreign.net | people > default",
                "198.51.100.1 | ada | x@y.z | a%b@foreign.net | people > default",
                // hooks
                "2001:db8::7 | | | ada@foreign.net | hook hooked > default / 553 5.7.1 sorry, we do"
                        + " not relay PH-R101",
                "2001:db8::7 | | | ada@nowhere.org | hook hooked >  / 553 5.7.1 sorry, we do not"
                        + " relay PH-R101",
                "2001:db8::7 | | | ada@refused.example | 550 5.7.1 not there PH-R104",
                "2001:db8::7 | ada | | ada@foreign.net | people > default",
                // routes
                "198.51.100.1 | ada | | ada@nowhere.org | 550 5.7.1 no route to this recipient"
                        + " PH-R103",
                "198.51.100.1 | ada | | ada@refused.example | 550 5.7.1 not there PH-R104",
                "198.51.100.1 | | | ada@refused.example | 553 5.7.1 sorry, we do not relay PH-R101",
                "198.51.100.1 | ada | | ada@stored.example | people > keep",
                "198.51.100.1 | | | ada@stored.example | 553 5.7.1 sorry, we do not relay PH-R101",
            })
    void decides(String client, String login, String sender, String recipient, String expected) {
        assertThat(shown(decide(client, login, sender, recipient)).strip())
                .isEqualTo(expected.strip());
    }

    @Test
    void postmasterAlwaysExists() {
        var rules =
                new PolicySet(
                        Set.of("local.example"), Set.of(), mailbox -> false, List.of(), List.of());
        assertThat(
                        Policy.decideOwn(
                                        rules,
                                        Passage.ofReport(Mailbox.parse("PostMaster@local.example")))
                                .verdict())
                .isEqualTo(new Verdict.Local());
        assertThat(
                        Policy.decideOwn(
                                        rules, Passage.ofReport(Mailbox.parse("ada@local.example")))
                                .code())
                .isEqualTo(PolicyCode.UNKNOWN_RECIPIENT.code());
    }

    @Test
    void decidesAboutOurOwnMail() {
        assertThat(
                        shown(
                                Policy.decideOwn(
                                        RULES, Passage.ofReport(Mailbox.parse("ada@foreign.net")))))
                .isEqualTo("own mail > default");
        assertThat(
                        shown(
                                Policy.decideOwn(
                                        RULES,
                                        Passage.ofReport(Mailbox.parse("a%b@relayed.example")))))
                .isEqualTo("own mail > default");
        assertThat(
                        shown(
                                Policy.decideOwn(
                                        RULES,
                                        Passage.ofReport(Mailbox.parse("ada@local.example")))))
                .isEqualTo("local");
        assertThat(
                        shown(
                                Policy.decideOwn(
                                        RULES,
                                        Passage.ofReport(Mailbox.parse("nobody@relayed.example")))))
                .endsWith("PH-R110");
        assertThat(
                        shown(
                                Policy.decideOwn(
                                        RULES, Passage.ofReport(Mailbox.parse("ada@nowhere.org")))))
                .endsWith("PH-R103");
    }

    @Test
    void tellsItsSteps() {
        assertThat(decide("10.1.2.3", null, "x@y.z", "ada@foreign.net").steps())
                .containsExactly(
                        new Decision.Step(
                                "local?",
                                "foreign.net",
                                "is not one of 2 local domains",
                                false,
                                ""),
                        new Decision.Step(
                                "relayed?",
                                "foreign.net",
                                "is not the one relayed domain",
                                false,
                                ""),
                        new Decision.Step(
                                "relay?",
                                "apps",
                                "reverse-path must be *@local.example",
                                false,
                                ""),
                        new Decision.Step("relay?", "people", "login required", false, ""),
                        new Decision.Step(
                                "relay?", "hooked", "client must be in 2001:db8::/32", false, ""),
                        new Decision.Step(
                                "relay?",
                                "no rule left",
                                "nothing is relayed unless a rule says so",
                                false,
                                ""));
    }

    @Test
    void emptyListsMatchNobody() {
        for (RelayRule rule : List.of(Rules.clients("none"), Rules.senders(Rules.anyone("none")))) {
            var rules =
                    new PolicySet(
                            Set.of(),
                            Set.of(),
                            KnownRecipients.ALL,
                            List.of(rule),
                            List.of(Rules.mx("default", "*")));
            var facts =
                    new Facts(
                            "public",
                            IpAddress.parse("10.0.0.1"),
                            "ada",
                            true,
                            Mailbox.parse("a@b"),
                            Mailbox.parse("c@d"));
            assertThat(Policy.decide(rules, facts).code())
                    .isEqualTo(PolicyCode.RELAY_DENIED.code());
        }
    }

    @Test
    void refusalsFitReplies() {
        assertThatThrownBy(() -> new Route.Refuse("a\r\nb"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Reply.of(550, "5.7.1", new Route.Refuse("no").text()).lines())
                .containsExactly("no");
    }

    @Test
    void aDomainHasOneSpelling() {
        for (String ours :
                new String[] {"bücher.example", "XN--BCHER-KVA.example", "BÜCHER。example"}) {
            var rules =
                    new PolicySet(Set.of(ours), Set.of(), mailbox -> true, List.of(), List.of());
            for (String to :
                    new String[] {
                        "a@bücher.example", "a@Bücher.Example", "a@xn--bcher-kva.example"
                    }) {
                assertThat(Policy.decideOwn(rules, Passage.ofReport(Mailbox.parse(to))).verdict())
                        .as(ours + " " + to)
                        .isInstanceOf(Verdict.Local.class);
            }
            assertThat(
                            Policy.decideOwn(
                                            rules,
                                            Passage.ofReport(Mailbox.parse("a@bucher.example")))
                                    .verdict())
                    .isNotInstanceOf(Verdict.Local.class);
        }
        assertThat(
                        new AddressPattern("*@bücher.example")
                                .matches(Mailbox.parse("a@xn--bcher-kva.example")))
                .isTrue();
    }
}
