package org.posthouse.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.core.Mailbox;
import org.posthouse.core.ReversePath;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

class RelayProofTest {
    private static final Door PUBLIC = door("public", "port 25", Door.ANYWHERE, false, false);
    private static final Door SUBMISSION =
            door("submission", "port 587", Door.ANYWHERE, true, true);
    private static final Door HERE = door("here", "port 2525", Door.HERE, false, false);

    private final Random random = new Random(5);

    private static Door door(
            String name, String place, List<IpNetwork> clients, boolean offers, boolean needs) {
        return new Door(name, place, clients, offers, needs, false, List.of(), List.of());
    }

    @Test
    void saysWhoMayRelay() {
        assertThat(sentence(List.of(), PUBLIC)).isEqualTo("nobody");
        assertThat(sentence(List.of(Rules.clients("apps", "10.20.0.0/16")), PUBLIC, HERE))
                .isEqualTo("10.20.0.0/16 on port 25");
        assertThat(
                        sentence(
                                List.of(
                                        Rules.clients("apps", "10.20.0.0/17", "10.20.128.0/17"),
                                        Rules.login("people")),
                                PUBLIC,
                                SUBMISSION))
                .isEqualTo(
                        "10.20.0.0/16 on port 25; logins from 10.20.0.0/16 on port 587; logins on"
                                + " port 587");
        assertThat(sentence(List.of(Rules.anyone("all")), PUBLIC, SUBMISSION))
                .isEqualTo("EVERYBODY on port 25; logins on port 587");
        assertThat(sentence(List.of(Rules.anyone("all")), HERE))
                .isEqualTo("127.0.0.0/8, ::1 on port 2525");
    }

    @Test
    void aRuleThatCanHoldNowhereIsTold() {
        RelayProof proof = RelayProof.of(List.of(Rules.login("people")), List.of(PUBLIC));
        assertThat(proof.unused()).containsExactly("people");
        assertThat(proof.sentence()).isEqualTo("nobody");
    }

    @Test
    void whoMaySpeakForOthersIsNamed() {
        var proxied =
                new Door(
                        "proxied",
                        "port 25",
                        Door.ANYWHERE,
                        false,
                        false,
                        false,
                        List.of(IpNetwork.parse("10.0.0.5")),
                        List.of());
        assertThat(sentence(List.of(Rules.clients("apps", "10.20.0.0/16")), proxied))
                .isEqualTo(
                        "10.20.0.0/16 on port 25; 10.0.0.5 for whom they say they are on port 25");
    }

    /**
     * A small world, counted out: the proof holds whom the decision lets relay, and nobody else.
     */
    @Test
    void holdsExactlyThoseWhomTheDecisionLetsRelay() {
        List<Door> doors = List.of(PUBLIC, SUBMISSION, HERE);
        int held = 0;
        for (int round = 0; round < 2_000; round++) {
            List<RelayRule> rules = rules();
            RelayProof proof = RelayProof.of(rules, doors);
            for (int last = 0; last < 16; last++) {
                IpAddress client = IpAddress.parse("127.0.0." + last);
                for (Door door : doors) {
                    boolean plain = !door.needsLogin() && relays(rules, door, client, "");
                    boolean loggedIn =
                            door.offersLogin() ? relays(rules, door, client, "ada") : plain;
                    assertThat(proof.holds(door.name(), client))
                            .as("%s %s %s", rules, door, client)
                            .isEqualTo(plain);
                    assertThat(proof.holdsWithLogin(door.name(), client))
                            .as("%s %s %s with a login", rules, door, client)
                            .isEqualTo(loggedIn);
                    held += plain ? 1 : 0;
                }
            }
        }
        assertThat(held).isBetween(5_000, 80_000);
    }

    @Test
    void networksAreTheFewest() {
        for (int round = 0; round < 5_000; round++) {
            List<IpNetwork> networks = networks();
            List<IpNetwork> fewest = NetworkSet.minimal(networks);
            for (int last = 0; last < 16; last++) {
                IpAddress address = IpAddress.parse("127.0.0." + last);
                assertThat(NetworkSet.contains(fewest, address))
                        .isEqualTo(NetworkSet.contains(networks, address));
            }
            assertThat(fewest.size()).isLessThanOrEqualTo(new TreeSet<>(shown(networks)).size());
            assertThat(NetworkSet.minimal(fewest)).isEqualTo(fewest);
        }
    }

    private static List<String> shown(List<IpNetwork> networks) {
        return networks.stream().map(IpNetwork::toString).toList();
    }

    private static boolean relays(
            List<RelayRule> rules, Door door, IpAddress client, String login) {
        var set =
                new PolicySet(
                        Set.of("a.x"),
                        Set.of(),
                        KnownRecipients.ALL,
                        rules,
                        List.of(Rules.mx("default", "*")));
        var facts =
                new Facts(
                        door.name(),
                        client,
                        login,
                        false,
                        ReversePath.NULL,
                        Mailbox.parse("ada@far.y"));
        return Policy.decide(set, facts).verdict() instanceof Verdict.Relay;
    }

    private List<RelayRule> rules() {
        var rules = new ArrayList<RelayRule>();
        for (int i = random.nextInt(3); i > 0; i--) {
            rules.add(
                    new RelayRule(
                            "rule" + i,
                            networks(),
                            random.nextInt(8) == 0,
                            random.nextInt(3) == 0,
                            List.of(),
                            true,
                            false,
                            false));
        }
        return rules;
    }

    private List<IpNetwork> networks() {
        var networks = new ArrayList<IpNetwork>();
        for (int i = random.nextInt(5); i > 0; i--) {
            int bits = random.nextInt(5);
            int base = random.nextInt(16) >> (4 - bits) << (4 - bits);
            networks.add(IpNetwork.parse("127.0.0." + base + "/" + (28 + bits)));
        }
        return networks;
    }

    private static String sentence(List<RelayRule> rules, Door... doors) {
        return RelayProof.of(rules, List.of(doors)).sentence();
    }
}
