package org.posthouse.platform;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The octets of a document; a longer one than allowed is a failure, and not read to its end. */
final class BoundedBody implements BodySubscriber<byte[]> {
    private final int octetsMax;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.Subscription source = new Ended();

    /** Before there is one. */
    private static final class Ended implements Flow.Subscription {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
    }

    BoundedBody(int octetsMax) {
        this.octetsMax = octetsMax;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        source = subscription;
        source.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            if (body.isDone()) {
                return;
            }
            if (held.size() + buffer.remaining() > octetsMax) {
                source.cancel();
                body.completeExceptionally(
                        new IOException("the document has more than " + octetsMax + " octets"));
                return;
            }
            var octets = new byte[buffer.remaining()];
            buffer.get(octets);
            held.writeBytes(octets);
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(held.toByteArray());
    }
}
