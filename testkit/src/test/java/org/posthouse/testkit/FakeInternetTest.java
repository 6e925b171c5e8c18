package org.posthouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthouse.testkit.FaultPoint.connect;
import static org.posthouse.testkit.FaultPoint.data;
import static org.posthouse.testkit.FaultPoint.dot;
import static org.posthouse.testkit.FaultPoint.rcptTo;
import static org.posthouse.testkit.Selectors.any;
import static org.posthouse.testkit.Selectors.to;

import org.junit.jupiter.api.Test;
import org.posthouse.Message;
import org.posthouse.Posthouse;
import org.posthouse.PosthouseBuilder;
import org.posthouse.core.SpoolId;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

@PosthouseTest
final class FakeInternetTest {
    private static final String ADA = "ada@partner.example";
    private static final String APP = "app@shop.example";
    private static final String MX = "mx.partner.example";

    /** Retries of most refusals: 5, 10, 20, 40, 80, 160 minutes, and a share of each by chance. */
    private static final Duration FIRST_RETRY = Duration.ofMinutes(5);

    private static Message message(String address) {
        return Message.builder()
                .from(APP)
                .to(address)
                .subject("Order 1")
                .text("Three teapots")
                .build();
    }

    private static Posthouse start(FakeInternet net) {
        return net.start(net.builder().hostname("mail.shop.example"));
    }

    /** A message for Ada, whose host is as it is by then. */
    private static SpoolId submit(FakeInternet net) {
        return start(net).submit(message(ADA)).id();
    }

    private static FakeHost partner(FakeInternet net) {
        net.domain("partner.example").mx(MX);
        net.domain("shop.example").mx("mx.shop.example");
        return net.host(MX);
    }

    @Test
    void deliversInNoTime(FakeInternet net) {
        partner(net);

        submit(net);
        net.runUntilQuiet();

        assertThat(net.one(to(ADA)).subject()).isEqualTo("Order 1");
        assertThat(net.now()).isEqualTo(FakeInternet.START);
    }

    @Test
    void deliversWhenTheHostIsBackOnTheThirdDay(FakeInternet net) {
        FakeHost partner = partner(net).down(Duration.ofDays(3));

        submit(net);
        net.advance(Duration.ofDays(4));

        Instant back = FakeInternet.START.plus(Duration.ofDays(3));
        assertThat(net.one(to(ADA)).receivedAt()).isBetween(back, back.plus(Duration.ofHours(1)));
        assertThat(partner.connectionsAt()).isSorted().hasSizeBetween(100, 1000);
        assertThat(net.now()).isEqualTo(FakeInternet.START.plus(Duration.ofDays(4)));
    }

    @Test
    void reportsWhatCouldNotBeDeliveredInFiveDays(FakeInternet net) {
        partner(net).down();

        submit(net);
        net.runUntilSettled();

        assertThat(net.now()).isEqualTo(FakeInternet.START.plus(Duration.ofDays(5)));
        List<ReceivedMail> reports = net.reportsTo(APP);
        assertThat(reports).hasSize(2).allMatch(report -> report.text().contains(ADA));
        assertThat(reports.getFirst().receivedAt())
                .isEqualTo(FakeInternet.START.plus(Duration.ofHours(4)));
        assertThat(reports.getLast().subject()).startsWith("Undelivered");
        assertThat(net.received(to(ADA))).isEmpty();
    }

    @Test
    void theSecondExchangerTakesWhatTheFirstCanNot(FakeInternet net) {
        net.domain("partner.example").mx("mx1.partner.example", "mx2.partner.example");
        FakeHost first = net.host("mx1.partner.example").down();

        submit(net);
        net.runUntilQuiet();

        assertThat(first.connectionsAt()).hasSize(1);
        assertThat(net.host("mx2.partner.example").received(to(ADA))).hasSize(1);
    }

    @Test
    void aHostThatAnswersNothingCostsATimeOut(FakeInternet net) {
        net.domain("partner.example").mx(10, "mx1.partner.example").mx(20, "mx2.partner.example");
        net.host("mx1.partner.example").silent();

        submit(net);
        net.runUntilSettled();

        Instant received = net.one(to(ADA)).receivedAt();
        assertThat(received).isEqualTo(FakeInternet.START.plus(Duration.ofSeconds(30)));
    }

    @Test
    void aHostThatIsSilentForAWhileAnswersThen(FakeInternet net) {
        partner(net).silent(Duration.ofSeconds(20));

        submit(net);
        net.runUntilSettled();

        Instant received = net.one(to(ADA)).receivedAt();
        assertThat(received).isEqualTo(FakeInternet.START.plus(Duration.ofSeconds(20)));
    }

    @Test
    void attemptsComeAsTheScheduleSays(FakeInternet net) {
        Fault full = partner(net).when(rcptTo("ada@*")).refuse(452, "4.2.2", "full").times(3);

        submit(net);
        net.runUntilSettled();

        List<Attempt> attempts = net.attempts(to(ADA));
        assertThat(attempts).hasSize(4);
        assertThat(full.uses()).isEqualTo(3);
        for (int i = 1; i < attempts.size(); i++) {
            Duration pause = Duration.between(attempts.get(i - 1).at(), attempts.get(i).at());
            assertThat(pause).isGreaterThanOrEqualTo(FIRST_RETRY.multipliedBy(i).dividedBy(2));
        }
        assertThat(attempts.getLast().mail()).isPresent();
    }

    @Test
    void theSameHappensEachTime() {
        assertThat(run()).isEqualTo(run()).hasSize(5);
    }

    private static List<Instant> run() {
        try (FakeInternet net = FakeInternet.create()) {
            partner(net).when(rcptTo()).refuse(451, "4.3.0", "later").times(4);
            submit(net);
            net.runUntilSettled();
            return net.attempts(any()).stream().map(Attempt::at).toList();
        }
    }

    @Test
    void greylistsOnce(FakeInternet net) {
        partner(net).when(rcptTo()).greylist();

        submit(net);
        net.runUntilSettled();

        assertThat(net.attempts(to(ADA))).hasSize(2);
        assertThat(net.one(to(ADA)).receivedAt()).isAfter(FakeInternet.START);
    }

    @Test
    void refusesForGood(FakeInternet net) {
        partner(net).when(rcptTo("ada@*")).refuse(550, "5.1.1", "no such user");

        submit(net);
        net.runUntilQuiet();

        assertThat(net.reportsTo(APP)).hasSize(1);
        assertThat(net.reportsTo(APP).getFirst().text()).contains("no such user");
    }

    @Test
    void closesAndBreaksConnections(FakeInternet net) {
        FakeHost partner = partner(net);
        partner.when(connect()).close().once();
        partner.when(data()).drop().once();
        partner.when(dot()).drop().once();

        submit(net);
        net.runUntilSettled();

        assertThat(net.received(to(ADA))).hasSize(1);
        assertThat(partner.unusedFaults()).isEmpty();
    }

    @Test
    void usesTlsWhereItIsOffered(FakeInternet net) {
        partner(net).offersTls();
        Posthouse posthouse = start(net);
        SpoolId id = posthouse.submit(message(ADA)).id();
        net.runUntilSettled();
        net.advance(Duration.ofSeconds(1)); // what happened is written down a little later

        assertThat(net.received(to(ADA))).hasSize(1);
        assertThat(posthouse.tries(id).getFirst().protection().tls()).startsWith("TLSv1");
    }

    @Test
    void goesOnInClearTextWhereTlsFails(FakeInternet net) {
        Fault fails = partner(net).offersTls().when(connect()).tlsFail().once();

        submit(net);
        net.runUntilSettled();

        assertThat(net.received(to(ADA))).hasSize(1);
        assertThat(fails.uses()).isEqualTo(1);
    }

    @Test
    void aServerThatHangsCostsTheTimeOutOfThatStep(FakeInternet net) {
        partner(net).when(dot()).hang().once();

        submit(net);
        net.runUntilSettled();

        Instant received = net.one(to(ADA)).receivedAt();
        assertThat(received).isAfter(FakeInternet.START.plus(Duration.ofMinutes(10)));
    }

    @Test
    void delaysAreThoseOfTheClock(FakeInternet net) {
        partner(net).when(dot()).delay(Duration.ofMinutes(2));

        submit(net);
        net.advance(Duration.ofMinutes(2).minusMillis(1));
        assertThat(net.received()).isEmpty();

        net.advance(Duration.ofMillis(1));
        assertThat(net.received()).hasSize(1);
    }

    @Test
    void waitsForNameServersAndBelievesThem(FakeInternet net) {
        partner(net);
        net.domain("partner.example").servfail(Duration.ofDays(1));
        net.domain("gone.example").nxdomain();
        net.domain("mute.example").nullMx();
        Posthouse posthouse = start(net);

        posthouse.submit(message(ADA));
        posthouse.submit(message("bob@gone.example"));
        posthouse.submit(message("bob@mute.example"));
        posthouse.submit(message("bob@nowhere.example"));
        net.runUntilQuiet();

        assertThat(net.reportsTo(APP)).hasSize(3);
        net.runUntilSettled();
        Instant back = FakeInternet.START.plus(Duration.ofDays(1));
        assertThat(net.one(to(ADA)).receivedAt()).isAfterOrEqualTo(back);
    }

    @Test
    void whatWasAnsweredIsRemembered(FakeInternet net) {
        FakeHost before = partner(net);
        net.domain("partner.example").ttl(Duration.ofHours(1));
        Posthouse posthouse = start(net);
        posthouse.submit(message(ADA));
        net.runUntilQuiet();

        net.domain("partner.example").noMx().mx("new.partner.example");
        net.advance(Duration.ofMinutes(59));
        posthouse.submit(message(ADA));
        net.advance(Duration.ofMinutes(1));
        posthouse.submit(message(ADA));
        net.runUntilQuiet();

        assertThat(before.received()).hasSize(2);
        assertThat(net.host("new.partner.example").received()).hasSize(1);
    }

    @Test
    void aHostWithoutExchangersIsAskedItself(FakeInternet net) {
        FakeHost host = net.host("Partner.Example");

        submit(net);
        net.runUntilQuiet();

        assertThat(host.received(to(ADA))).hasSize(1);
        assertThat(host.name()).isEqualTo("partner.example");
    }

    @Test
    void whatWasQueuedIsDeliveredAfterARestart(FakeInternet net) {
        FakeHost partner = partner(net).down();
        PosthouseBuilder settings = net.builder().hostname("mail.shop.example");
        Posthouse first = net.start(settings);
        first.submit(message(ADA));
        net.advance(Duration.ofDays(1));
        first.close();

        partner.up();
        net.start(settings);
        net.runUntilSettled();

        assertThat(net.one(to(ADA)).receivedAt())
                .isAfterOrEqualTo(FakeInternet.START.plus(Duration.ofDays(1)));
    }

    @Test
    void programsSubmitByRealPorts(FakeInternet net) {
        net.host("example.com");
        Posthouse posthouse =
                net.start(
                        net.builder()
                                .hostname("mail.shop.example")
                                .listenLoopback(0, listener -> {})
                                .relay(rule -> rule.clients("127.0.0.1")));

        new App("127.0.0.1", posthouse.port()).signUp("ada@example.com");
        net.runUntilQuiet();

        assertThat(net.one(to("ada@example.com")).subject()).isEqualTo("Verify your address");
    }

    @Test
    void enginesDoNotSeeEachOther(FakeInternet net) {
        partner(net);

        start(net).submit(message(ADA));
        net.start(net.builder().hostname("mail.shop.example")).submit(message(ADA));
        net.runUntilSettled();

        assertThat(net.received(to(ADA))).hasSize(2);
    }

    @Test
    void eventsAreToldBeforeAllIsQuiet(FakeInternet net) {
        partner(net);
        var settled = new java.util.concurrent.CopyOnWriteArrayList<SpoolId>();
        Posthouse posthouse =
                net.start(net.builder().hostname("mail.shop.example").onSettled(settled::add));

        SpoolId id = posthouse.submit(message(ADA)).id();
        net.runUntilQuiet();

        assertThat(settled).containsExactly(id);
    }

    @Test
    void theTimelineTellsOfTheAttempts(FakeInternet net) {
        partner(net).when(rcptTo()).refuse(451, "4.3.0", "later").times(2);
        Posthouse posthouse = start(net);
        SpoolId id = posthouse.submit(message(ADA)).id();

        net.advance(Duration.ofDays(1));

        assertThat(posthouse.timeline(id).orElseThrow().deliveries()).hasSize(1);
        assertThat(posthouse.tries(id)).hasSize(3);
    }

    @Test
    void whatDoesNotComeAboutIsAFailure(FakeInternet net) {
        partner(net);

        submit(net);

        assertThatThrownBy(() -> net.runUntil(() -> false, Duration.ofHours(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("it did not come about within PT1H");
        assertThatThrownBy(() -> net.one(to("bob@partner.example")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no mail: to bob@partner.example")
                .hasMessageContaining("misses to bob@partner.example: it has [" + ADA + "]");
    }

    @Test
    void roomEndsSomewhere(FakeInternet net) {
        FakeHost first = net.host("h1.example");
        for (int i = 2; i <= 508; i++) {
            net.host("h" + i + ".example");
        }

        assertThatThrownBy(() -> net.host("h509.example"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this internet has room for 508 hosts");
        assertThat(net.host("H1.example")).isSameAs(first);
        assertThat(first.address().getHostAddress()).isEqualTo("203.0.113.1");
        assertThat(net.host("h508.example").address().getHostAddress()).isEqualTo("198.51.100.254");
    }

    @Test
    void theEndDoesNotWaitForWhoHangs() {
        FakeInternet net = FakeInternet.create();
        partner(net).when(dot()).hang();
        submit(net);
        net.runUntilQuiet();

        net.close();

        assertThat(net.received()).isEmpty();
    }
}
