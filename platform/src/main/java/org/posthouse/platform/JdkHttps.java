package org.posthouse.platform;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLContext;

/** The JDK's HTTP client, made at the first fetch. */
final class JdkHttps implements Https, AutoCloseable {
    private static final int OK = 200;
    private static final int PORT = 443;
    private static final int CAUSES_MAX = 10;

    private final TimeSource time;
    private final Optional<SSLContext> trust;
    private final int port;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private @Nullable HttpClient client;

    /** Guarded by the lock. */
    private boolean closed;

    JdkHttps(TimeSource time) {
        this(time, Optional.empty(), PORT);
    }

    /** For tests: with authorities and a port of their own. */
    JdkHttps(TimeSource time, Optional<SSLContext> trust, int port) {
        this.time = time;
        this.trust = trust;
        this.port = port;
    }

    @Override
    public Fetched get(String host, String path, Limits limits) {
        long left = limits.deadline().nanos() - time.nanos();
        if (left <= 0) {
            return failed("no time is left");
        }
        HttpRequest request;
        CompletableFuture<HttpResponse<byte[]>> answer;
        try {
            URI uri = new URI("https", null, host, port == PORT ? -1 : port, path, null, null);
            request = HttpRequest.newBuilder(uri).timeout(Duration.ofNanos(left)).build();
            answer =
                    client().sendAsync(
                                    request,
                                    head ->
                                            head.statusCode() == OK
                                                    ? new BoundedBody(limits.octetsMax())
                                                    : BodyHandlers.replacing(new byte[0])
                                                            .apply(head));
        } catch (URISyntaxException | IllegalArgumentException e) {
            return failed("not a host: " + host);
        } catch (IllegalStateException e) {
            return failed(String.valueOf(e.getMessage()));
        }
        return await(answer, left);
    }

    private static Fetched await(CompletableFuture<HttpResponse<byte[]>> answer, long nanos) {
        try {
            return document(answer.get(nanos, TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            answer.cancel(true);
            return failed("no answer in time");
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return failed("interrupted");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            return new Fetched.Failed(isByCertificate(cause), clean(why));
        }
    }

    private static Fetched document(HttpResponse<byte[]> response) {
        if (response.statusCode() != OK) {
            return failed("the answer is " + response.statusCode());
        }
        String type = response.headers().firstValue("Content-Type").orElse("");
        String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return new Fetched.Document(media, new String(response.body(), StandardCharsets.UTF_8));
    }

    private static boolean isByCertificate(Throwable failure) {
        Throwable each = failure;
        for (int i = 0; i < CAUSES_MAX && each != null; i++) {
            if (each instanceof CertificateException
                    || each instanceof CertPathValidatorException) {
                return true;
            }
            each = each.getCause();
        }
        return false;
    }

    private static Fetched failed(String why) {
        return new Fetched.Failed(false, why);
    }

    private static String clean(String text) {
        return text.replace('\r', ' ').replace('\n', ' ');
    }

    private HttpClient client() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the platform was closed");
            }
            if (client == null) {
                var builder =
                        HttpClient.newBuilder()
                                .version(HttpClient.Version.HTTP_1_1)
                                .followRedirects(HttpClient.Redirect.NEVER)
                                .executor(task -> Thread.ofVirtual().start(task));
                client = trust.map(builder::sslContext).orElse(builder).build();
            }
            return client;
        } finally {
            lock.unlock();
        }
    }

    /** Ends what is under way; nothing is fetched any more. */
    @Override
    public void close() {
        HttpClient open;
        lock.lock();
        try {
            closed = true;
            open = client;
            client = null;
        } finally {
            lock.unlock();
        }
        if (open != null) {
            open.shutdownNow();
        }
    }
}
