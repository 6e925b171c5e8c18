package org.posthouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthouse.testkit.MailAssertions.assertThat;
import static org.posthouse.testkit.Selectors.to;
import static org.posthouse.testkit.TimelineAssert.End.DELIVERED;
import static org.posthouse.testkit.TimelineAssert.End.EXPIRED;

import org.junit.jupiter.api.Test;
import org.posthouse.Message;
import org.posthouse.Posthouse;
import org.posthouse.core.MailEvent;
import org.posthouse.core.SpoolId;
import org.posthouse.testkit.FakeDomain.StsMode;

import java.time.Duration;
import java.util.List;

/**
 * Names of a make-believe internet that are more than an exchanger's: both families, aliases,
 * proofs.
 */
@PosthouseTest
class FakeNamesTest {
    private static final String ADA = "ada@partner.example";
    private static final String MX = "mx.partner.example";

    private static SpoolId submit(Posthouse posthouse) {
        Message message =
                Message.builder().from("app@shop.example").to(ADA).subject("x").text("y").build();
        return posthouse.submit(message).id();
    }

    private static FakeDomain partner(FakeInternet net) {
        return net.domain("partner.example").mx(MX);
    }

    private static List<MailEvent.Tried> tries(Posthouse posthouse, SpoolId id) {
        return posthouse.timeline(id).orElseThrow().deliveries().getFirst().events().stream()
                .filter(MailEvent.Tried.class::isInstance)
                .map(MailEvent.Tried.class::cast)
                .toList();
    }

    /** Where the tries of a message went. */
    private static List<String> hosts(Posthouse posthouse, SpoolId id) {
        return tries(posthouse, id).stream().map(MailEvent.Tried::nexthop).toList();
    }

    @Test
    void aHostOfTheNewFamilyAlone(FakeInternet net, Posthouse posthouse) {
        partner(net);
        FakeHost host = net.host(MX).ipv6Only();

        SpoolId id = submit(posthouse);
        net.runUntilQuiet();

        assertThat(host.received(to(ADA))).hasSize(1);
        assertThat(host.ipv6Address().getHostAddress()).isEqualTo("2001:db8:0:0:0:0:1:1");
        assertThat(hosts(posthouse, id)).hasSize(1).first().asString().contains("2001:db8");
    }

    @Test
    void theOldFamilyWhereTheNewLeadsNowhere(FakeInternet net, Posthouse posthouse) {
        partner(net);
        net.domain(MX).address("2001:db8::dead");

        submit(posthouse);
        net.runUntilSettled();

        assertThat(net.host(MX).received(to(ADA))).hasSize(1);
        assertThat(net.now()).isBefore(FakeInternet.START.plusSeconds(10));
        assertThatThrownBy(() -> net.domain(MX).address("elsewhere"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("elsewhere");
    }

    @Test
    void bothFamiliesOfAHostGoDownTogether(FakeInternet net, Posthouse posthouse) {
        partner(net);
        FakeHost host = net.host(MX).ipv6().down(Duration.ofMinutes(2));

        SpoolId id = submit(posthouse);
        net.runUntilQuiet();
        assertThat(host.connectionsAt()).hasSize(2).containsOnly(FakeInternet.START);

        net.runUntilSettled();
        assertThat(posthouse.timeline(id)).endsWith(DELIVERED);
    }

    @Test
    void anAliasLeadsToItsExchangers(FakeInternet net, Posthouse posthouse) {
        net.domain("partner.example").cname("hosting.example");
        net.domain("hosting.example").mx(MX);

        submit(posthouse);
        net.runUntilQuiet();

        assertThat(net.host(MX).received(to(ADA))).hasSize(1);
    }

    @Test
    void aliasesInACircleAreATemporaryFailure(FakeInternet net, Posthouse posthouse) {
        net.domain("partner.example").cname("hosting.example");
        net.domain("hosting.example").cname("partner.example");

        SpoolId id = submit(posthouse);
        net.advance(Duration.ofHours(1));

        assertThat(posthouse.timeline(id)).endsWith(TimelineAssert.End.QUEUED);
    }

    @Test
    void aCertificateThatItsNameVouchesFor(FakeInternet net, Posthouse posthouse) {
        partner(net).signed();
        FakeHost host = net.host(MX).offersTls().publishesTlsa();

        SpoolId id = submit(posthouse);
        net.runUntilSettled();

        assertThat(host.received(to(ADA))).hasSize(1);
        assertThat(tries(posthouse, id))
                .singleElement()
                .extracting(tried -> tried.protection().proof())
                .isEqualTo("dane");
    }

    @Test
    void mailWaitsWhereTheCertificateIsAnother(FakeInternet net, Posthouse posthouse) {
        partner(net).signed();
        FakeHost host = net.host(MX).offersTls();
        net.domain(MX).signed();
        net.domain("_25._tcp." + MX).signed().tlsa(3, 1, 1, "0".repeat(64));

        SpoolId id = submit(posthouse);
        net.runUntilSettled();

        assertThat(host.received()).isEmpty();
        assertThat(posthouse.timeline(id)).endsWith(EXPIRED);
    }

    @Test
    void aRecordThatIsNotSignedDoesNotCount(FakeInternet net, Posthouse posthouse) {
        partner(net);
        net.host(MX).offersTls();
        net.domain("_25._tcp." + MX).tlsa(3, 1, 1, "0".repeat(64));

        submit(posthouse);
        net.runUntilSettled();

        assertThat(net.host(MX).received(to(ADA))).hasSize(1);
    }

    @Test
    void aPolicyKeepsMailFromHostsThatProveNothing(FakeInternet net, Posthouse posthouse) {
        partner(net).mtaSts(StsMode.ENFORCE, MX);
        FakeHost host = net.host(MX).offersTls();

        SpoolId id = submit(posthouse);
        net.advance(Duration.ofHours(6));
        assertThat(posthouse.timeline(id)).endsWith(TimelineAssert.End.QUEUED);
        assertThat(host.received()).isEmpty();

        net.domain("partner.example").mtaSts(StsMode.NONE);
        net.runUntilSettled();
        assertThat(posthouse.timeline(id)).endsWith(DELIVERED);
    }

    @Test
    void aPolicyThatIsTestedKeepsNothing(FakeInternet net, Posthouse posthouse) {
        partner(net).mtaSts(StsMode.TESTING, "*.elsewhere.example");
        net.host(MX).offersTls();

        SpoolId id = submit(posthouse);
        net.runUntilSettled();

        assertThat(posthouse.timeline(id)).endsWith(DELIVERED).hasAttempts(1);
    }
}
