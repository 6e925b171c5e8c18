package org.posthouse.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.relay.Certificates.chain;
import static org.posthouse.relay.Certificates.tlsa;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.posthouse.core.MailEvent;
import org.posthouse.core.TlsFault;
import org.posthouse.core.TlsLevel;
import org.posthouse.platform.Https.Fetched;
import org.posthouse.policy.Route;
import org.posthouse.policy.Route.TlsMode;
import org.posthouse.sim.ScriptedPeer;
import org.posthouse.sim.SimHttps;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** Policies of MTA-STS are found, kept, and kept to (RFC 8461). */
class StsTest {
    private static final String MX1 = "192.0.2.25";
    private static final String MX2 = "192.0.2.26";
    private static final String WEB = "192.0.2.80";
    private static final String HOST = "mta-sts.x.example";
    private static final String PATH = StsPolicies.PATH;

    private final World world = new World();
    private final SimHttps https = world.sim.https();
    private ScriptedPeer first;

    @BeforeEach
    void published() {
        world.sim.dns().mx("x.example", 10, "mx1.x.example").address("mx1.x.example", MX1);
        publish("1", "enforce", "mx1.x.example", 604_800);
        world.sim.network().host(MX1).certificateFor("mx1.x.example");
        world.sim.dns().address(HOST, WEB);
    }

    private static StsCache.Kept kept(String domain, String id, StsPolicy policy, int... seconds) {
        var source = new StsCache.Source(domain, id, domain.startsWith("y"));
        return new StsCache.Kept(source, policy, seconds[0], seconds[1]);
    }

    private void publish(String id, String mode, String mx, long maxAge) {
        number(id);
        https.serve(HOST, PATH, policy(mode, mx, maxAge));
    }

    private void number(String id) {
        world.sim.dns().remove("_mta-sts.x.example");
        world.sim.dns().txt("_mta-sts.x.example", "v=STSv1; id=" + id + ";");
    }

    private static String policy(String mode, String mx, long maxAge) {
        return "version: STSv1\nmode: " + mode + "\nmx: " + mx + "\nmax_age: " + maxAge + "\n";
    }

    private void run(Runnable body) {
        world.run(
                () -> {
                    first = world.peer(MX1).offers("STARTTLS", "PIPELINING");
                    body.run();
                });
    }

    private List<TlsLevel> levels() {
        return levels("bob@x.example");
    }

    /** How safe the conversations were that one more message brought about. */
    private List<TlsLevel> levels(String recipient) {
        world.sim.advance(Duration.ofMinutes(6)); // the site is looked up again
        world.events.clear();
        world.send(recipient);
        world.sim.advance(Duration.ofMinutes(1));
        return world.events(MailEvent.Secured.class).stream()
                .map(MailEvent.Secured::level)
                .toList();
    }

    private List<TlsFault> faults() {
        return world.events(MailEvent.TlsFailed.class).stream()
                .map(MailEvent.TlsFailed::fault)
                .toList();
    }

    private int fetches() {
        return https.calls(HOST, PATH);
    }

    @Test
    void theHostThatThePolicyNamesHasToProveItsName() {
        run(
                () -> {
                    assertThat(levels()).containsExactly(TlsLevel.MTA_STS);
                    assertThat(levels()).containsExactly(TlsLevel.MTA_STS);
                    assertThat(fetches()).isEqualTo(1);
                    assertThat(faults()).isEmpty();
                    world.sim.network().host(MX1).certificateFor("mx.other.example");
                    assertThat(levels()).isEmpty();
                    assertThat(faults()).containsOnly(TlsFault.CERTIFICATE_HOST_MISMATCH);
                    var told = world.events(MailEvent.TlsFailed.class).getFirst();
                    assertThat(told.domain()).isEqualTo("x.example");
                    assertThat(told.wanted()).isEqualTo(TlsLevel.MTA_STS);
                    assertThat(told.isUsed()).isFalse();
                    assertThat(world.deferred().getLast().reply().toString()).contains("4.7.5");
                    assertThat(first.received()).hasSize(2);
                });
    }

    @Test
    void withoutStarttlsNothingIsSent() {
        run(
                () -> {
                    first.offers("PIPELINING");
                    assertThat(levels()).isEmpty();
                    assertThat(faults()).containsOnly(TlsFault.STARTTLS_NOT_SUPPORTED);
                    world.sim.advance(Duration.ofDays(6));
                    assertThat(first.received()).isEmpty();
                    assertThat(world.failed()).hasSize(1);
                });
    }

    @Test
    void aHostThatIsNotNamedIsPassedOver() {
        world.sim.dns().mx("x.example", 20, "mx2.x.example").address("mx2.x.example", MX2);
        publish("1", "enforce", "mx2.x.example", 604_800);
        run(
                () -> {
                    ScriptedPeer second = world.peer(MX2).offers("STARTTLS");
                    assertThat(levels()).containsExactly(TlsLevel.MTA_STS);
                    assertThat(first.connections()).isZero();
                    assertThat(second.received()).hasSize(1);
                    assertThat(world.events(MailEvent.TlsFailed.class))
                            .singleElement()
                            .satisfies(e -> assertThat(e.nexthop()).isEqualTo("mx1.x.example"));
                });
    }

    @Test
    void aPolicyThatIsTestedOnlyTells() {
        publish("1", "testing", "mx1.x.example", 604_800);
        run(
                () -> {
                    assertThat(levels()).containsExactly(TlsLevel.MTA_STS);
                    assertThat(faults()).isEmpty();
                    world.sim.network().host(MX1).certificateUntrusted();
                    assertThat(levels()).containsExactly(TlsLevel.OPPORTUNISTIC);
                    assertThat(world.events(MailEvent.TlsFailed.class))
                            .singleElement()
                            .satisfies(e -> assertThat(e.isUsed()).isTrue());
                    first.offers("PIPELINING");
                    assertThat(levels()).containsExactly(TlsLevel.NONE);
                    assertThat(faults()).containsExactly(TlsFault.STARTTLS_NOT_SUPPORTED);
                    publish("2", "testing", "*.other.example", 604_800);
                    assertThat(levels()).containsExactly(TlsLevel.NONE);
                    assertThat(faults()).containsExactly(TlsFault.CERTIFICATE_HOST_MISMATCH);
                    assertThat(first.received()).hasSize(4);
                });
    }

    @Test
    void aPolicyThatIsNoneIsNone() {
        publish("1", "none", "mx1.x.example", 604_800);
        world.sim.network().host(MX1).certificateUntrusted();
        run(() -> assertThat(levels()).containsExactly(TlsLevel.OPPORTUNISTIC));
    }

    /** RFC 8461 section 5.1: whoever takes away the record does not take away the policy. */
    @Test
    void aPolicyHoldsUntilItExpiresWhateverBecomesOfItsSource() {
        publish("1", "enforce", "mx1.x.example", 86_400);
        run(
                () -> {
                    assertThat(levels()).containsExactly(TlsLevel.MTA_STS);
                    world.sim.network().host(MX1).certificateUntrusted();
                    world.sim.dns().failTemporarily("_mta-sts.x.example");
                    https.fail(HOST, PATH);
                    assertThat(levels()).isEmpty();
                    world.sim.dns().heal("_mta-sts.x.example").remove("_mta-sts.x.example");
                    assertThat(levels()).isEmpty();
                    number("2");
                    world.sim.advance(Duration.ofHours(1));
                    assertThat(faults()).contains(TlsFault.STS_POLICY_FETCH_ERROR);
                    https.serve(HOST, PATH, "no policy");
                    world.sim.advance(Duration.ofHours(1));
                    assertThat(faults()).contains(TlsFault.STS_POLICY_INVALID);
                    assertThat(first.received()).hasSize(1);
                    world.sim.advance(Duration.ofHours(24));
                    assertThat(first.received()).hasSize(3);
                });
    }

    @Test
    void anotherNumberBringsAnotherPolicy() {
        run(
                () -> {
                    assertThat(levels()).containsExactly(TlsLevel.MTA_STS);
                    https.serve(HOST, PATH, policy("enforce", "mx9.x.example", 604_800));
                    assertThat(levels()).as("same number").containsExactly(TlsLevel.MTA_STS);
                    number("2");
                    assertThat(levels()).isEmpty();
                    assertThat(fetches()).isEqualTo(2);
                });
    }

    @Test
    void whatCantBeFetchedIsTriedAgainAfterAWhileOnly() {
        https.fail(HOST, PATH);
        run(
                () -> {
                    for (int i = 0; i < 3; i++) {
                        world.sim.advance(Duration.ofSeconds(70));
                        world.send("bob@x.example");
                        world.sim.advance(Duration.ofSeconds(20));
                    }
                    assertThat(first.received()).hasSize(3);
                    assertThat(fetches()).isEqualTo(1);
                    assertThat(faults()).containsExactly(TlsFault.STS_POLICY_FETCH_ERROR);
                    https.serve(HOST, PATH, policy("enforce", "mx1.x.example", 604_800));
                    assertThat(levels()).containsExactly(TlsLevel.MTA_STS);
                });
    }

    @Test
    void whatIsFetchedHasToBeAPolicy() {
        run(
                () -> {
                    var answers =
                            List.of(
                                    new Fetched.Document("text/html", policy("enforce", "a", 1)),
                                    new Fetched.Document("", policy("enforce", "a", 1)),
                                    new Fetched.Document("text/plain", "x".repeat(70_000)),
                                    new Fetched.Document("text/plain", "mode: enforce"),
                                    new Fetched.Failed(true, "not trusted"),
                                    new Fetched.Failed(false, "the answer is 302"));
                    var faults =
                            List.of(
                                    TlsFault.STS_POLICY_INVALID,
                                    TlsFault.STS_POLICY_INVALID,
                                    TlsFault.STS_POLICY_FETCH_ERROR,
                                    TlsFault.STS_POLICY_INVALID,
                                    TlsFault.STS_WEBPKI_INVALID,
                                    TlsFault.STS_POLICY_FETCH_ERROR);
                    for (int i = 0; i < answers.size(); i++) {
                        https.answer(HOST, PATH, answers.get(i));
                        assertThat(levels()).containsExactly(TlsLevel.OPPORTUNISTIC);
                        assertThat(faults()).containsExactly(faults.get(i));
                    }
                });
    }

    /** Introduced with MTA-STS: whoever owns a domain could make us connect to what is ours. */
    @Test
    void aPolicyIsNotFetchedFromAnAddressOfTheInside() {
        world.sim.dns().remove(HOST);
        for (String inside : List.of("127.0.0.1", "10.1.2.3", "169.254.169.254", "::1")) {
            world.sim.dns().address(HOST, inside);
        }
        run(
                () -> {
                    assertThat(levels()).containsExactly(TlsLevel.OPPORTUNISTIC);
                    assertThat(fetches()).isZero();
                    assertThat(world.events(MailEvent.TlsFailed.class))
                            .singleElement()
                            .satisfies(
                                    e -> {
                                        assertThat(e.fault())
                                                .isEqualTo(TlsFault.STS_POLICY_FETCH_ERROR);
                                        assertThat(e.toString())
                                                .contains(HOST + " leads into a private network");
                                    });
                    world.sim.dns().address(HOST, WEB);
                    assertThat(levels()).containsExactly(TlsLevel.MTA_STS);
                    assertThat(https.askedAt(HOST, PATH))
                            .extracting(InetAddress::getHostAddress)
                            .containsExactly(WEB);
                });
    }

    @Test
    void anInternalRouteFetchesItThereAndAgain() {
        world.rules =
                World.rules(World.route("in", new Route.Mx(World.hop(TlsMode.AUTO, 1), true)));
        world.sim.dns().remove(HOST).address(HOST, "10.1.2.3");
        run(
                () -> {
                    assertThat(levels()).containsExactly(TlsLevel.MTA_STS);
                    world.sim.advance(Duration.ofDays(1));
                    assertThat(fetches()).as("by the keeper").isEqualTo(2);
                    assertThat(faults()).isEmpty();
                });
    }

    @Test
    void aHostWithoutAnAddressIsAFault() {
        world.sim.dns().remove(HOST);
        run(
                () -> {
                    assertThat(levels()).containsExactly(TlsLevel.OPPORTUNISTIC);
                    assertThat(faults()).containsExactly(TlsFault.STS_POLICY_FETCH_ERROR);
                    assertThat(fetches()).isZero();
                });
    }

    @Test
    void aHostThatOnlyWastesTimeHoldsTheMailForAMinute() {
        https.latency(Duration.ofHours(1));
        run(
                () -> {
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofSeconds(59));
                    assertThat(first.received()).isEmpty();
                    world.sim.advance(Duration.ofSeconds(10));
                    assertThat(first.received()).hasSize(1);
                });
    }

    /** The fetch is cut, and nothing leaves for want of a policy. */
    @Test
    void stoppingDoesNotWaitForAFetch() {
        https.latency(Duration.ofHours(1));
        run(
                () -> {
                    world.send("bob@x.example");
                    world.sim.advance(Duration.ofSeconds(10));
                    world.current().drain(Duration.ofSeconds(1));
                    assertThat(first.connections()).isZero();
                });
    }

    @Test
    void policiesAreFetchedAgainBeforeTheyExpire() {
        publish("1", "enforce", "mx1.x.example", 4 * 86_400);
        run(
                () -> {
                    assertThat(levels()).containsExactly(TlsLevel.MTA_STS);
                    world.sim.advance(Duration.ofDays(3));
                    assertThat(fetches()).isEqualTo(4);
                    https.fail(HOST, PATH);
                    world.sim.advance(Duration.ofDays(2));
                    assertThat(fetches()).isBetween(4 + 20, 4 + 50);
                    https.serve(HOST, PATH, policy("enforce", "mx1.x.example", 4 * 86_400));
                    world.sim.advance(Duration.ofHours(2));
                    world.sim.network().host(MX1).certificateUntrusted();
                    world.sim.dns().remove("_mta-sts.x.example");
                    world.sim.advance(Duration.ofDays(3));
                    assertThat(levels()).as("it is still held").isEmpty();
                    assertThat(fetches()).isLessThan(60);
                });
    }

    /** News every eight minutes must not keep the keeper from its round. */
    @Test
    void policiesAreFetchedAgainWhileOthersCome() {
        run(
                () -> {
                    assertThat(levels()).containsExactly(TlsLevel.MTA_STS);
                    for (int i = 0; i < 26 * 60 / 8; i++) {
                        String domain = "n" + i + ".example";
                        world.sim.dns().mx(domain, 10, "mx1.x.example");
                        world.sim.dns().address("mta-sts." + domain, WEB);
                        world.sim.dns().txt("_mta-sts." + domain, "v=STSv1; id=1;");
                        https.serve(
                                "mta-sts." + domain,
                                PATH,
                                policy("enforce", "mx1.x.example", 604_800));
                        world.send("bob@" + domain);
                        world.sim.advance(Duration.ofMinutes(8));
                    }
                    assertThat(fetches()).isEqualTo(2);
                });
    }

    /** Where TLS fails there is no way back to clear text for who has something secret to say. */
    @Test
    void credentialsAreNotSentInClearTextByAPolicyThatIsTested() {
        publish("1", "testing", "mx1.x.example", 604_800);
        var hop =
                new Route.Hop(
                        25,
                        TlsMode.AUTO,
                        new Route.Credentials("ada", "secret"),
                        1,
                        "",
                        "",
                        Duration.ofSeconds(1));
        world.rules = World.rules(World.route("login", new Route.Mx(hop, false)));
        run(
                () -> {
                    first.offers("STARTTLS", "AUTH PLAIN");
                    world.sim.network().host(MX1).failTls(true);
                    assertThat(levels()).isEmpty();
                    assertThat(first.connections()).isPositive();
                    assertThat(first.commands()).noneMatch(each -> each.startsWith("AUTH"));
                    assertThat(first.received()).isEmpty();
                });
    }

    @Test
    void aRestartKnowsThePolicies() {
        world.durable = true;
        run(
                () -> {
                    assertThat(levels()).containsExactly(TlsLevel.MTA_STS);
                    world.restart();
                    https.fail(HOST, PATH);
                    world.sim.dns().remove("_mta-sts.x.example");
                    world.sim.network().host(MX1).certificateUntrusted();
                    assertThat(levels()).isEmpty();
                    assertThat(first.received()).hasSize(1);
                    assertThat(fetches()).isEqualTo(1);
                });
    }

    /** Each of them costs a fetch. */
    @Test
    void aFileThatIsOfAnotherFormOrSpoiltCountsAsNone() throws IOException {
        var cache = new StsCache();
        var policy = new StsPolicy(StsPolicy.Mode.ENFORCE, List.of("a.example", "*.b.example"), 9);
        cache.put(kept("x.example", "1", policy, 100, 101));
        cache.put(kept("y.example", "", policy, 100, 101));
        var none = new StsPolicy(StsPolicy.Mode.NONE, List.of(), 1);
        cache.put(kept("z.example", "1", none, 100, 100));
        String lines = cache.lines(105);
        assertThat(lines).doesNotContain("z.example");
        world.sim.run(
                () -> {
                    var file = new KeptLines(world.sim.disk(), World.MEMORY, "kept", "form 1");
                    assertThat(file.read()).isEmpty();
                    file.write(lines);
                    var again = new StsCache();
                    again.restore(file.read());
                    assertThat(again.all()).isEqualTo(cache.all().subList(0, 2));
                    var other = new KeptLines(world.sim.disk(), World.MEMORY, "kept", "form 2");
                    assertThat(other.read()).isEmpty();
                });
        var spoilt = new StsCache();
        spoilt.restore(
                List.of(
                        "",
                        "1 2 3",
                        "x 2 outside 1 ENFORCE 5 x.example a",
                        "1 2 outside 1 STRICT 5 x.example a",
                        "1 2 outside 1 ENFORCE 99999999999999999999 x.example a"));
        assertThat(spoilt.all()).isEmpty();
    }

    @Test
    void theMemoryIsBounded() {
        var cache = new StsCache();
        var policy = new StsPolicy(StsPolicy.Mode.ENFORCE, List.of("a.example"), 1000);
        for (int i = 0; i <= StsCache.DOMAINS_MAX; i++) {
            cache.put(kept("d" + i, "1", policy, 0, 0));
            assertThat(cache.use("d0", 1)).isPresent();
        }
        assertThat(cache.all()).hasSize(StsCache.DOMAINS_MAX);
        assertThat(cache.use("d1", 1)).as("used least").isEmpty();
        assertThat(cache.use("d0", 1000)).as("expired").isEmpty();
        assertThat(cache.all()).hasSize(StsCache.DOMAINS_MAX - 1);
    }

    /** RFC 8461 section 2. */
    @Test
    void daneComesFirst() {
        world.sim.dns().secure("x.example", "mx1.x.example", "_25._tcp.mx1.x.example");
        world.sim.dns().tlsa("_25._tcp.mx1.x.example", tlsa(3, "mx1"));
        world.sim.network().host(MX1).certificates(chain("mx1", "inter", "ca"));
        world.sim.network().host(MX1).certificateUntrusted();
        run(
                () -> {
                    assertThat(levels()).containsExactly(TlsLevel.DANE);
                    publish("2", "enforce", "other.example", 604_800);
                    assertThat(levels()).containsExactly(TlsLevel.DANE);
                    world.sim.network().host(MX1).certificates(chain("stranger"));
                    world.sim.network().host(MX1).certificateFor("mx1.x.example");
                    publish("3", "enforce", "mx1.x.example", 604_800);
                    assertThat(levels()).isEmpty();
                    assertThat(faults()).containsOnly(TlsFault.TLSA_INVALID);
                });
    }

    /** A domain without a policy has the same exchanger: its mail must not open the way. */
    @Test
    void aConversationForADomainWithoutPolicyIsNotUsedForOneWith() {
        world.sim.dns().mx("y.example", 10, "mx1.x.example");
        world.sim.network().host(MX1).certificateUntrusted();
        run(
                () -> {
                    for (int i = 0; i < 20; i++) {
                        world.send("bob@" + (i % 2 == 0 ? "x" : "y") + ".example");
                    }
                    world.sim.advance(Duration.ofMinutes(5));
                    assertThat(first.received())
                            .hasSize(10)
                            .allSatisfy(
                                    each ->
                                            assertThat(each.rcpts().toString())
                                                    .contains("y.example"));
                });
    }

    @Test
    void aRouteMayRequireIt() {
        world.rules =
                World.rules(World.route("sts", new Route.Mx(World.hop(TlsMode.MTA_STS, 1), false)));
        publish("1", "testing", "mx1.x.example", 604_800);
        world.sim.dns().mx("y.example", 10, "mx1.x.example");
        run(
                () -> {
                    assertThat(levels()).containsExactly(TlsLevel.MTA_STS);
                    world.sim.network().host(MX1).certificateUntrusted();
                    assertThat(levels()).isEmpty();
                    world.sim.network().host(MX1).certificateFor("mx1.x.example");
                    assertThat(levels("bob@y.example")).isEmpty();
                    assertThat(world.deferred().getLast().reply().toString())
                            .contains("MTA-STS is required, and the domain has no policy");
                });
    }

    @Test
    void otherModesDoNotAsk() {
        for (TlsMode mode : List.of(TlsMode.OPPORTUNISTIC, TlsMode.DANE, TlsMode.VERIFY)) {
            world.rules =
                    World.rules(World.route("other", new Route.Mx(World.hop(mode, 1), false)));
            assertThat(world.sim.dns().calls("TXT", "_mta-sts.x.example")).isZero();
        }
        run(
                () -> {
                    levels();
                    assertThat(world.sim.dns().calls("TXT", "_mta-sts.x.example")).isZero();
                    assertThat(fetches()).isZero();
                });
    }
}
