package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.core.Dialogue;
import org.posthouse.core.TlsLevel;
import org.posthouse.platform.Dns;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.ForwardingPlatform;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.platform.Platform;
import org.posthouse.relay.Probe;
import org.posthouse.relay.Probe.End;
import org.posthouse.sim.SimDns;
import org.posthouse.sim.SimPlatform;

import java.nio.file.Path;
import java.util.List;

/** {@code posthouse probe}: against a sandbox, by a scripted DNS. */
class ProbeCommandTest {
    @TempDir Path data;

    private final SimDns dns = new SimPlatform(1).dns();

    /** The machine with another DNS. */
    private final class Asking extends ForwardingPlatform {
        Asking(Platform platform) {
            super(platform);
        }

        @Override
        public Dns dns() {
            return dns;
        }
    }

    private Probe.Result walk(int port, boolean internal) {
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()))) {
            var setup = new Probe.Setup("client.example", ProbeCommand.hop(port), internal);
            return ProbeCommand.walk(new Asking(platform), setup, "far.example");
        }
    }

    private static Probe.Tried only(Probe.Result result) {
        assertThat(result).isInstanceOf(Probe.Result.Walked.class);
        List<Probe.Tried> tried = ((Probe.Result.Walked) result).tried();
        assertThat(tried).hasSize(1);
        return tried.getFirst();
    }

    @Test
    void aHostIsTalkedToUpToTheMessage() throws Exception {
        dns.mx("far.example", 10, "mx.far.example").address("mx.far.example", "127.0.0.1");
        try (var run = new SandboxRun(data)) {
            Probe.Result result = walk(run.sandbox.address().getPort(), true);
            Probe.Tried tried = only(result);
            assertThat(tried.host()).isEqualTo("mx.far.example");
            assertThat(tried.level()).isEqualTo(TlsLevel.OPPORTUNISTIC);
            assertThat(tried.end()).isInstanceOf(End.Ready.class);
            End.Ready ready = (End.Ready) tried.end();
            assertThat(ready.tls().orElseThrow().version()).isEqualTo("TLSv1.3");
            assertThat(ready.dialogue().lines())
                    .extracting(Dialogue.Line::text)
                    .contains("220 localhost ESMTP", "EHLO client.example", "STARTTLS")
                    .noneMatch(line -> line.startsWith("MAIL"));
            assertThat(ProbeCommand.isReady(result)).isTrue();
            assertThat(run.sandbox.engine().queue().messages()).isZero();

            String text = new ProbeText(new Terminal(100, false)).write(result);
            assertThat(text)
                    .contains("mx.far.example (10)  127.0.0.1:", "  S 250-PIPELINING\n")
                    .contains("  tls          TLSv1.3, ", "CN=localhost", "would take a message");
            assertThat(JsonReader.object(ProbeText.json(result).strip()))
                    .containsEntry("result", "ready")
                    .containsEntry("tls", "TLSv1.3")
                    .containsEntry("policy", "opportunistic");
        }
    }

    /** As the relay, it does not go on in clear text where the published certificate is another. */
    @Test
    void anotherCertificateThanThePublishedOneFails() throws Exception {
        dns.mx("far.example", 10, "mx.far.example").address("mx.far.example", "127.0.0.1");
        dns.authentic(true);
        try (var run = new SandboxRun(data)) {
            int port = run.sandbox.address().getPort();
            String name = "_" + port + "._tcp.mx.far.example";
            dns.tlsa(name, new Dns.Tlsa(3, 1, 1, "00".repeat(32)));
            Probe.Result result = walk(port, true);
            Probe.Tried tried = only(result);
            assertThat(tried.level()).isEqualTo(TlsLevel.DANE);
            assertThat(tried.end()).isInstanceOf(End.Failed.class);
            assertThat(new ProbeText(new Terminal(100, false)).write(result))
                    .contains("DANE: a certificate that TLSA records name", "result       fails: ");
            assertThat(ProbeCommand.isReady(result)).isFalse();
            assertThat(ProbeText.json(result)).contains("\"result\":\"failed\"", "DANE");
        }
    }

    @Test
    void whereThereIsNoWayItIsSaid() {
        dns.mx("far.example", 10, "mx.far.example").address("mx.far.example", "127.0.0.1");
        assertThat(only(walk(1, true)).end()).isInstanceOf(End.Unreachable.class);
        assertThat(ProbeText.json(walk(1, true))).contains("\"result\":\"unreachable\"");
        Probe.Result inside = walk(1, false);
        assertThat(new ProbeText(new Terminal(100, false)).write(inside))
                .isEqualTo(
                        "nowhere  550 the mail exchanger of far.example leads into a private"
                                + " network\n");
        dns.remove("far.example");
        assertThat(ProbeText.json(walk(1, false))).contains("\"nowhere\"", "has no address");
        dns.failTemporarily("far.example");
        assertThat(walk(1, true)).isInstanceOf(Probe.Result.Nowhere.class);
        assertThat(CommandRun.of("probe", "a@", "--plain").exit()).isEqualTo(Exit.USAGE);
        assertThat(CommandRun.of("probe", "x.example", "--port=0").exit()).isEqualTo(Exit.USAGE);
    }
}
