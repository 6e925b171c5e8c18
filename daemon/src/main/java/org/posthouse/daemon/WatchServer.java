package org.posthouse.daemon;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.posthouse.Health;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Answers those that watch over a daemon, over HTTP: {@code /metrics}, {@code /livez}, {@code
 * /readyz}. It has no login and tells no secrets: it belongs on the loopback address or a network
 * of one's own. Connections and the time of a request are bounded.
 */
final class WatchServer implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 32;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;
    private static final String TEXT = "text/plain; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Supplier<String> metrics;
    private final Supplier<Health> health;

    private WatchServer(HttpServer server, Supplier<String> metrics, Supplier<Health> health) {
        this.server = server;
        this.metrics = metrics;
        this.health = health;
    }

    /**
     * Listens.
     *
     * @param metrics in the text form of Prometheus, version 0.0.4
     * @throws IOException when the port can't be had
     */
    static WatchServer start(
            InetSocketAddress at, Supplier<String> metrics, Supplier<Health> health)
            throws IOException {
        // read once, when the first server of a process is made
        System.setProperty("jdk.httpserver.maxConnections", Integer.toString(CONNECTIONS_MAX));
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "30");
        System.setProperty("sun.net.httpserver.maxReqHeaders", "50");
        HttpServer server = HttpServer.create(at, CONNECTIONS_MAX);
        var watch = new WatchServer(server, metrics, health);
        server.setExecutor(watch.threads);
        server.createContext("/", watch::answer);
        server.start();
        return watch;
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                say(exchange, NOT_ALLOWED, TEXT, "only GET and HEAD\n");
                return;
            }
            switch (exchange.getRequestURI().getPath()) {
                case "/metrics" -> say(exchange, OK, "text/plain; version=0.0.4", metrics.get());
                case "/livez" -> {
                    boolean isLive = health.get().live();
                    say(exchange, isLive ? OK : UNAVAILABLE, TEXT, isLive ? "ok\n" : "closed\n");
                }
                case "/readyz" -> {
                    Health now = health.get();
                    String why = String.join("\n", now.hindrances());
                    String said = now.ready() ? "ok" : now.live() ? why : "closed";
                    say(exchange, now.ready() ? OK : UNAVAILABLE, TEXT, said + "\n");
                }
                default -> say(exchange, NOT_FOUND, TEXT, "/metrics, /livez or /readyz\n");
            }
        }
    }

    private static void say(HttpExchange exchange, int code, String type, String text)
            throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(code, isHead ? -1 : octets.length);
        if (!isHead) {
            exchange.getResponseBody().write(octets);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
