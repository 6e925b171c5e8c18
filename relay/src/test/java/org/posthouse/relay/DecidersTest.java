package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthouse.client.Answer;
import org.posthouse.client.Stage;
import org.posthouse.core.EnhancedStatus;
import org.posthouse.core.Outcome.Cause;
import org.posthouse.core.Reply;
import org.posthouse.platform.Dns;
import org.posthouse.platform.Entropy;
import org.posthouse.policy.Route;
import org.posthouse.sim.SimNetwork;
import org.posthouse.sim.SimPlatform;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The pure deciders, case by case. */
class DecidersTest {
    private static final Route.Mx MX = new Route.Mx(Route.Hop.DEFAULT, false);

    /** Random numbers that are always the same. */
    private record Fixed(double fraction) implements Entropy {
        @Override
        public void fill(byte[] octets) {}

        @Override
        public int below(int bound) {
            return (int) (fraction * bound);
        }
    }

    private static final ReplyClassifier REPLIES =
            new ReplyClassifier(RelaySettings.Outcomes.DEFAULT);
    private static final Entropy LOW = new Fixed(0);
    private static final Entropy MIDDLE = new Fixed(0.5);
    private static final Entropy HIGH = new Fixed(0.999999);

    private static RetrySchedule schedule(Entropy entropy, Duration... ladder) {
        var d = RelaySettings.Retry.DEFAULT;
        return new RetrySchedule(
                new RelaySettings.Retry(
                        List.of(ladder),
                        d.giveUpAfter(),
                        d.warnAfter(),
                        d.probeFirst(),
                        d.probeMax(),
                        d.probeMaxLater(),
                        d.reportsGiveUpAfter()),
                entropy);
    }

    @ParameterizedTest
    @CsvSource({
        "TEMPORARY,   5 10 20 40 80 160 240 240",
        "MAILBOX,     15 30 60 120 240 240",
        "GREYLISTED,  5 10 20 40 80 160 240",
        "AMBIGUOUS,   15 15 20 40 80 160 240",
    })
    void delaysFollowTheCause(Cause cause, String minutes) {
        int attempt = 1;
        for (String each : minutes.split(" ")) {
            Duration delay = schedule(MIDDLE).delayAfter(cause, attempt++, Duration.ZERO);
            assertThat(delay).isEqualTo(Duration.ofMinutes(Long.parseLong(each)));
        }
    }

    @Test
    void everyDelayIsSpreadByAFifth() {
        for (Cause cause : List.of(Cause.TEMPORARY, Cause.MAILBOX, Cause.GREYLISTED)) {
            Duration middle = schedule(MIDDLE).delayAfter(cause, 3, Duration.ZERO);
            assertThat(schedule(LOW).delayAfter(cause, 3, Duration.ZERO).toMillis())
                    .isEqualTo(middle.toMillis() * 8 / 10);
            assertThat(schedule(HIGH).delayAfter(cause, 3, Duration.ZERO).toMillis())
                    .isBetween(middle.toMillis() * 119 / 100, middle.toMillis() * 12 / 10);
        }
        assertThat(schedule(LOW).delayAfter(Cause.AMBIGUOUS, 1, Duration.ZERO))
                .isEqualTo(Duration.ofMinutes(15));
    }

    @ParameterizedTest
    @CsvSource({"1, 65", "60, 65", "300, 305", "7200, 3605"})
    void aHintIsHonouredWithinBoundsAndNeverUndercut(long hint, long expected) {
        var asked = Duration.ofSeconds(hint);
        assertThat(schedule(LOW).delayAfter(Cause.GREYLISTED, 1, asked))
                .isEqualTo(Duration.ofSeconds(expected));
        assertThat(schedule(HIGH).delayAfter(Cause.GREYLISTED, 1, asked))
                .isEqualTo(Duration.ofSeconds(expected + 25));
    }

    @Test
    void aGivenLadderReplacesTheTablesButNoHintAndNoLeastDelay() {
        var ladder = schedule(MIDDLE, Duration.ofSeconds(10), Duration.ofSeconds(60));
        for (Cause cause : List.of(Cause.TEMPORARY, Cause.MAILBOX, Cause.GREYLISTED)) {
            assertThat(ladder.delayAfter(cause, 1, Duration.ofMinutes(9)))
                    .isGreaterThan(Duration.ofMinutes(9));
        }
        assertThat(ladder.delayAfter(Cause.AMBIGUOUS, 1, Duration.ZERO)).hasMinutes(15);
        for (Cause cause : List.of(Cause.TEMPORARY, Cause.MAILBOX, Cause.GREYLISTED)) {
            assertThat(ladder.delayAfter(cause, 1, Duration.ZERO)).hasSeconds(10);
            assertThat(ladder.delayAfter(cause, 2, Duration.ZERO)).hasSeconds(60);
            assertThat(ladder.delayAfter(cause, 99, Duration.ZERO)).hasSeconds(60);
        }
    }

    @Test
    void probesOfADeadSiteDoubleUpToTheirMost() {
        var seconds = new ArrayList<Long>();
        for (int failures = 1; failures <= 7; failures++) {
            seconds.add(schedule(MIDDLE).probeDelay(failures, Duration.ZERO).toSeconds());
        }
        assertThat(seconds).containsExactly(30L, 60L, 120L, 240L, 300L, 300L, 300L);
        assertThat(schedule(MIDDLE).probeDelay(Integer.MAX_VALUE, Duration.ofDays(1).minusNanos(1)))
                .hasMinutes(5);
    }

    @Test
    void messagesExpireAndWarningsHaveToComeBefore() {
        assertThat(schedule(LOW).lookMillis(0, true)).isEqualTo(Duration.ofDays(5).toMillis());
        assertThat(schedule(LOW).reportsGiveUpAfter()).isEqualTo(Duration.ofDays(1));
        assertThat(schedule(LOW).warns()).isTrue();
        var day = Duration.ofDays(1);
        var never =
                new RelaySettings.Retry(List.of(), day, day, Duration.ofSeconds(1), day, day, day);
        assertThat(new RetrySchedule(never, LOW).warns()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GREETING | 421 | 4.3.2 | shutting down                            | NET",
                "GREETING | 421 | 4.7.0 | too many connections from your host      | LIMIT",
                "GREETING | 554 | 5.7.1 | no SMTP service here                     | NET",
                "HELLO    | 550 |       | go away                                  | NET",
                "MAIL     | 421 | 4.3.2 | shutting down                            | NET",
                "MAIL     | 452 | 4.3.2 | Too many concurrent sessions             | LIMIT",
                "MAIL     | 451 | 4.3.0 | something                                | TMP",
                "MAIL     | 550 | 5.7.1 | not you                                  | PERM",
                "RCPT     | 421 | 4.3.2 | shutting down                            | TMP",
                "RCPT     | 450 | 4.2.0 | Greylisted, come back in 5 minutes       | GREY",
                "RCPT     | 451 | 4.7.1 | try later                                | GREY",
                "RCPT     | 451 |       | please try again in 300 seconds          | GREY",
                "RCPT     | 450 | 4.2.1 | mailbox busy                             | BOX",
                "RCPT     | 452 | 4.2.2 | over quota                               | BOX",
                "RCPT     | 452 | 4.3.1 | system full                              | BOX",
                "RCPT     | 450 |       | the mailbox is full                      | BOX",
                "RCPT     | 452 | 4.5.3 | too many recipients                      | CROWDED",
                "RCPT     | 452 |       | too many                                 | CROWDED",
                "RCPT     | 552 |       | too many recipients                      | CROWDED",
                "RCPT     | 552 | 5.5.3 | too many recipients                      | CROWDED",
                "RCPT     | 552 | 5.2.2 | mailbox full                             | PERM",
                "RCPT     | 550 | 5.1.1 | nobody                                   | PERM",
                "RCPT     | 450 | 4.1.1 | something                                | TMP",
                "DATA     | 451 | 4.3.0 | something                                | TMP",
                "CONTENT  | 552 | 5.3.4 | too big                                  | PERM",
                "CONTENT  | 452 | 4.3.1 | disk full                                | TMP",
                "CONTENT  | 250 | 2.0.0 | ok                                       | DELIVERED",
            })
    void repliesMeanByStageCodeStatusAndWords(
            Stage stage, int code, String status, String text, ReplyClass meaning) {
        var enhanced = status == null ? EnhancedStatus.NONE : EnhancedStatus.of(status);
        var reply = new Reply(code, enhanced, List.of(text));
        assertThat(REPLIES.of(stage, reply)).isEqualTo(meaning);
        assertThat(meaning(new Answer(Answer.Kind.SAID, stage, reply))).isEqualTo(meaning);
    }

    @Test
    void whatIsLostOrAmbiguousOrUnsupportedMeansThatWhateverTheWords() {
        var reply = Reply.of(421, "4.4.2", "too many connections");
        assertThat(meaning(new Answer(Answer.Kind.LOST, Stage.RCPT, reply)))
                .isEqualTo(ReplyClass.TMP);
        assertThat(meaning(new Answer(Answer.Kind.AMBIGUOUS, Stage.CONTENT, reply)))
                .isEqualTo(ReplyClass.AMBIG);
        assertThat(meaning(new Answer(Answer.Kind.UNSUPPORTED, Stage.MAIL, reply)))
                .isEqualTo(ReplyClass.PERM);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "greylisted, try again in 5 minutes     | 300",
                "Greylisted for 300 seconds             | 300",
                "please retry in 60s                    | 60",
                "come back in 2 hours                   | 7200",
                "try again in 10 m                      | 600",
                "please come back in 00:05:00           | 300",
                "come back in 01:02:03.                 | 3723",
                "come back in 00:05                     | 0",
                "come back in 00:05:000                 | 0",
                "come back in 1:05:00                   | 0",
                "try again later                        | 0",
                "try again in a few minutes             | 0",
                "try again in 99999999 seconds          | 0",
                "in 1999 we had 3 servers               | 0",
            })
    void hintsAreReadWhereTheyAreClear(String text, long seconds) {
        assertThat(RetryHint.of(Reply.of(450, "4.7.1", text)))
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void theCircuitOpensProbesOnceAndCloses() {
        var circuit = new SiteCircuit((before, after) -> {});
        var site =
                new Site(
                        "x",
                        8,
                        new ProbeBudget(ProbeBudget.PER_SECOND),
                        new Site.Shares(
                                new Streams(new Tenants(List.of())),
                                new Providers(List.of()),
                                Site.Common.NONE,
                                (which, before, after) -> {}));
        assertThat(site.isOpenFor(0)).isTrue();
        site.workerStarted(1000);
        site.failed(1000, schedule(MIDDLE));
        site.workerEnded();
        assertThat(site.isOpenFor(1999)).isFalse();
        assertThat(site.isOpenFor(2000)).isTrue();
        site.workerStarted(2000);
        assertThat(site.isOpenFor(2000)).isFalse();
        site.failed(2000, schedule(MIDDLE));
        assertThat(site.circuit().untilMillis()).isEqualTo(32_000);
        site.circuit().probeNow();
        assertThat(site.circuit().isOpen()).isFalse();
        site.works(1, 32_000);
        assertThat(site.isOpenFor(0)).isTrue();
        circuit.probeNow();
        assertThat(circuit.isClosed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "8.8.8.8, false",
        "192.0.2.1, false",
        "2001:db8::1, false",
        "127.0.0.1, true",
        "127.255.255.255, true",
        "10.1.2.3, true",
        "172.16.0.1, true",
        "172.32.0.1, false",
        "192.168.1.1, true",
        "169.254.1.1, true",
        "100.64.0.1, true",
        "100.128.0.1, false",
        "0.0.0.0, true",
        "224.0.0.1, true",
        "255.255.255.255, true",
        "::, true",
        "::1, true",
        "::ffff:10.0.0.1, true",
        "::7f00:1, true",
        "fe80::1, true",
        "fd00::1, true",
        "ff02::1, true",
        "64:ff9b::7f00:1, true",
        "64:ff9b::808:808, false",
        "2002:7f00:1::, true",
        "2002:808:808::, false",
    })
    void addressesOfTheInsideAreKnownHoweverWritten(String address, boolean inside) {
        assertThat(AddressScope.isInside(SimNetwork.address(address))).isEqualTo(inside);
    }

    @Test
    void exchangersOfEqualPreferenceAreShuffledAndOthersKeepTheirOrder() {
        Set<String> orders = new TreeSet<>();
        for (int seed = 0; seed < 50; seed++) {
            var sim = new SimPlatform(seed);
            Dns dns =
                    sim.dns()
                            .mx("x.example", 20, "c.example")
                            .mx("x.example", 10, "a.example", "b.example")
                            .address("a.example", "192.0.2.1")
                            .address("b.example", "192.0.2.2")
                            .address("c.example", "192.0.2.3", "2001:db8::3");
            var resolver =
                    new MxResolver(dns, sim.entropy(), "us.example", OwnAddresses.NONE, () -> {});
            var found = (Exchangers.Found) resolver.exchangers("x.example", MX);
            orders.add(
                    found.hosts().stream().map(h -> h.name().substring(0, 1)).toList().toString());
            assertThat(found.hosts().get(2).addresses())
                    .containsExactly(
                            SimNetwork.address("2001:db8::3"), SimNetwork.address("192.0.2.3"));
        }
        assertThat(orders).containsExactly("[a, b, c]", "[b, a, c]");
    }

    @Test
    void exchangersAndAddressesBeyondTheirLimitsAreLeftOut() {
        var sim = new SimPlatform(1);
        for (int i = 0; i < 40; i++) {
            sim.dns().mx("x.example", i, "mx" + i + ".example");
            sim.dns().address("mx" + i + ".example", "192.0.2." + i);
            sim.dns().address("mx0.example", "198.51.100." + i);
        }
        var resolver = new MxResolver(sim.dns(), LOW, "us.example", OwnAddresses.NONE, () -> {});
        var found = (Exchangers.Found) resolver.exchangers("x.example", MX);
        assertThat(found.hosts()).hasSize(MxResolver.HOSTS_MAX);
        assertThat(found.hosts().get(0).addresses()).hasSize(AddressLookup.ADDRESSES_MAX);
        assertThat(found.hosts().get(19).name()).isEqualTo("mx19.example");
    }

    @Test
    void aPlanGoesThroughAllAddressesAndSkipsWhatItIsTold() {
        var a = new Exchangers.Host("a", 1, 25, addresses("192.0.2.1", "192.0.2.2"));
        var b = new Exchangers.Host("b", 2, 25, addresses("192.0.2.3"));
        var c = new Exchangers.Host("c", 3, 25, addresses("192.0.2.4"));
        var plan = new HostPlan(List.of(a, b, c));
        var seen = new ArrayList<String>();
        while (plan.next()) {
            seen.add(plan.address().getHostAddress());
        }
        assertThat(seen).containsExactly("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4");
        assertThat(plan.next()).isFalse();
        var other = new HostPlan(List.of(a, b, c));
        assertThat(other.next()).isTrue();
        other.skipHost();
        assertThat(other.next()).isTrue();
        assertThat(other.host()).isEqualTo(b);
        other.dropOurselves();
        assertThat(other.next()).isFalse();
    }

    private static List<java.net.InetAddress> addresses(String... literals) {
        return java.util.Arrays.stream(literals).map(SimNetwork::address).toList();
    }

    private static ReplyClass meaning(Answer answer) {
        return REPLIES.of(answer, Authored.NOTHING);
    }
}
