package org.posthouse.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthouse.Message;
import org.posthouse.Posthouse;
import org.posthouse.daemon.config.Configuration;
import org.posthouse.platform.DnsSettings;
import org.posthouse.platform.JdkPlatform;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Metrics and health over HTTP, of an engine without a network beyond loopback. */
class WatchTest {
    @TempDir Path data;

    private final HttpClient http = HttpClient.newHttpClient();

    private static Configuration.Watch settings(int port) {
        var at = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return new Configuration.Watch(at, List.of(), 20);
    }

    private HttpResponse<String> get(WatchServer server, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private final Recent recent = new Recent();

    private Watch.Around around(JdkPlatform platform) {
        var reloads = new Reloads(Instant.ofEpochSecond(1_000_000));
        reloads.refused();
        return new Watch.Around(platform.time(), recent, reloads);
    }

    @Test
    void metricsAndHealthAreTold() throws Exception {
        var watch = new Watch(settings(0));
        Instant made = Instant.parse("2020-01-01T00:00:00Z");
        SelfSigned own = SelfSigned.make("mail.shop.example", made, new SimPlatform(1).entropy());
        Path chain = Files.writeString(data.resolve("old.pem"), own.chain());
        Path key = Files.writeString(data.resolve("key.pem"), own.key());
        Posthouse engine =
                Posthouse.builder()
                        .data(data)
                        .certificate(chain, key)
                        .hostname("mail.shop.example")
                        .local("shop.example")
                        .listen(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                l -> l.name("in"))
                        .route(r -> r.name("out").smarthost("127.0.0.1:1"))
                        .onEvent(watch.events())
                        .start();
        try (JdkPlatform platform = JdkPlatform.create(DnsSettings.servers(List.of()));
                WatchServer server = watch.serve(engine, around(platform))) {
            assertThat(get(server, "/livez").body()).isEqualTo("ok\n");
            assertThat(get(server, "/readyz").statusCode()).isEqualTo(200);
            assertThat(get(server, "/else").statusCode()).isEqualTo(404);
            engine.submit(
                    Message.builder()
                            .from("app@shop.example")
                            .to("ada@far.example")
                            .subject("x")
                            .text("x")
                            .notBefore(platform.time().now().plusSeconds(9000))
                            .build());
            HttpResponse<String> metrics = get(server, "/metrics");
            assertThat(metrics.headers().firstValue("Content-Type").orElse(""))
                    .isEqualTo("text/plain; version=0.0.4");
            assertThat(metrics.body())
                    .contains("posthouse_queue_deliveries 1.0")
                    .contains("posthouse_connections_active{listener=\"in\"} 0.0")
                    .contains(
                            "posthouse_queue_messages{destination=\"other\",state=\"waiting\"} 1.0")
                    .contains("posthouse_store_commit_seconds_count 1")
                    .contains("posthouse_ready 1.0")
                    .contains(
                            "posthouse_dns_lookup_seconds_count{result=\"no-domain\",type=\"mx\"}")
                    .contains("posthouse_certificate_expiry_seconds{name=\"" + chain + "\"} -")
                    .contains("posthouse_queue_age{bucket=\"5m\",destination=\"other\"} 1.0")
                    .contains("posthouse_queue_age{bucket=\"older\",destination=\"other\"} 0.0")
                    .contains("posthouse_config_reload_total{result=\"failed\"} 1.0")
                    .contains("posthouse_config_reload_total{result=\"ok\"} 0.0")
                    .contains("posthouse_config_loaded_seconds 1000000.0")
                    .doesNotContain("posthouse_queue_drain_estimate_seconds{")
                    .contains("posthouse_build_info{")
                    .doesNotContain("far.example")
                    .doesNotContain("@");
            assertThat(metrics.body()).containsPattern("posthouse_spool_free_bytes [1-9]");
            engine.close();
            assertThat(get(server, "/readyz").statusCode()).isEqualTo(503);
            assertThat(get(server, "/livez").statusCode()).isEqualTo(503);
        } finally {
            engine.close();
        }
    }

    @Test
    void otherMethodsAreRefused() throws Exception {
        try (WatchServer server =
                WatchServer.start(
                        settings(0).bind(),
                        () -> "x 1\n",
                        () -> new org.posthouse.Health(true, List.of("it stops")))) {
            assertThat(said(server, "POST /metrics HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 405");
            assertThat(said(server, "HEAD /metrics HTTP/1.0\r\n\r\n"))
                    .startsWith("HTTP/1.1 200")
                    .doesNotContain("x 1");
            assertThat(get(server, "/readyz").body()).isEqualTo("it stops\n");
            assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
        }
    }

    private static String said(WatchServer server, String request) throws IOException {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
