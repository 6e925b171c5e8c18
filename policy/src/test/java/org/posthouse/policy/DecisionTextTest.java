package org.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.Mailbox;
import org.posthouse.core.ReversePath;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

class DecisionTextTest {
    private static final Mailbox ADA = Mailbox.parse("ada@far.y");

    private static Decision decide(String client, String login, List<RelayRule> rules) {
        var set =
                new PolicySet(
                        Set.of("a.x"),
                        Set.of(),
                        KnownRecipients.ALL,
                        Aliases.NONE,
                        rules,
                        List.of(Rules.mx("default", "*")),
                        new PolicySet.Places("posthouse.toml:15", "", "", ""));
        var facts =
                new Facts("public", IpAddress.parse(client), login, false, ReversePath.NULL, ADA);
        return Policy.decide(set, facts);
    }

    @Test
    void stepsAreFewCharactersAndReadAgain() {
        Decision decision =
                decide(
                        "10.0.0.1",
                        "",
                        List.of(
                                Rules.clients("far", "192.0.2.0/24"),
                                Rules.login("people"),
                                Rules.clients("apps", "10.0.0.0/8")));
        String text = DecisionText.write(decision);
        assertThat(text)
                .isEqualTo("posthouse.toml\tl-.:15\td-.\tR-cfar\tR-lpeople\tR+.apps\to+.default");
        assertThat(DecisionText.read(text, ADA))
                .containsExactly(
                        step("local?", "far.y", "was not local", false, "posthouse.toml:15"),
                        step("relayed?", "far.y", "was not relayed", false, ""),
                        step("relay?", "far", "client was in none of its networks", false, ""),
                        step("relay?", "people", "there was no login", false, ""),
                        step("relay?", "apps", "all conditions held", true, ""),
                        step("route?", "default", "was for this recipient", true, ""));
    }

    private static Decision.Step step(
            String question, String subject, String answer, boolean held, String place) {
        return new Decision.Step(question, subject, answer, held, place);
    }

    @Test
    void namesMayHoldAnything() {
        for (String name : List.of("a\tb\nc", "x:31", ":", "", "ü \"q\"", "7:x")) {
            Decision decision = decide("10.0.0.1", "", List.of(Rules.clients(name, "10.0.0.0/8")));
            List<Decision.Step> read = DecisionText.read(DecisionText.write(decision), ADA);
            assertThat(read).hasSize(decision.steps().size());
            assertThat(read)
                    .extracting(Decision.Step::held)
                    .containsExactly(false, false, true, true);
        }
    }

    @Test
    void manyRulesAreCutAtAStep() {
        List<RelayRule> rules =
                IntStream.range(0, 500)
                        .mapToObj(i -> Rules.clients("rule-" + i, "192.0.2.0/24"))
                        .toList();
        String text = DecisionText.write(decide("10.0.0.1", "", rules));
        assertThat(text.length()).isBetween(1900, DecisionText.LENGTH_MAX);
        assertThat(DecisionText.read(text, ADA))
                .allSatisfy(step -> assertThat(step.answer()).isNotEmpty());
    }

    @Test
    void rubbishIsReadWithoutHarm() {
        var random = new Random(9);
        String letters = "\tldRo+-.:c1 x";
        for (int round = 0; round < 100_000; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            assertThat(DecisionText.read(text.toString(), ADA)).hasSizeLessThan(20);
        }
    }
}
