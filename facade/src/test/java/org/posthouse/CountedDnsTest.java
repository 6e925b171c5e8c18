package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.sim.SimPlatform;

import java.time.Duration;
import java.util.List;

class CountedDnsTest {
    @Test
    void eachKindIsCountedByHowItEnded() {
        var sim = new SimPlatform(4);
        sim.run(
                () -> {
                    var counted = new CountedDns(sim.dns(), sim.time());
                    assertThat(counted.counts()).hasSize(32).allMatch(each -> each.count() == 0);
                    sim.dns().mx("x.example", 10, "mx.x.example").latency(Duration.ofMillis(20));
                    assertThat(counted.mx("x.example")).isEqualTo(sim.dns().mx("x.example"));
                    assertThat(counted.mx("x.example")).isNotNull();
                    assertThat(counted.a("nowhere.example")).isNotNull();
                    assertThat(count(counted, "mx", "found")).isEqualTo(2);
                    List<DnsCount> asked =
                            counted.counts().stream().filter(each -> each.count() > 0).toList();
                    assertThat(asked).hasSize(2);
                    assertThat(asked).allMatch(each -> each.time().toMillis() == 20 * each.count());
                });
    }

    private static long count(CountedDns dns, String type, String result) {
        return dns.counts().stream()
                .filter(each -> each.type().equals(type) && each.result().equals(result))
                .mapToLong(DnsCount::count)
                .sum();
    }
}
