package org.posthouse.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.platform.Dns;
import org.posthouse.platform.DnsAnswer;

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
    void answersTakeVirtualTime() {
        dns.latency(Duration.ofSeconds(2));
        long start = sim.time().nanos();
        sim.run(() -> assertThat(dns.mx("example.org")).isNotNull());
        assertThat(sim.time().nanos() - start).isEqualTo(2_000_000_000L);
    }
}
