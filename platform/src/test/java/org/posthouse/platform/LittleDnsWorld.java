package org.posthouse.platform;

import static org.posthouse.platform.LittleDnsServer.add;

import org.junit.jupiter.api.AfterEach;
import org.xbill.DNS.Section;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Name servers on loopback, and a client whose cache has the test's clock. */
abstract class LittleDnsWorld {
    static final Duration LONG = Duration.ofSeconds(30);
    static final Duration SHORT = Duration.ofMillis(70);

    final ShiftedTime time = new ShiftedTime();
    final Deque<LittleDnsServer> servers = new ArrayDeque<>();

    @AfterEach
    void close() throws IOException {
        for (LittleDnsServer server : servers) {
            server.close();
        }
    }

    LittleDnsServer serve(LittleDnsServer.Zone zone) throws IOException {
        return serve(InetAddress.getLoopbackAddress(), zone);
    }

    LittleDnsServer serve(InetAddress address, LittleDnsServer.Zone zone) throws IOException {
        LittleDnsServer server = new LittleDnsServer(address, zone);
        servers.push(server);
        return server;
    }

    LittleDnsServer server() {
        return servers.getFirst();
    }

    JdkDns dns(LittleDnsServer.Zone zone) throws IOException {
        return dns(LONG, zone);
    }

    JdkDns dns(Duration timeout, LittleDnsServer.Zone zone) throws IOException {
        return dns(timeout, List.of(serve(zone).address()));
    }

    JdkDns dns(Duration timeout, List<InetSocketAddress> addresses) {
        return new JdkDns(new DnsSettings(addresses, timeout, 100), time);
    }

    /** Answers every question with this record. */
    JdkDns answering(String name, int type, String data) throws IOException {
        return dns(
                (query, answer) -> {
                    add(answer, Section.ANSWER, name, type, data);
                    return answer;
                });
    }

    static DnsQuestion question(String name) {
        return new DnsQuestion(name, DnsQuestion.Type.A);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    static <T> DnsAnswer<T> found(Duration timeToLive, T... records) {
        return new DnsAnswer.Found<>(List.of(records), timeToLive, false);
    }

    static String failure(DnsAnswer<?> answer) {
        return ((DnsAnswer.TemporaryFailure<?>) answer).reason();
    }

    static InetAddress address(String text) {
        return AddressLiteral.parse(text).orElseThrow();
    }

    /** The real clock, set forward. */
    static final class ShiftedTime implements TimeSource {
        volatile Duration shift = Duration.ZERO;
        private final TimeSource real = new JdkTime();

        @Override
        public Instant now() {
            return real.now().plus(shift);
        }

        @Override
        public long nanos() {
            return real.nanos() + shift.toNanos();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            real.sleep(duration);
        }

        @Override
        public Signal signal() {
            return real.signal();
        }
    }
}
