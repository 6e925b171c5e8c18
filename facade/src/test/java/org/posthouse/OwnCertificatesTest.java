package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.LiveCertificatesTest.Pem;
import org.posthouse.core.MailEvent;
import org.posthouse.platform.DiskFile;
import org.posthouse.policy.OwnCertificate;
import org.posthouse.policy.PolicySet;
import org.posthouse.policy.Route;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;

/** Certificates that routes show. */
class OwnCertificatesTest {
    private static final Path CHAIN = Path.of("/chain.pem");
    private static final Path KEY = Path.of("/key.pem");
    private static final OwnCertificate OURS = new OwnCertificate(CHAIN, KEY);

    @TempDir static Path directory;

    private static Pem first;
    private static Pem second;

    private final World world = new World();
    private final List<MailEvent> events = new ArrayList<>();

    @BeforeAll
    static void make() throws Exception {
        first = Pem.make(directory.resolve("first.p12"));
        second = Pem.make(directory.resolve("second.p12"));
    }

    private void put(Path path, String text) {
        try {
            if (world.sim.disk().exists(path)) {
                world.sim.disk().delete(path);
            }
            try (DiskFile file = world.sim.disk().create(path)) {
                file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void put(Pem pem) {
        put(CHAIN, pem.chain());
        put(KEY, pem.key());
    }

    private PosthouseBuilder showing() {
        return world.builder()
                .relay(rule -> rule.clients("203.0.113.0/24"))
                .route(to -> to.smarthost("smart.example").certificate(CHAIN, KEY));
    }

    private static PolicySet rules(PosthouseBuilder builder) {
        return EngineSettings.freeze(builder).rules();
    }

    private OwnCertificates certificates(PosthouseBuilder builder) {
        return new OwnCertificates(world.sim, events::add, rules(builder));
    }

    @Test
    void everyCertificateHasContextsOfItsOwn() {
        world.sim.run(
                () -> {
                    put(first);
                    OwnCertificates certificates = certificates(showing());
                    List<SSLContext> all =
                            List.of(
                                    certificates.context(OwnCertificate.NONE, true),
                                    certificates.context(OwnCertificate.NONE, false),
                                    certificates.context(OURS, true),
                                    certificates.context(OURS, false));
                    assertThat(all).doesNotHaveDuplicates();
                    assertThat(certificates.context(OURS, true)).isSameAs(all.get(2));
                    assertThat(certificates.context(OURS, false)).isSameAs(all.get(3));
                });
    }

    @Test
    void aNewCertificateIsShownWithoutAReload() {
        world.sim.run(
                () -> {
                    put(first);
                    OwnCertificates certificates = certificates(showing());
                    SSLContext before = certificates.context(OURS, false);
                    put(second);
                    world.sim.advance(LiveCertificates.LOOK_EVERY);
                    SSLContext after = certificates.context(OURS, false);
                    assertThat(after).isNotSameAs(before);
                    put(CHAIN, "rubbish");
                    world.sim.advance(LiveCertificates.LOOK_EVERY);
                    assertThat(certificates.context(OURS, false)).isSameAs(after);
                });
        assertThat(events)
                .singleElement()
                .asString()
                .contains("PH-T004", "/chain.pem", "read before is shown");
    }

    /** An attempt may still be on its way by a route that is gone. */
    @Test
    void whatARouteShowedThatIsGoneIsReadAgain() {
        world.sim.run(
                () -> {
                    put(first);
                    OwnCertificates certificates = certificates(showing());
                    certificates.use(certificates.read(rules(world.builder())));
                    SSLContext once = certificates.context(OURS, false);
                    assertThat(certificates.context(OURS, false)).isNotSameAs(once);
                    put(CHAIN, "rubbish");
                    assertThatThrownBy(() -> certificates.context(OURS, false))
                            .isInstanceOf(PosthouseException.class)
                            .hasMessageContaining("/chain.pem")
                            .hasMessageContaining("PH-T001");
                });
    }

    @Test
    void itsEndIsToldWithThoseOfTheListeners() {
        world.sim.run(
                () -> {
                    put(first);
                    try (Posthouse posthouse = showing().start()) {
                        assertThat(posthouse.certificateEnds())
                                .extracting(Posthouse.CertificateEnd::file)
                                .containsExactly(CHAIN);
                    }
                });
    }

    @Test
    void nothingStartsWithoutTheFiles() {
        world.sim.run(
                () ->
                        assertThatThrownBy(() -> showing().start())
                                .isInstanceOf(PosthouseException.class)
                                .hasMessageContaining("PH-T002"));
        world.sim.assertQuiet();
    }

    @Test
    void aReloadTakesThemOrChangesNothing() {
        world.with(
                world.builder(),
                mail -> {
                    assertThatThrownBy(() -> mail.reload(showing()))
                            .isInstanceOf(PosthouseException.class)
                            .hasMessageContaining("/chain.pem")
                            .hasMessageContaining("PH-T002");
                    put(first.chain(), second.key());
                    assertThatThrownBy(() -> mail.reload(showing()))
                            .isInstanceOf(PosthouseException.class)
                            .hasMessageContaining("PH-T001")
                            .hasMessageNotContaining("PRIVATE KEY");
                    world.send("203.0.113.9", "bob@far.example", "553 *", "");
                    put(first);
                    assertThat(mail.reload(showing()).changed())
                            .containsExactly("relay rules", "routes");
                });
    }

    private void put(String chain, String key) {
        put(CHAIN, chain);
        put(KEY, key);
    }

    @Test
    void anExplanationTellsWhatIsShown() {
        Ask ask = Ask.from("app@shop.example").to("bob@far.example").client("203.0.113.9");
        world.sim.run(
                () -> {
                    put(first);
                    assertThat(route(showing().explain(ask)))
                            .matches(
                                    "is for this recipient: smarthost smart.example:25, tls auto,"
                                            + " shows CN=mx.example \\(ends on"
                                            + " 20\\d\\d-\\d\\d-\\d\\d\\) if asked");
                    put(CHAIN, "rubbish");
                    assertThat(route(showing().explain(ask)))
                            .endsWith(
                                    ", shows nothing: no certificate (BEGIN CERTIFICATE) in the"
                                            + " text");
                    assertThat(
                                    route(
                                            world.builder()
                                                    .relay(rule -> rule.clients("203.0.113.0/24"))
                                                    .explain(ask)))
                            .doesNotContain("shows");
                });
    }

    private static String route(Explanation explanation) {
        return explanation.lines().getLast().answer();
    }

    @Test
    void theBuilderTellsEveryWay() {
        PolicySet rules =
                rules(
                        world.builder()
                                .route(to -> to.to("*@a.example").mx().certificate(CHAIN, KEY))
                                .route(
                                        to ->
                                                to.to("*@b.example")
                                                        .lmtp("store.example")
                                                        .certificate(CHAIN, KEY))
                                .route(to -> to.smarthost("smart.example"))
                                .route(to -> to.discard().certificate(CHAIN, KEY)));
        assertThat(rules.routes())
                .extracting(Route::certificate)
                .containsExactly(OURS, OURS, OwnCertificate.NONE, OwnCertificate.NONE);
    }
}
