package org.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

class OpenRelayCheckTest {
    private static final String[] HALVES = {"0.0.0.0/1", "128.0.0.0/1"};

    private static List<RelayProblem> problems(RelayRule... rules) {
        return Policy.openRelayProblems(
                new PolicySet(Set.of(), Set.of(), KnownRecipients.ALL, List.of(rules), List.of()));
    }

    private static List<List<String>> rulesNamed(RelayRule... rules) {
        return problems(rules).stream().map(RelayProblem::rules).toList();
    }

    @Test
    void findsRulesWithoutConditions() {
        assertThat(rulesNamed(Rules.clients("a", "10.0.0.0/8"), Rules.anyone("b")))
                .containsExactly(List.of("b"));
        assertThat(rulesNamed(Rules.senders(Rules.anyone("b"), "*@a.example")))
                .containsExactly(List.of("b"));
    }

    @Test
    void letsPassWhatIsBounded() {
        assertThat(problems()).isEmpty();
        assertThat(problems(Rules.login("a"), Rules.clients("b", "10.0.0.0/8", "::1"))).isEmpty();
        assertThat(problems(Rules.byHook(Rules.anyone("a")))).isEmpty();
        assertThat(problems(Rules.meant(Rules.anyone("a")))).isEmpty();
        assertThat(problems(Rules.clients("none"))).isEmpty();
        assertThat(problems(Rules.senders(Rules.anyone("none")))).isEmpty();
    }

    @Test
    void findsNetworksThatCoverTheInternet() {
        assertThat(rulesNamed(Rules.clients("a", "0.0.0.0/0"))).containsExactly(List.of("a"));
        assertThat(rulesNamed(Rules.clients("a", "::/0"))).containsExactly(List.of("a"));
        assertThat(rulesNamed(Rules.clients("a", "::ffff:0.0.0.0/96")))
                .containsExactly(List.of("a"));
        assertThat(rulesNamed(Rules.clients("a", HALVES))).containsExactly(List.of("a"));
        assertThat(
                        rulesNamed(
                                Rules.clients("a", "0.0.0.0/1"),
                                Rules.login("between"),
                                Rules.clients("six", "2001:db8::/32"),
                                Rules.clients("b", "128.0.0.0/1")))
                .containsExactly(List.of("a", "b"));
        assertThat(rulesNamed(Rules.clients("a", "2000::/5", "2800::/5")))
                .containsExactly(List.of("a"));
        assertThat(rulesNamed(Rules.clients("a", "0.0.0.0/0", "::/0"))).hasSize(2);
    }

    @Test
    void specialNetworksNeedNotBeCovered() {
        List<String> all = slash8s();
        all.removeIf(n -> Set.of("0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8").contains(n));
        all.removeIf(n -> Integer.parseInt(n.substring(0, n.indexOf('.'))) >= 224);
        assertThat(problems(Rules.clients("a", all.toArray(String[]::new)))).hasSize(1);
        all.remove("8.0.0.0/8");
        assertThat(problems(Rules.clients("a", all.toArray(String[]::new)))).isEmpty();
        all.add("8.0.0.0/9");
        all.add("8.128.0.0/10");
        assertThat(problems(Rules.clients("a", all.toArray(String[]::new)))).isEmpty();
        all.add("8.192.0.0/10");
        assertThat(problems(Rules.clients("a", all.toArray(String[]::new)))).hasSize(1);
    }

    @Test
    void oneAddressLessIsNotCovered() {
        List<String> networks = new ArrayList<>();
        IpNetwork rest = IpNetwork.parse("0.0.0.0/0");
        IpAddress spared = IpAddress.parse("93.184.216.34");
        while (rest.bits() < 32) {
            boolean upper = rest.half(true).contains(spared);
            networks.add(rest.half(!upper).toString());
            rest = rest.half(upper);
        }
        assertThat(networks).hasSize(32);
        assertThat(problems(Rules.clients("a", networks.toArray(String[]::new)))).isEmpty();
        networks.add(spared.toString());
        assertThat(problems(Rules.clients("a", networks.toArray(String[]::new)))).hasSize(1);
    }

    @Test
    void coversWhatTheNumbersSay() {
        var random = new Random(24);
        int covered = 0;
        for (int round = 0; round < 20_000; round++) {
            var held = new boolean[256];
            List<IpNetwork> networks = new ArrayList<>();
            for (int i = random.nextInt(10); i > 0; i--) {
                int bits = 1 + random.nextInt(4);
                int size = 256 >> bits;
                int first = random.nextInt(1 << bits) * size;
                networks.add(IpNetwork.parse(first + ".0.0.0/" + bits));
                java.util.Arrays.fill(held, first, first + size, true);
            }
            int bits = random.nextInt(5);
            int size = 256 >> bits;
            int first = random.nextInt(1 << bits) * size;
            boolean all = true;
            for (int i = first; i < first + size; i++) {
                all &= held[i];
            }
            covered += all ? 1 : 0;
            assertThat(OpenRelayCheck.covers(networks, IpNetwork.parse(first + ".0.0.0/" + bits)))
                    .as("%s of %s/%s", networks, first, bits)
                    .isEqualTo(all);
        }
        assertThat(covered).isBetween(1_000, 19_000);
    }

    private static List<String> slash8s() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            all.add(i + ".0.0.0/8");
        }
        return all;
    }
}
