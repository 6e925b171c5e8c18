package org.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.core.Mailbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Which addresses are behind an alias. */
class AliasExpansionTest {
    private static final Map<String, String> ALIASES =
            Map.of(
                    "info@a.example", "ada@a.example bob@far.example",
                    "all@a.example", "info@a.example eve@a.example info@a.example",
                    "ada@a.example", "ada@a.example archive@b.example",
                    "ping@a.example", "pong@a.example",
                    "pong@a.example", "ping@a.example",
                    "ring@a.example", "ping@a.example ada@a.example",
                    "out@far.example", "eve@a.example",
                    "lost@a.example", "nobody@b.example");

    private static PolicySet rules(Aliases aliases) {
        return new PolicySet(
                Set.of("a.example", "b.example"),
                Set.of(),
                mailbox -> !mailbox.localPart().startsWith("no"),
                aliases,
                List.of(),
                List.of());
    }

    private static final Aliases OF_TABLE =
            new Aliases() {
                @Override
                public List<Mailbox> targets(Mailbox address) {
                    String text = ALIASES.getOrDefault(address.address(), "");
                    return text.isEmpty()
                            ? List.of()
                            : Stream.of(text.split(" ")).map(Mailbox::parse).toList();
                }

                @Override
                public List<Mailbox> catchAll(String domain) {
                    return domain.equals("a.example")
                            ? List.of(Mailbox.parse("eve@a.example"))
                            : List.of();
                }
            };

    @ParameterizedTest
    @CsvSource({
        // no alias
        "eve@a.example, eve@a.example",
        "eve@far.example, eve@far.example",
        // an alias of a domain that is not ours is none
        "out@far.example, out@far.example",
        // itself and others; through another; each once
        "ada@a.example, ada@a.example archive@b.example",
        "info@a.example, ada@a.example archive@b.example bob@far.example",
        "all@a.example, ada@a.example archive@b.example bob@far.example eve@a.example",
        // loops end
        "ping@a.example, ''",
        "ring@a.example, ada@a.example archive@b.example",
        // the rest of a domain, which another has not
        "nobody@a.example, eve@a.example",
        "nobody@b.example, nobody@b.example",
        "lost@a.example, nobody@b.example",
    })
    void expand(String address, String expected) {
        List<String> found =
                Policy.expand(rules(OF_TABLE), Mailbox.parse(address)).stream()
                        .map(Mailbox::address)
                        .toList();
        assertThat(String.join(" ", found)).isEqualTo(expected);
    }

    @Test
    void tooManyAreNone() {
        for (int count : new int[] {AliasExpansion.TARGETS_MAX - 1, AliasExpansion.TARGETS_MAX}) {
            var many = new ArrayList<Mailbox>();
            for (int i = 0; i < count; i++) {
                many.add(Mailbox.parse("m" + i + "@far.example"));
            }
            Aliases aliases =
                    address -> address.localPart().equals("all") ? List.copyOf(many) : List.of();
            Mailbox all = Mailbox.parse("all@a.example");
            boolean isTooMany = count == AliasExpansion.TARGETS_MAX;
            assertThat(Policy.expand(rules(aliases), all)).hasSize(isTooMany ? 0 : count);
            assertThat(AliasExpansion.isTooMany(rules(aliases), all)).isEqualTo(isTooMany);
        }
    }

    /** The operator sees it and mends it; until then the mail waits where it is. */
    @Test
    void anAliasOfTooManyIsNotRefusedForGood() {
        var many = new ArrayList<Mailbox>();
        for (int i = 0; i <= AliasExpansion.TARGETS_MAX; i++) {
            many.add(Mailbox.parse("m" + i + "@a.example"));
        }
        Aliases aliases =
                address ->
                        switch (address.localPart()) {
                            case "all" -> List.copyOf(many);
                            case "ping" -> List.of(Mailbox.parse("pong@a.example"));
                            case "pong" -> List.of(Mailbox.parse("ping@a.example"));
                            default -> List.of();
                        };
        assertThat(reply(aliases, "all@a.example")).startsWith("451 4.2.4");
        assertThat(reply(aliases, "ping@a.example")).startsWith("550 5.1.1");
    }

    private static String reply(Aliases aliases, String recipient) {
        var facts =
                new Facts(
                        "in",
                        IpAddress.parse("192.0.2.1"),
                        "",
                        false,
                        Mailbox.parse("a@far.example"),
                        Mailbox.parse(recipient));
        Verdict verdict = Policy.decide(rules(aliases), facts).verdict();
        return ((Verdict.Refuse) verdict).reply().toString();
    }

    /** Each leads to the next two: without looking at each once, this would not end. */
    @Test
    void aliasesThatFanOutEnd() {
        Aliases fan =
                address -> {
                    int level = Integer.parseInt(address.localPart().substring(1));
                    return level >= 300
                            ? List.of()
                            : List.of(
                                    Mailbox.parse("m" + (level + 1) + "@a.example"),
                                    Mailbox.parse("m" + (level + 2) + "@a.example"));
                };
        assertThat(Policy.expand(rules(fan), Mailbox.parse("m0@a.example"))).hasSize(2);
    }
}
