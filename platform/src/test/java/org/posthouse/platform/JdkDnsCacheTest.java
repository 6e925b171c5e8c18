package org.posthouse.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.platform.LittleDnsServer.add;
import static org.posthouse.platform.LittleDnsServer.addSoa;
import static org.posthouse.platform.LittleDnsServer.failing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

/** What is kept of answers; the cache's clock is the test's. */
class JdkDnsCacheTest extends LittleDnsWorld {
    @Test
    void anAnswerIsKeptForItsTimeToLive() throws Exception {
        JdkDns dns = answering("a.example", Type.A, "192.0.2.1");
        dns.a("a.example");
        time.shift = Duration.ofSeconds(299);
        var kept = (DnsAnswer.Found<InetAddress>) dns.a("A.example");
        assertThat(kept.timeToLive()).isLessThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(server().datagrams).hasValue(1);
        time.shift = Duration.ofSeconds(301);
        dns.a("a.example");
        assertThat(server().datagrams).hasValue(2);
        dns.aaaa("a.example");
        assertThat(server().datagrams).hasValue(3);
    }

    @Test
    void anAnswerWithoutTimeIsNotKept() throws Exception {
        JdkDns dns =
                dns(
                        (query, answer) -> {
                            answer.addRecord(
                                    Record.fromString(
                                            LittleDnsServer.name("a.example"),
                                            Type.A,
                                            DClass.IN,
                                            0,
                                            "192.0.2.1",
                                            Name.root),
                                    Section.ANSWER);
                            return answer;
                        });
        dns.a("a.example");
        dns.a("a.example");
        assertThat(server().datagrams).hasValue(2);
    }

    @ParameterizedTest
    @CsvSource({"100, 50, 49, 51", "50, 100, 49, 51", "99999, 99999, 899, 901"})
    void aNegativeAnswerIsKeptAsTheSoaSays(long timeToLive, long minimum, long keeps, long ends)
            throws Exception {
        JdkDns dns =
                dns(
                        (query, answer) -> {
                            addSoa(answer, timeToLive, minimum);
                            return failing(answer, Rcode.NXDOMAIN);
                        });
        dns.mx("a.example");
        time.shift = Duration.ofSeconds(keeps);
        assertThat(dns.mx("a.example")).isEqualTo(new DnsAnswer.NoDomain<>());
        assertThat(server().datagrams).hasValue(1);
        time.shift = Duration.ofSeconds(ends);
        dns.mx("a.example");
        assertThat(server().datagrams).hasValue(2);
    }

    @Test
    void aFailureIsKeptForAMoment() throws Exception {
        JdkDns dns = dns((query, answer) -> failing(answer, Rcode.SERVFAIL));
        dns.mx("a.example");
        dns.mx("a.example");
        assertThat(server().datagrams).hasValue(1);
        time.shift = Duration.ofSeconds(6);
        dns.mx("a.example");
        assertThat(server().datagrams).hasValue(2);
    }

    @Test
    void theCacheIsBounded() {
        var cache = new DnsCache(2);
        var reply = new DnsReply(new DnsAnswer.NoData<>(), LONG);
        for (String name : List.of("a", "b", "a", "c")) {
            cache.get(question(name), 0);
            cache.put(question(name), reply, 0);
        }
        assertThat(cache.size()).isEqualTo(2);
        assertThat(cache.get(question("b"), 0)).isEmpty(); // least recently used
        assertThat(cache.get(question("a"), 0)).isPresent();
    }

    @Test
    void equalQuestionsAreAskedOnce() throws Exception {
        var asked = new CountDownLatch(1);
        var mayAnswer = new CountDownLatch(1);
        JdkDns dns =
                dns(
                        (query, answer) -> {
                            asked.countDown();
                            mayAnswer.await();
                            add(answer, Section.ANSWER, "a.example", Type.A, "192.0.2.1");
                            return answer;
                        });
        List<FutureTask<DnsAnswer<InetAddress>>> tasks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            FutureTask<DnsAnswer<InetAddress>> task = new FutureTask<>(() -> dns.a("a.example"));
            Thread.ofVirtual().start(task);
            tasks.add(task);
        }
        asked.await();
        mayAnswer.countDown();
        for (var task : tasks) {
            assertThat(task.get()).isInstanceOf(DnsAnswer.Found.class);
        }
        assertThat(server().datagrams).hasValue(1);
    }

    @Test
    void whoIsInterruptedSpoilsNobodysAnswer() throws Exception {
        var asked = new CountDownLatch(1);
        JdkDns dns =
                dns(
                        (query, answer) -> {
                            if (server().datagrams.get() == 1) {
                                asked.countDown();
                                return null;
                            }
                            return failing(answer, Rcode.NXDOMAIN);
                        });
        var first = new FutureTask<>(() -> dns.a("a.example"));
        Thread thread = Thread.ofVirtual().start(first);
        asked.await();
        var second = new FutureTask<>(() -> dns.a("a.example"));
        Thread.ofVirtual().start(second);
        thread.interrupt();
        assertThat(first.get()).isInstanceOf(DnsAnswer.TemporaryFailure.class);
        assertThat(second.get()).isEqualTo(new DnsAnswer.NoDomain<>());
    }
}
