package org.posthouse.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.Dns;
import org.posthouse.platform.DnsAnswer;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

class SimDnsTest {
    private final SimPlatform sim = new SimPlatform(1);
    private final SimDns dns =
            sim.dns()
                    .timeToLive(Duration.ofMinutes(5))
                    .mx("Example.org", 10, "MX1.example.org", "mx2.example.org")
                    .address("mx1.example.org", "192.0.2.25", "2001:db8::25")
                    .txt("example.org", "v=spf1 -all")
                    .ptr("192.0.2.25", "mx1.example.org")
                    .system("intern", "10.0.0.1");

    @Test
    void answersFromTheScript() {
        assertThat(dns.mx("example.ORG"))
                .isEqualTo(
                        new DnsAnswer.Found<>(
                                List.of(
                                        new Dns.Mx(10, "mx1.example.org"),
                                        new Dns.Mx(10, "mx2.example.org")),
                                Duration.ofMinutes(5),
                                false));
        assertThat(dns.a("mx1.example.org")).isInstanceOf(DnsAnswer.Found.class);
        assertThat(dns.aaaa("mx1.example.org")).isInstanceOf(DnsAnswer.Found.class);
        assertThat(dns.txt("example.org")).isInstanceOf(DnsAnswer.Found.class);
        assertThat(dns.ptr(SimNetwork.address("192.0.2.25"))).isInstanceOf(DnsAnswer.Found.class);
        assertThat(dns.system("intern")).isInstanceOf(DnsAnswer.Found.class);
        assertThat(dns.system("mx1.example.org")).isInstanceOf(DnsAnswer.Found.class);
        assertThat(dns.calls("MX", "example.org")).isEqualTo(1);
    }

    @Test
    void tellsNoDataFromNoDomainFromFailure() {
        assertThat(dns.mx("mx1.example.org")).isInstanceOf(DnsAnswer.NoData.class);
        assertThat(dns.a("org")).isInstanceOf(DnsAnswer.NoData.class);
        assertThat(dns.a("xample.org")).isInstanceOf(DnsAnswer.NoDomain.class);
        dns.failTemporarily("example.org");
        assertThat(dns.mx("example.org")).isInstanceOf(DnsAnswer.TemporaryFailure.class);
        dns.heal("example.org").remove("example.org");
        assertThat(dns.mx("example.org")).isInstanceOf(DnsAnswer.NoData.class);
        assertThat(dns.calls()).isEqualTo(5);
    }

    @Test
    void aliasesLeadOnAndDnssecVouchesForTheWholeWay() {
        dns.alias("mx.example.net", "mx1.example.org").secure("mx1.example.org");
        var behind = (DnsAnswer.Found<InetAddress>) dns.a("mx.example.net");
        assertThat(behind.alias()).isEqualTo("mx1.example.org");
        assertThat(behind.authentic()).isFalse();
        dns.secure("mx.example.net");
        assertThat(((DnsAnswer.Found<InetAddress>) dns.a("mx.example.net")).authentic()).isTrue();
        assertThat(((DnsAnswer.Found<String>) dns.cname("mx.example.net")).records())
                .containsExactly("mx1.example.org");
        var tlsa = new Dns.Tlsa(3, 1, 1, "00");
        dns.tlsa("_25._tcp.mx1.example.org", tlsa).insecure("mx1.example.org");
        assertThat(((DnsAnswer.Found<Dns.Tlsa>) dns.tlsa("_25._tcp.mx1.example.org")).records())
                .containsExactly(tlsa);
        assertThat(((DnsAnswer.Found<InetAddress>) dns.a("mx.example.net")).authentic()).isFalse();
        dns.alias("a.example", "b.example").alias("b.example", "a.example");
        assertThat(dns.a("a.example")).isInstanceOf(DnsAnswer.TemporaryFailure.class);
    }

    @Test
    void answersTakeVirtualTime() {
        dns.latency(Duration.ofSeconds(2));
        long start = sim.time().nanos();
        sim.run(() -> assertThat(dns.mx("example.org")).isNotNull());
        assertThat(sim.time().nanos() - start).isEqualTo(2_000_000_000L);
    }
}
