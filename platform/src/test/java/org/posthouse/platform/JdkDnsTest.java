package org.posthouse.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.posthouse.platform.DnsAnswer.Found;
import org.posthouse.platform.DnsAnswer.NoData;
import org.posthouse.platform.DnsAnswer.NoDomain;
import org.posthouse.platform.DnsAnswer.TemporaryFailure;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

class JdkDnsTest {
    private static final String SOA =
            "example.org 900 SOA ns.example.org. hostmaster.example.org. 1 2 3 4 60";

    private final TinyDnsServer server = new TinyDnsServer(new CountDownLatch(0));
    private final JdkDns dns = dns(server.address());

    JdkDnsTest() throws IOException {}

    private static JdkDns dns(InetSocketAddress... servers) {
        return JdkDns.create(DnsSettings.servers(List.of(servers)));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private static <T> List<T> found(DnsAnswer<T> answer) {
        assertThat(answer).isInstanceOf(Found.class);
        return ((Found<T>) answer).records();
    }

    @Test
    void findsRecordsOfEveryType() throws Exception {
        server.records(
                "example.org",
                "example.org 300 MX 20 b.example.org.",
                "example.org 300 MX 10 A.Example.org.");
        server.records("mx.example.org", "mx.example.org 60 A 192.0.2.25");
        server.records("six.example.org", "six.example.org 60 AAAA 2001:db8::25");
        server.records("txt.example.org", "txt.example.org 60 TXT \"v=spf1 \" \"-all\"");
        server.records("1.2.0.192.in-addr.arpa", "1.2.0.192.in-addr.arpa 60 PTR MX.example.org.");
        assertThat(found(dns.mx("EXAMPLE.org")))
                .containsExactlyInAnyOrder(
                        new Dns.Mx(20, "b.example.org"), new Dns.Mx(10, "a.example.org"));
        assertThat(found(dns.a("mx.example.org")))
                .containsExactly(AddressLiteral.parse("192.0.2.25").orElseThrow());
        assertThat(found(dns.aaaa("six.example.org")))
                .containsExactly(AddressLiteral.parse("2001:db8::25").orElseThrow());
        assertThat(found(dns.txt("txt.example.org"))).containsExactly("v=spf1 -all");
        assertThat(found(dns.ptr(AddressLiteral.parse("192.0.2.1").orElseThrow())))
                .containsExactly("mx.example.org");
    }

    @Test
    void theNullMxHasAnEmptyHost() {
        server.records("null.example", "null.example 300 MX 0 .");
        assertThat(found(dns.mx("null.example"))).containsExactly(new Dns.Mx(0, ""));
    }

    @Test
    void tellsNoDataFromNoDomainFromFailure() {
        server.on("none.example", reply -> reply.addRecord(soa(), Section.AUTHORITY));
        server.on("broken.example", reply -> reply.getHeader().setRcode(Rcode.SERVFAIL));
        server.on("refused.example", reply -> reply.getHeader().setRcode(Rcode.REFUSED));
        assertThat(dns.mx("none.example")).isInstanceOf(NoData.class);
        assertThat(dns.mx("gone.example")).isInstanceOf(NoDomain.class);
        assertThat(dns.mx("broken.example"))
                .isInstanceOfSatisfying(
                        TemporaryFailure.class,
                        failure -> assertThat(failure.reason()).contains("SERVFAIL"));
        assertThat(dns.mx("refused.example")).isInstanceOf(TemporaryFailure.class);
    }

    private static org.xbill.DNS.Record soa() throws IOException {
        return TinyDnsServer.record(SOA);
    }

    @Test
    void badNamesDoNotExistAndAreNotAsked() {
        for (String bad : List.of("", "a..b", "x".repeat(64) + ".org", "a.".repeat(130) + "org")) {
            assertThat(dns.mx(bad)).as(bad).isInstanceOf(NoDomain.class);
        }
        assertThat(server.questions).hasValue(0);
    }

    @Test
    void followsAliasesInOneAnswerAndAcrossAnswers() {
        server.records(
                "www.example",
                "www.example 300 CNAME host.example.",
                "host.example 60 A 192.0.2.1");
        server.records("far.example", "far.example 30 CNAME www.example.");
        assertThat(dns.a("www.example")).isEqualTo(found("192.0.2.1", 60));
        assertThat(dns.a("far.example")).isEqualTo(found("192.0.2.1", 30));
    }

    private static Found<InetAddress> found(String address, int seconds) {
        return new Found<>(
                List.of(AddressLiteral.parse(address).orElseThrow()),
                Duration.ofSeconds(seconds),
                false);
    }

    @Test
    void aliasesInACircleEnd() {
        server.records("a.example", "a.example 30 CNAME b.example.");
        server.records("b.example", "b.example 30 CNAME a.example.");
        server.records(
                "both.example",
                "both.example 30 CNAME two.example.",
                "two.example 30 CNAME both.example.");
        assertThat(dns.a("a.example")).isInstanceOf(TemporaryFailure.class);
        assertThat(dns.a("both.example")).isInstanceOf(TemporaryFailure.class);
    }

    @Test
    void anAliasOfNothingIsNothing() {
        server.on(
                "alias.example",
                reply -> {
                    reply.addRecord(
                            TinyDnsServer.record("alias.example 30 CNAME gone.example."),
                            Section.ANSWER);
                    reply.addRecord(soa(), Section.AUTHORITY);
                    reply.getHeader().setRcode(Rcode.NXDOMAIN);
                });
        assertThat(dns.a("alias.example")).isInstanceOf(NoDomain.class);
    }

    @Test
    void whatDoesNotFitADatagramComesByTcp() {
        String[] records = new String[100];
        for (int i = 0; i < records.length; i++) {
            records[i] = "many.example 60 A 192.0.2." + i;
        }
        server.records("many.example", records);
        assertThat(found(dns.a("many.example"))).hasSize(100);
        assertThat(server.overTcp).hasValue(1);
    }

    @Test
    void answersAreKeptWithTheirTimeAndFailuresAreNot() {
        server.records("example.org", "example.org 300 MX 10 mx.example.org.");
        server.on("broken.example", reply -> reply.getHeader().setRcode(Rcode.SERVFAIL));
        for (int i = 0; i < 3; i++) {
            assertThat(((Found<Dns.Mx>) dns.mx("example.org")).timeToLive())
                    .isBetween(Duration.ofSeconds(290), Duration.ofSeconds(300));
            assertThat(dns.mx("gone.example")).isInstanceOf(NoDomain.class);
        }
        assertThat(server.questions).hasValue(2);
        dns.mx("broken.example");
        int asked = server.questions.get();
        dns.mx("broken.example");
        assertThat(server.questions.get()).isGreaterThan(asked);
    }

    @Test
    void anAnswerWithoutTimeIsNotKept() {
        server.records("now.example", "now.example 0 A 192.0.2.1");
        dns.a("now.example");
        dns.a("now.example");
        assertThat(server.questions).hasValue(2);
    }

    @Test
    void manyWhoAskTheSameAskOnce() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        try (TinyDnsServer slow = new TinyDnsServer(hold)) {
            slow.records("example.org", "example.org 0 MX 10 mx.example.org.");
            JdkDns patient = dns(slow.address());
            List<DnsAnswer<Dns.Mx>> answers = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                threads.add(
                        Thread.ofVirtual()
                                .start(
                                        () -> {
                                            DnsAnswer<Dns.Mx> answer = patient.mx("example.org");
                                            synchronized (answers) {
                                                answers.add(answer);
                                            }
                                        }));
            }
            for (Thread thread : threads) {
                while (thread.getState() != Thread.State.WAITING
                        && thread.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
            }
            hold.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(answers).hasSize(20).allMatch(Found.class::isInstance);
            assertThat(slow.questions).hasValue(1);
        }
    }

    @Test
    void aDeadServerIsPassedOver() throws Exception {
        server.records("example.org", "example.org 300 MX 10 mx.example.org.");
        try (DatagramSocket silent =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            InetSocketAddress dead = (InetSocketAddress) silent.getLocalSocketAddress();
            assertThat(dns(dead, server.address()).mx("example.org")).isInstanceOf(Found.class);
        }
    }

    @Test
    void silenceEndsAtTheTimeOut() throws Exception {
        try (DatagramSocket silent =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            InetSocketAddress dead = (InetSocketAddress) silent.getLocalSocketAddress();
            JdkDns hurried =
                    JdkDns.create(new DnsSettings(List.of(dead), Duration.ofMillis(300), 10));
            long start = System.nanoTime();
            assertThat(hurried.mx("example.org")).isInstanceOf(TemporaryFailure.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(290), Duration.ofSeconds(3));
        }
    }

    @Test
    void theVerdictOfALoopbackServerIsBelieved() {
        server.on(
                "signed.example",
                reply -> {
                    reply.addRecord(
                            TinyDnsServer.record("signed.example 60 A 192.0.2.1"), Section.ANSWER);
                    reply.getHeader().setFlag(Flags.AD);
                });
        server.records("plain.example", "plain.example 60 A 192.0.2.1");
        assertThat(((Found<InetAddress>) dns.a("signed.example")).authentic()).isTrue();
        assertThat(((Found<InetAddress>) dns.a("plain.example")).authentic()).isFalse();
    }

    @Test
    void theMachineKnowsItself() {
        assertThat(found(dns.system("localhost"))).allMatch(InetAddress::isLoopbackAddress);
        assertThat(dns.system("no-such-name.invalid")).isNotInstanceOf(Found.class);
        assertThat(server.questions).hasValue(0);
    }

    @Test
    void theCacheDropsTheLeastRecentlyUsed() {
        DnsCache cache = new DnsCache(2);
        DnsRecords answer = new DnsRecords(List.of(), DnsRecords.Kind.NO_DATA, 100, false, "");
        DnsCache.Key a = new DnsCache.Key("a", 1);
        DnsCache.Key b = new DnsCache.Key("b", 1);
        DnsCache.Key c = new DnsCache.Key("c", 1);
        cache.put(a, answer, 0);
        cache.put(b, answer, 0);
        assertThat(cache.get(a, 1)).isPresent();
        cache.put(c, answer, 0);
        assertThat(cache.get(b, 1)).isEmpty();
        assertThat(cache.get(a, 1)).isPresent();
        assertThat(cache.get(a, 99_000_000_000L).orElseThrow().timeToLive()).isEqualTo(1);
        assertThat(cache.get(a, 100_000_000_000L)).isEmpty();
        assertThat(cache.size()).isEqualTo(1);
    }

    @Test
    void negativeAnswersAreKeptForMinutesAtMost() {
        DnsCache cache = new DnsCache(2);
        DnsCache.Key key = new DnsCache.Key("a", 1);
        cache.put(
                key, new DnsRecords(List.of(), DnsRecords.Kind.NO_DOMAIN, 1_000_000, false, ""), 0);
        assertThat(cache.get(key, 0).orElseThrow().timeToLive()).isEqualTo(15 * 60);
    }
}
