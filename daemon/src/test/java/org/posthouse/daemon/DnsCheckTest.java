package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.daemon.DnsFinding.State;
import org.posthouse.platform.AddressLiteral;
import org.posthouse.platform.Dns;
import org.posthouse.sim.SimDns;
import org.posthouse.sim.SimPlatform;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** What is published compared with what should be, against a scripted resolver. */
class DnsCheckTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String HOST = "mail.shop.example";

    @TempDir Path folder;

    private final SimPlatform sim = new SimPlatform(1);
    private final SimDns dns = sim.dns();

    private void publishAll() {
        dns.address(HOST, "192.0.2.10").ptr("192.0.2.10", HOST);
        dns.txt(HOST, "v=spf1 a -all");
        dns.mx("shop.example", 10, HOST);
        dns.txt("shop.example", "google-site=x", "v=spf1 mx -all");
        dns.txt("_dmarc.shop.example", "v=DMARC1; p=reject");
    }

    private List<DnsFinding> check(List<X509Certificate> chain, String... addresses) {
        List<InetAddress> ours =
                List.of(addresses).stream()
                        .map(each -> AddressLiteral.parse(each).orElseThrow())
                        .toList();
        var names = new DnsRecords.Names(HOST, List.of("shop.example"), false);
        return new DnsCheck(dns, new DnsCheck.Wanted(names, ours, chain, NOW)).run();
    }

    private static DnsFinding of(List<DnsFinding> findings, String type, String name) {
        List<DnsFinding> found =
                findings.stream()
                        .filter(each -> each.type().equals(type) && each.name().equals(name))
                        .toList();
        assertThat(found).as(type + " " + name + " in " + findings).hasSize(1);
        return found.getFirst();
    }

    @Test
    void whatIsPublishedIsFine() {
        publishAll();
        List<DnsFinding> all = check(List.of(), "192.0.2.10");
        assertThat(all).hasSize(6).allMatch(each -> each.state() == State.OK);
        assertThat(DnsCommand.exit(all)).isZero();
    }

    @Test
    void whatIsNotThereIsToldWithWhatToPublish() {
        List<DnsFinding> all = check(List.of());
        assertThat(all).hasSize(5).allMatch(each -> each.state() == State.MISSING);
        assertThat(of(all, "MX", "shop.example").publish()).isEqualTo("10 " + HOST + ".");
        assertThat(of(all, "TXT", "shop.example").publish()).isEqualTo("\"v=spf1 mx -all\"");
        assertThat(DnsCommand.exit(all)).isEqualTo(Exit.DIFFERENT);
        String line = DnsCommand.line(new Terminal(100, false), of(all, "MX", "shop.example"));
        assertThat(line)
                .isEqualTo(
                        "missing   MX   shop.example      (PH-N010)\n"
                                + "          publish  shop.example MX 10 mail.shop.example.\n");
    }

    @Test
    void whatDiffersIsShownAsItIs() {
        publishAll();
        dns.remove("shop.example").mx("shop.example", 5, "mx.old.example");
        dns.txt("shop.example", "v=spf1 mx -all");
        dns.remove("192.0.2.10").ptr("192.0.2.10", "host10.isp.example");
        List<DnsFinding> all = check(List.of(), "192.0.2.10", "192.0.2.99");
        assertThat(of(all, "A", HOST).found()).isEqualTo("192.0.2.10");
        assertThat(of(all, "A", HOST).publish()).isEqualTo("192.0.2.10 192.0.2.99");
        assertThat(of(all, "MX", "shop.example").found()).isEqualTo("5 mx.old.example");
        assertThat(of(all, "PTR", "192.0.2.10").found()).isEqualTo("host10.isp.example");
        assertThat(of(all, "PTR", "192.0.2.10").publish()).isEqualTo(HOST + ".");
        assertThat(of(all, "PTR", "192.0.2.99").state()).isEqualTo(State.MISSING);
        assertThat(of(all, "TXT", HOST).state()).isEqualTo(State.DIFFERENT);
        assertThat(of(all, "TXT", "shop.example").found())
                .isEqualTo("192.0.2.10 is not covered: v=spf1 mx -all");
    }

    @Test
    void aNameServerThatFailsIsNoMissingRecord() {
        publishAll();
        dns.failTemporarily("MX", "shop.example");
        dns.failTemporarily("TXT", "_dmarc.shop.example");
        List<DnsFinding> all = check(List.of());
        assertThat(of(all, "MX", "shop.example").state()).isEqualTo(State.UNKNOWN);
        assertThat(of(all, "MX", "shop.example").code()).isEqualTo("PH-N011");
        assertThat(of(all, "TXT", "_dmarc.shop.example").state()).isEqualTo(State.UNKNOWN);
        assertThat(of(all, "TXT", "shop.example").state())
                .as("its mx could not be looked up")
                .isEqualTo(State.OK);
        assertThat(DnsCommand.exit(all)).isEqualTo(Exit.TEMPORARY);
    }

    @Test
    void twoRecordsOfOneKindCountAsNone() {
        publishAll();
        dns.txt("shop.example", "v=spf1 a -all");
        assertThat(of(check(List.of()), "TXT", "shop.example").found())
                .isEqualTo("2 records, one is right");
        dns.remove("shop.example").txt("shop.example", "v=spf10 mx -all");
        assertThat(of(check(List.of()), "TXT", "shop.example").state()).isEqualTo(State.MISSING);
    }

    @Test
    void aPolicyOfMtaStsWantsReports() {
        publishAll();
        dns.txt("_mta-sts.shop.example", "v=STSv1; id=20260301");
        List<DnsFinding> all = check(List.of());
        assertThat(of(all, "TXT", "_mta-sts.shop.example").state()).isEqualTo(State.OK);
        assertThat(of(all, "TXT", "_smtp._tls.shop.example").state()).isEqualTo(State.MISSING);
    }

    @Test
    void daneHasToBeAboutTheCertificateThatWeShow() throws Exception {
        publishAll();
        SelfSigned own = SelfSigned.make(HOST, NOW, sim.entropy());
        var in = new ByteArrayInputStream(own.chain().getBytes(StandardCharsets.US_ASCII));
        var certificate =
                (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        List<X509Certificate> chain = List.of(certificate);
        assertThat(check(chain)).hasSize(6);

        String name = "_25._tcp." + HOST;
        dns.tlsa(name, new Dns.Tlsa(3, 1, 1, "00".repeat(32)));
        DnsFinding other = of(check(chain), "TLSA", name);
        assertThat(other.state()).isEqualTo(State.DIFFERENT);
        String hash = other.publish().substring(other.publish().lastIndexOf(' ') + 1);
        dns.remove(name).tlsa(name, new Dns.Tlsa(3, 1, 1, hash));
        assertThat(of(check(chain), "TLSA", name).state()).isEqualTo(State.OK);
    }

    @Test
    void spfIsFollowedAsFarAsItsOwnTerms() {
        dns.address("a.example", "192.0.2.1").mx("a.example", 10, "mx.a.example");
        dns.address("mx.a.example", "192.0.2.2");
        assertThat(covers("192.0.2.1", "v=spf1 a -all")).isEqualTo(SpfCover.Covers.YES);
        assertThat(covers("192.0.2.2", "v=spf1 a -all")).isEqualTo(SpfCover.Covers.NO);
        assertThat(covers("192.0.2.2", "v=spf1 +mx ~all")).isEqualTo(SpfCover.Covers.YES);
        assertThat(covers("192.0.2.9", "v=spf1 ip4:192.0.2.0/24 -all"))
                .isEqualTo(SpfCover.Covers.YES);
        assertThat(covers("192.0.2.9", "v=spf1 -ip4:192.0.2.0/24 all"))
                .isEqualTo(SpfCover.Covers.NO);
        assertThat(covers("2001:db8::1", "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"))
                .isEqualTo(SpfCover.Covers.YES);
        assertThat(covers("192.0.2.9", "v=spf1 include:x.example -all"))
                .isEqualTo(SpfCover.Covers.PERHAPS);
        assertThat(covers("192.0.2.9", "v=spf1 ip4:nonsense -all"))
                .isEqualTo(SpfCover.Covers.PERHAPS);
        assertThat(covers("192.0.2.9", "v=spf1 all")).isEqualTo(SpfCover.Covers.YES);
        assertThat(covers("192.0.2.9", "v=spf1")).isEqualTo(SpfCover.Covers.NO);
    }

    private SpfCover.Covers covers(String address, String record) {
        InetAddress parsed = AddressLiteral.parse(address).orElseThrow();
        return new SpfCover(dns, "a.example", parsed).of(record);
    }

    @Test
    void theCommandShowsTheRecordsOfItsConfiguration() throws IOException {
        Path config = folder.resolve("posthouse.toml");
        Files.writeString(
                config,
                """
                hostname = "mail.shop.example"
                [listener.a]
                bind = "127.0.0.1:2525"
                [domains]
                local = ["shop.example", "localhost"]
                [[route]]
                via = "smarthost"
                host = "127.0.0.1:1"
                """);
        CommandRun show = CommandRun.of("dns", "show", "--config", config);
        assertThat(show.exit()).as(show.err()).isZero();
        assertThat(show.out().lines())
                .hasSize(5)
                .anyMatch(line -> line.startsWith("shop.example. MX 10 mail.shop.example."))
                .anyMatch(line -> line.contains("include:<the smarthost's>"))
                .noneMatch(line -> line.contains("localhost"));
        CommandRun json = CommandRun.of("dns", "show", "--json", "--config", config);
        assertThat(json.out().lines())
                .hasSize(5)
                .allMatch(line -> JsonReader.object(line).containsKey("value"));
        assertThat(CommandRun.of("dns", "check", "--address", "x", "--config", config).exit())
                .isEqualTo(Exit.USAGE);
    }
}
