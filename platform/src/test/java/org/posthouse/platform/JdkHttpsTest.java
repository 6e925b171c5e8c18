package org.posthouse.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.platform.Https.Fetched;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;

/** Fetches from a server on loopback whose certificate is for {@code localhost}. */
class JdkHttpsTest {
    private static final int MAX = 1000;

    @TempDir static Path folder;
    private static Keytool made;

    private static final List<InetAddress> HERE = List.of(InetAddress.getLoopbackAddress());

    private final TimeSource time = new JdkTime();
    private final JdkNetwork network = new JdkNetwork();
    private final AtomicInteger asked = new AtomicInteger();
    private ServerSocket server;
    private SSLContext trust;
    private JdkHttps https;
    private volatile Handler handler = out -> {};

    /** Writes an answer. */
    private interface Handler {
        void answer(OutputStream out) throws IOException;
    }

    @BeforeAll
    static void make() throws Exception {
        made = Keytool.make(folder, "EC", "dns:localhost");
    }

    @BeforeEach
    void start() throws Exception {
        trust = TlsContexts.trusting(made.certificatePem().getBytes(StandardCharsets.US_ASCII));
        SSLContext own = TlsContexts.fromPem(made.certificatePem(), made.keyPem());
        server =
                own.getServerSocketFactory()
                        .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::serve);
        https = client(trust);
    }

    private JdkHttps client(SSLContext trusted) {
        return new JdkHttps(network, time, Optional.of(trusted), server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        network.close();
        server.close();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (var socket = server.accept()) {
                var in =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.ISO_8859_1));
                String line = in.readLine();
                while (line != null && !line.isEmpty()) {
                    line = in.readLine();
                }
                if (line != null) {
                    asked.incrementAndGet();
                    handler.answer(socket.getOutputStream());
                }
            } catch (IOException e) {
                // a client that went, or did not like the certificate
            }
        }
    }

    private void answer(int code, String fields, String body) {
        handler =
                out -> {
                    byte[] octets = body.getBytes(StandardCharsets.UTF_8);
                    String head = "HTTP/1.1 %d x\r\n%sContent-Length: %d\r\n\r\n";
                    out.write(
                            head.formatted(code, fields, octets.length)
                                    .getBytes(StandardCharsets.ISO_8859_1));
                    out.write(octets);
                    out.flush();
                };
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private Fetched get() {
        return get(Duration.ofSeconds(30));
    }

    private Fetched get(Duration within) {
        return https.get("localhost", HERE, "/file", new Https.Limits(MAX, time.after(within)));
    }

    private static String why(Fetched fetched) {
        return ((Fetched.Failed) fetched).why();
    }

    @Test
    void aDocumentComesWithItsType() {
        answer(200, "Content-Type: Text/Plain; charset=utf-8\r\n", "gr\u00fc\u00dfe");
        assertThat(get()).isEqualTo(new Fetched.Document("text/plain", "gr\u00fc\u00dfe"));
        assertThat(get()).as("again").isInstanceOf(Fetched.Document.class);
    }

    @Test
    void itsEndIsToldInThreeWays() {
        handler =
                out ->
                        say(
                                out,
                                "HTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
                                        + "HTTP/1.1 200\r\nTransfer-Encoding: Chunked\r\n\r\n"
                                        + "3\r\none\r\n4 ;x=y\r\n two\r\n0\r\n\r\n");
        assertThat(get()).isEqualTo(new Fetched.Document("", "one two"));
        handler = out -> say(out, "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\none two");
        assertThat(get()).isEqualTo(new Fetched.Document("", "one"));
        handler = out -> say(out, "HTTP/1.0 200 OK\r\n\r\none two");
        assertThat(get()).isEqualTo(new Fetched.Document("", "one two"));
        handler = out -> say(out, "HTTP/1.0 200 OK\r\n\r\n" + "x".repeat(MAX + 1));
        assertThat(why(get())).contains("more than " + MAX + " octets");
    }

    /** Names are the caller's to look up: where to go is told. */
    @Test
    void theAddressesAreTriedInTurnAndNoOthers() throws IOException {
        answer(200, "", "x");
        InetAddress nobody = InetAddress.getByAddress(new byte[] {127, 9, 9, 9});
        var limits = new Https.Limits(MAX, time.after(Duration.ofSeconds(30)));
        assertThat(https.get("localhost", List.of(nobody, HERE.getFirst()), "/file", limits))
                .isInstanceOf(Fetched.Document.class);
        assertThat(https.get("localhost", List.of(nobody), "/file", limits))
                .isInstanceOf(Fetched.Failed.class);
        assertThat(why(https.get("localhost", List.of(), "/file", limits)))
                .isEqualTo("the host has no address");
        assertThat(asked).hasValue(1);
    }

    @Test
    void onlyAnAnswerOf200IsOne() {
        answer(404, "", "no");
        assertThat(why(get())).isEqualTo("the answer is 404");
        answer(204, "", "");
        assertThat(why(get())).isEqualTo("the answer is 204");
    }

    @Test
    void aRedirectIsNotFollowed() {
        answer(301, "Location: /other\r\n", "");
        assertThat(why(get())).isEqualTo("the answer is 301");
        assertThat(asked).hasValue(1);
    }

    @Test
    void aDocumentThatIsTooLongIsNotReadToItsEnd() throws InterruptedException {
        answer(200, "", "x".repeat(MAX));
        assertThat(get()).isInstanceOf(Fetched.Document.class);
        answer(200, "", "x".repeat(MAX + 1));
        assertThat(why(get())).contains("more than " + MAX + " octets");
        var gone = new CountDownLatch(1);
        handler =
                out -> {
                    try {
                        say(out, "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n");
                        while (true) {
                            say(out, "2000\r\n" + "x".repeat(0x2000) + "\r\n");
                        }
                    } catch (IOException e) {
                        gone.countDown();
                    }
                };
        assertThat(why(get())).contains("more than " + MAX + " octets");
        assertThat(gone.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whoDripsHisDocumentIsCutAtTheDeadline() {
        var never = new CountDownLatch(1);
        handler =
                out -> {
                    say(out, "HTTP/1.1 200 x\r\nContent-Length: 5\r\n\r\nv");
                    try {
                        boolean unused = never.await(1, TimeUnit.MINUTES);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                };
        assertThat(why(get(Duration.ofMillis(700)))).isEqualTo("no answer in time");
        never.countDown();
    }

    @Test
    void whoSaysNothingIsCutAtTheDeadline() throws IOException {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            int port = silent.getLocalPort();
            var client = new JdkHttps(network, time, Optional.of(trust), port);
            var limits = new Https.Limits(MAX, time.after(Duration.ofMillis(300)));
            assertThat(client.get("localhost", HERE, "/file", limits))
                    .isInstanceOf(Fetched.Failed.class);
        }
    }

    @Test
    void anAnswerThatIsNoneIsAFailure() {
        handler = out -> say(out, "220 mail.example ESMTP\r\n");
        assertThat(get()).isInstanceOf(Fetched.Failed.class);
        for (String answer :
                List.of(
                        "HTTP/1.1 200 x\r\nContent-Length: 50\r\n\r\nonly this",
                        "HTTP/1.1 200 x\r\nContent-Length: -1\r\n\r\nx",
                        "HTTP/1.1 200 x\r\nContent-Length: 99999999999\r\n\r\nx",
                        "HTTP/1.1 200 x\r\nTransfer-Encoding: gzip\r\n\r\nx",
                        "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
                        "HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n0\r\n\r\n",
                        "HTTP/1.1 100 x\r\n\r\n".repeat(20),
                        "HTTP/1.1 200 x\r\n" + "A: b\r\n".repeat(300) + "\r\nx",
                        "HTTP/1.1 200 x\r\nA: " + "b".repeat(10_000) + "\r\n\r\nx")) {
            handler = out -> say(out, answer);
            assertThat(get()).as(answer).isInstanceOf(Fetched.Failed.class);
        }
    }

    @Test
    void theHostHasToProveItsName() {
        answer(200, "", "x");
        var limits = new Https.Limits(MAX, time.after(Duration.ofSeconds(30)));
        var otherName = (Fetched.Failed) https.get("127.0.0.1", HERE, "/file", limits);
        assertThat(otherName.byCertificate()).isTrue();
        JdkHttps stranger = client(TlsContexts.systemTrust());
        var failed = (Fetched.Failed) stranger.get("localhost", HERE, "/file", limits);
        assertThat(failed.byCertificate()).isTrue();
    }

    @Test
    void whatIsNoHostIsNotAsked() {
        var limits = new Https.Limits(MAX, time.after(Duration.ofSeconds(30)));
        for (String host : new String[] {"a b", "a_b:x", "", "[", "localhost\r\nX: y"}) {
            assertThat(https.get(host, HERE, "/file", limits)).isInstanceOf(Fetched.Failed.class);
        }
        assertThat(
                        why(
                                https.get(
                                        "localhost",
                                        HERE,
                                        "/file",
                                        new Https.Limits(MAX, time.after(Duration.ZERO)))))
                .isEqualTo("no answer in time");
    }

    @Test
    void afterTheEndNothingIsFetched() {
        answer(200, "", "x");
        assertThat(get()).isInstanceOf(Fetched.Document.class);
        network.close();
        assertThat(why(get())).isEqualTo("the network was closed");
    }
}
