package org.posthouse.jwt;

import org.jspecify.annotations.Nullable;
import org.posthouse.platform.Signal;
import org.posthouse.platform.TimeSource;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;

/**
 * Over HTTP, by the client of the JDK: 30 seconds for all of it, an answer of 64 KiB at most, and
 * no redirections, which would take secrets elsewhere.
 *
 * @since 0.1
 */
public final class HttpTokenEndpoint implements TokenEndpoint {
    static final int OCTETS_MAX = 64 * 1024;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final TimeSource time;
    private final Duration timeout;
    private final HttpClient client =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

    HttpTokenEndpoint(TimeSource time, Duration timeout) {
        this.time = time;
        this.timeout = timeout;
    }

    /** With the clock that its time is measured by. */
    public static HttpTokenEndpoint of(TimeSource time) {
        return new HttpTokenEndpoint(time, TIMEOUT);
    }

    @Override
    public Answer post(URI endpoint, Map<String, String> form) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(endpoint)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Accept", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(encoded(form)))
                        .build();
        Signal done = time.signal();
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request, info -> new Bounded());
        CompletableFuture<Void> unused =
                answer.handle(
                        (response, failure) -> {
                            done.raise();
                            return null;
                        });
        try {
            if (!done.await(time.after(timeout))) {
                throw new IOException("did not answer in time");
            }
            HttpResponse<String> response = answer.join();
            return new Answer(response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the attempt was cut");
        } catch (java.util.concurrent.CompletionException e) {
            throw new IOException("can't be asked: " + e.getCause(), e);
        } finally {
            boolean unusedCancelled = answer.cancel(true);
        }
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Takes a body of some length, and no more. */
    private static final class Bounded implements BodySubscriber<String> {
        private final BodySubscriber<String> within =
                HttpResponse.BodySubscribers.ofString(StandardCharsets.UTF_8);
        private Flow.@Nullable Subscription subscription;
        private long octets;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            within.onSubscribe(given);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                octets += buffer.remaining();
            }
            Flow.Subscription given = subscription;
            if (octets > OCTETS_MAX && given != null) {
                given.cancel();
                within.onError(new IOException("its answer is too long"));
            } else {
                within.onNext(buffers);
            }
        }

        @Override
        public void onError(Throwable failure) {
            within.onError(failure);
        }

        @Override
        public void onComplete() {
            within.onComplete();
        }

        @Override
        public CompletionStage<String> getBody() {
            return within.getBody();
        }
    }
}
