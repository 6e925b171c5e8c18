package org.posthouse.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.posthouse.platform.LittleDnsServer.add;
import static org.posthouse.platform.LittleDnsServer.addSoa;
import static org.posthouse.platform.LittleDnsServer.failing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthouse.platform.Dns.Mx;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Real questions to a little server on loopback. */
class JdkDnsTest extends LittleDnsWorld {
    // Answers.

    @Test
    void mailExchangersComeInTheAnswersOrderAndInLowerCase() throws Exception {
        JdkDns dns =
                dns(
                        (query, answer) -> {
                            add(answer, Section.ANSWER, "A.example", Type.MX, "20 MX2.A.example.");
                            add(answer, Section.ANSWER, "A.example", Type.MX, "10 mx1.a.example.");
                            return answer;
                        });
        assertThat(dns.mx("A.EXAMPLE."))
                .isEqualTo(
                        found(
                                Duration.ofSeconds(300),
                                new Mx(20, "mx2.a.example"),
                                new Mx(10, "mx1.a.example")));
    }

    @Test
    void theNullMxHasNoHost() throws Exception {
        JdkDns dns = answering("a.example", Type.MX, "0 .");
        assertThat(dns.mx("a.example")).isEqualTo(found(Duration.ofSeconds(300), new Mx(0, "")));
    }

    @Test
    void addressesOfBothKinds() throws Exception {
        assertThat(answering("a.example", Type.A, "192.0.2.1").a("a.example"))
                .isEqualTo(found(Duration.ofSeconds(300), address("192.0.2.1")));
        assertThat(answering("a.example", Type.AAAA, "2001:db8::1").aaaa("a.example"))
                .isEqualTo(found(Duration.ofSeconds(300), address("2001:db8::1")));
    }

    @Test
    void theStringsOfATextAreJoined() throws Exception {
        JdkDns dns = answering("_dmarc.a.example", Type.TXT, "\"v=DMARC1; \" \"p=none\"");
        assertThat(dns.txt("_dmarc.a.example"))
                .isEqualTo(found(Duration.ofSeconds(300), "v=DMARC1; p=none"));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 1.2.0.192.in-addr.arpa",
        "2001:db8::1, 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
    })
    void theNameOfAnAddress(String address, String reverse) throws Exception {
        JdkDns dns = answering(reverse, Type.PTR, "Host.example.");
        assertThat(dns.ptr(address(address)))
                .isEqualTo(found(Duration.ofSeconds(300), "host.example"));
    }

    @Test
    void aLongAnswerComesByTcp() throws Exception {
        JdkDns dns =
                dns(
                        (query, answer) -> {
                            for (int i = 0; i < 200; i++) {
                                add(answer, Section.ANSWER, "a.example", Type.A, "192.0.2." + i);
                            }
                            return answer;
                        });
        DnsAnswer<InetAddress> answer = dns.a("a.example");
        assertThat(((DnsAnswer.Found<InetAddress>) answer).records()).hasSize(200);
        assertThat(server().datagrams).hasValue(1);
        assertThat(server().streams).hasValue(1);
    }

    @Test
    void anAnswerThatIsCutShortByTcpTooIsNoAnswer() throws Exception {
        JdkDns dns =
                dns(
                        (query, answer) -> {
                            answer.getHeader().setFlag(Flags.TC);
                            return answer;
                        });
        assertThat(failure(dns.mx("a.example"))).endsWith("cut its answer short by TCP too");
        assertThat(server().streams).hasValue(1);
    }

    @Test
    void noRecordsAndNoNameAreTwoThings() throws Exception {
        JdkDns noData =
                dns(
                        (query, answer) -> {
                            addSoa(answer, 100, 100);
                            return answer;
                        });
        assertThat(noData.mx("a.example")).isEqualTo(new DnsAnswer.NoData<>());
        JdkDns noDomain = dns((query, answer) -> failing(answer, Rcode.NXDOMAIN));
        assertThat(noDomain.mx("a.example")).isEqualTo(new DnsAnswer.NoDomain<>());
    }

    @ParameterizedTest
    @ValueSource(ints = {Rcode.SERVFAIL, Rcode.REFUSED, Rcode.FORMERR, Rcode.NOTIMP})
    void aServerThatFailsIsATemporaryFailure(int code) throws Exception {
        JdkDns dns = dns((query, answer) -> failing(answer, code));
        assertThat(failure(dns.mx("a.example"))).endsWith(": " + Rcode.string(code));
    }

    @Test
    void anAnswerThatRefersElsewhereIsNoAnswer() throws Exception {
        JdkDns dns =
                dns(
                        (query, answer) -> {
                            answer.getHeader().unsetFlag(Flags.RA);
                            add(answer, Section.AUTHORITY, "example", Type.NS, "ns.example.");
                            return answer;
                        });
        assertThat(failure(dns.mx("a.example"))).endsWith("refers to other servers");
    }

    @Test
    void aMalformedAnswerIsATemporaryFailure() throws Exception {
        JdkDns dns = answering("a.example", Type.MX, "10 mx.a.example.");
        server().onTheWay =
                octets -> {
                    byte[] cut = Arrays.copyOf(octets, octets.length - 3);
                    return cut;
                };
        assertThat(dns.mx("a.example")).isInstanceOf(DnsAnswer.TemporaryFailure.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", ".a", "a b.example", "ä.example", "a\\046b", "a\n"})
    void whatIsNoNameIsNotAsked(String name) throws Exception {
        JdkDns dns = answering(name, Type.MX, "10 mx.a.example.");
        assertThat(dns.mx(name)).isEqualTo(new DnsAnswer.NoDomain<>());
        assertThat(dns.mx("a".repeat(64) + ".example")).isEqualTo(new DnsAnswer.NoDomain<>());
        assertThat(dns.mx("a.".repeat(128))).isEqualTo(new DnsAnswer.NoDomain<>());
        assertThat(dns.system(name)).isEqualTo(new DnsAnswer.NoDomain<>());
        assertThat(server().datagrams).hasValue(0);
    }

    @Test
    void theLongestNameIsAsked() throws Exception {
        String label = "a".repeat(63);
        String name = String.join(".", label, label, label, "b".repeat(61));
        JdkDns dns = answering(name, Type.A, "192.0.2.1");
        assertThat(dns.a(name)).isInstanceOf(DnsAnswer.Found.class);
    }

    @Test
    void aServerOnLoopbackMayVouch() throws Exception {
        JdkDns dns =
                dns(
                        (query, answer) -> {
                            assertThat(query.getHeader().getFlag(Flags.AD)).isTrue();
                            assertThat(query.getOPT().getPayloadSize()).isEqualTo(1232);
                            answer.getHeader().setFlag(Flags.AD);
                            add(answer, Section.ANSWER, "a.example", Type.A, "192.0.2.1");
                            return answer;
                        });
        var answer = (DnsAnswer.Found<InetAddress>) dns.a("a.example");
        assertThat(answer.authentic()).isTrue();
        JdkDns plain = answering("a.example", Type.A, "192.0.2.1");
        assertThat(((DnsAnswer.Found<InetAddress>) plain.a("a.example")).authentic()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"OFF, false", "LOOPBACK, true", "TRUST, true"})
    void theSettingsSayWhoMayVouch(DnsSettings.Dnssec dnssec, boolean counts) throws Exception {
        var server =
                serve(
                        (query, answer) -> {
                            answer.getHeader().setFlag(Flags.AD);
                            add(answer, Section.ANSWER, "a.example", Type.A, "192.0.2.1");
                            return answer;
                        });
        var settings = new DnsSettings(List.of(server.address()), LONG, 10, dnssec);
        var answer = (DnsAnswer.Found<InetAddress>) new JdkDns(settings, time).a("a.example");
        assertThat(answer.authentic()).isEqualTo(counts);
    }

    /** A server elsewhere could be anybody: only who is trusted by setting counts. */
    @Test
    void aServerElsewhereMayNotVouch() throws Exception {
        InetAddress here = elsewhere();
        assumeTrue(!here.isLoopbackAddress(), "this machine has no address but loopback");
        var server =
                serve(
                        here,
                        (query, answer) -> {
                            answer.getHeader().setFlag(Flags.AD);
                            add(answer, Section.ANSWER, "a.example", Type.A, "192.0.2.1");
                            return answer;
                        });
        for (DnsSettings.Dnssec dnssec : DnsSettings.Dnssec.values()) {
            var settings = new DnsSettings(List.of(server.address()), LONG, 10, dnssec);
            var answer = (DnsAnswer.Found<InetAddress>) new JdkDns(settings, time).a("a.example");
            assertThat(answer.authentic()).isEqualTo(dnssec == DnsSettings.Dnssec.TRUST);
        }
    }

    private static InetAddress elsewhere() throws Exception {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(each -> each instanceof Inet4Address && !each.isLoopbackAddress())
                .findFirst()
                .orElse(InetAddress.getLoopbackAddress());
    }

    @Test
    void certificateAssociations() throws Exception {
        String data = "AB".repeat(32);
        JdkDns dns = answering("_25._tcp.a.example", Type.TLSA, "3 1 1 " + data);
        assertThat(dns.tlsa("_25._tcp.A.example"))
                .isEqualTo(
                        found(
                                Duration.ofSeconds(300),
                                new Dns.Tlsa(3, 1, 1, data.toLowerCase(Locale.ROOT))));
    }

    // Aliases.

    @Test
    void aliasesInOneAnswerAreFollowed() throws Exception {
        JdkDns dns =
                dns(
                        (query, answer) -> {
                            add(answer, Section.ANSWER, "a.example", Type.CNAME, "B.example.");
                            add(answer, Section.ANSWER, "b.example", Type.CNAME, "c.example.");
                            add(answer, Section.ANSWER, "c.example", Type.A, "192.0.2.1");
                            add(answer, Section.ANSWER, "other.example", Type.A, "192.0.2.9");
                            return answer;
                        });
        assertThat(dns.a("a.example")).isEqualTo(aliased("c.example"));
        assertThat(server().datagrams).hasValue(1);
    }

    private static DnsAnswer<InetAddress> aliased(String alias) {
        var one = List.of(address("192.0.2.1"));
        return new DnsAnswer.Found<>(one, Duration.ofSeconds(300), false, alias);
    }

    /** DNSSEC has to vouch for the whole way. */
    @Test
    void anAliasWithoutASignatureSpoilsWhatIsBehindIt() throws Exception {
        for (String signed : List.of("a.example", "b.example", "both")) {
            JdkDns dns =
                    dns(
                            (query, answer) -> {
                                String asked = query.getQuestion().getName().toString(true);
                                if (signed.equals(asked) || signed.equals("both")) {
                                    answer.getHeader().setFlag(Flags.AD);
                                }
                                boolean first = asked.equals("a.example");
                                add(
                                        answer,
                                        Section.ANSWER,
                                        asked,
                                        first ? Type.CNAME : Type.A,
                                        first ? "b.example." : "192.0.2.1");
                                return answer;
                            });
            var whole = (DnsAnswer.Found<InetAddress>) dns.a("a.example");
            assertThat(whole.authentic()).isEqualTo(signed.equals("both"));
            assertThat(whole.alias()).isEqualTo("b.example");
            var link = (DnsAnswer.Found<String>) dns.cname("a.example");
            assertThat(link.records()).containsExactly("b.example");
            assertThat(link.authentic()).isEqualTo(!signed.equals("b.example"));
            assertThat(link.alias()).isEmpty();
        }
    }

    @Test
    void anAliasThatLeadsOutOfTheAnswerIsAskedFor() throws Exception {
        JdkDns dns =
                dns(
                        (query, answer) -> {
                            String asked = query.getQuestion().getName().toString(true);
                            if (asked.equals("a.example")) {
                                add(answer, Section.ANSWER, asked, Type.CNAME, "b.example.");
                            } else {
                                add(answer, Section.ANSWER, asked, Type.A, "192.0.2.1");
                            }
                            return answer;
                        });
        assertThat(dns.a("a.example")).isEqualTo(aliased("b.example"));
        assertThat(server().datagrams).hasValue(2);
    }

    @Test
    void anAliasOfNothingIsNothing() throws Exception {
        JdkDns dns =
                dns(
                        (query, answer) -> {
                            add(answer, Section.ANSWER, "a.example", Type.CNAME, "b.example.");
                            return failing(answer, Rcode.NXDOMAIN);
                        });
        assertThat(dns.a("a.example")).isEqualTo(new DnsAnswer.NoDomain<>());
        assertThat(server().datagrams).hasValue(1);
    }

    @Test
    void aliasesThatNeverEndFail() throws Exception {
        JdkDns circle =
                dns(
                        (query, answer) -> {
                            add(answer, Section.ANSWER, "a.example", Type.CNAME, "b.example.");
                            add(answer, Section.ANSWER, "b.example", Type.CNAME, "a.example.");
                            return answer;
                        });
        assertThat(failure(circle.a("a.example"))).isEqualTo("too many aliases");
        assertThat(server().datagrams).hasValue(1);
        JdkDns chain =
                dns(
                        (query, answer) -> {
                            String asked = query.getQuestion().getName().toString(true);
                            add(answer, Section.ANSWER, asked, Type.CNAME, "x" + asked + ".");
                            return answer;
                        });
        assertThat(failure(chain.a("a.example"))).isEqualTo("too many aliases");
        assertThat(server().datagrams).hasValue(11);
    }

    // Servers.

    @Test
    void aSilentServerIsATemporaryFailureInTime() throws Exception {
        JdkDns dns = dns(SHORT, (query, answer) -> null);
        long before = System.nanoTime();
        assertThat(failure(dns.mx("a.example"))).endsWith("no answer in time");
        assertThat(System.nanoTime() - before).isLessThan(LONG.toNanos());
        assertThat(server().datagrams.get()).isLessThanOrEqualTo(3);
    }

    @Test
    void aLostDatagramIsSentAgain() throws Exception {
        JdkDns dns =
                dns(
                        Duration.ofSeconds(2),
                        (query, answer) -> {
                            if (server().datagrams.get() == 1) {
                                return null;
                            }
                            add(answer, Section.ANSWER, "a.example", Type.A, "192.0.2.1");
                            return answer;
                        });
        assertThat(dns.a("a.example")).isInstanceOf(DnsAnswer.Found.class);
        assertThat(server().datagrams).hasValueGreaterThanOrEqualTo(2);
    }

    @Test
    void afterAServerThatFailsTheNextIsAsked() throws Exception {
        LittleDnsServer failing = serve((query, answer) -> failing(answer, Rcode.SERVFAIL));
        LittleDnsServer good =
                serve(
                        (query, answer) -> {
                            add(answer, Section.ANSWER, "a.example", Type.A, "192.0.2.1");
                            return answer;
                        });
        JdkDns dns = dns(LONG, List.of(failing.address(), good.address()));
        assertThat(dns.a("a.example")).isInstanceOf(DnsAnswer.Found.class);
        assertThat(failing.datagrams).hasValue(1);
    }

    @Test
    void aServerThatIsNotThereFailsAtOnce() throws Exception {
        InetSocketAddress nobody;
        try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            nobody = (InetSocketAddress) socket.getLocalSocketAddress();
        }
        JdkDns dns = dns(Duration.ofHours(1), List.of(nobody));
        assertThat(dns.mx("a.example")).isInstanceOf(DnsAnswer.TemporaryFailure.class);
    }

    @Test
    void aSilentServerIsAskedLastFromThenOn() throws Exception {
        LittleDnsServer silent = serve((query, answer) -> null);
        LittleDnsServer good = serve((query, answer) -> failing(answer, Rcode.NXDOMAIN));
        JdkDns dns = dns(Duration.ofSeconds(2), List.of(silent.address(), good.address()));
        assertThat(dns.mx("a.example")).isEqualTo(new DnsAnswer.NoDomain<>());
        assertThat(dns.mx("b.example")).isEqualTo(new DnsAnswer.NoDomain<>());
        assertThat(silent.datagrams).hasValue(1);
        assertThat(good.datagrams).hasValue(2);
    }

    @Test
    void aForgedAnswerIsPassedOver() throws Exception {
        JdkDns dns = dns(SHORT, (query, answer) -> failing(answer, Rcode.NXDOMAIN));
        server().onTheWay =
                octets -> {
                    octets[1] ^= 1; // another question's number
                    return octets;
                };
        assertThat(failure(dns.mx("a.example"))).endsWith("no answer in time");
        server().onTheWay =
                octets -> {
                    octets[13] ^= 1; // another name
                    return octets;
                };
        assertThat(failure(dns.mx("b.example"))).endsWith("no answer in time");
    }

    @Test
    void anOldServerIsAskedWithoutExtensions() throws Exception {
        JdkDns dns =
                dns(
                        (query, answer) -> {
                            if (query.getOPT() != null) {
                                answer.removeAllRecords(Section.QUESTION);
                                return failing(answer, Rcode.FORMERR);
                            }
                            add(answer, Section.ANSWER, "a.example", Type.A, "192.0.2.1");
                            return answer;
                        });
        assertThat(dns.a("a.example")).isInstanceOf(DnsAnswer.Found.class);
    }

    @Test
    void theSystemsServersAreRead() {
        assertThat(
                        DnsServers.parse(
                                List.of(
                                        "# nameserver 192.0.2.9",
                                        "nameserver 192.0.2.1",
                                        " nameserver\t2001:db8::1 ",
                                        "nameserver fe80::1%eth0",
                                        "nameserver",
                                        "nameservers 192.0.2.8",
                                        "search example")))
                .containsExactly(
                        new InetSocketAddress(address("192.0.2.1"), 53),
                        new InetSocketAddress(address("2001:db8::1"), 53));
    }

    // The machine's own look-up.

    @Test
    void theSystemKnowsItself() throws Exception {
        JdkDns dns = dns((query, answer) -> null);
        var answer = (DnsAnswer.Found<InetAddress>) dns.system("localhost");
        assertThat(answer.records()).allMatch(InetAddress::isLoopbackAddress);
        assertThat(dns.system("no-such-name.invalid")).isNotInstanceOf(DnsAnswer.Found.class);
        assertThat(server().datagrams).hasValue(0);
        assertThat(dns.system("192.0.2.7")).isEqualTo(found(Duration.ZERO, address("192.0.2.7")));
    }

    @Test
    void onlyACertainNoIsANo() {
        assertThat(SystemNames.reply("x: Name or service not known").answer())
                .isEqualTo(new DnsAnswer.NoDomain<>());
        for (String text : List.of("x: Temporary failure in name resolution", "x", "null")) {
            assertThat(SystemNames.reply(text).answer())
                    .isInstanceOf(DnsAnswer.TemporaryFailure.class);
        }
    }
}
