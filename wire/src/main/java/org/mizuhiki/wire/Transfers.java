package org.mizuhiki.wire;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Waits for exchanges of the JDK's client, whose own time-out ends with the answer's headers and knows
/// no progress.
final class Transfers {
    private Transfers() {}

    /// The result, or an exception when the whole exchange takes longer than `limit`.
    static <T> T inTime(CompletableFuture<T> exchange, Duration limit) throws IOException, InterruptedException {
        return whileMoving(exchange, () -> 0, limit);
    }

    /// The result; gives up when `moved` stands still for `limit`.
    static <T> T whileMoving(CompletableFuture<T> exchange, LongSupplier moved, Duration limit)
            throws IOException, InterruptedException {
        long before = moved.getAsLong();
        try {
            while (true) {
                try {
                    return exchange.get(limit.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    long now = moved.getAsLong();
                    if (now == before) {
                        throw new HttpTimeoutException("nothing moved for " + limit.toSeconds() + " s");
                    }
                    before = now;
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException("the exchange failed", e);
        } finally {
            exchange.cancel(true); // no effect on a finished one
        }
    }

    /// A file as a body, read as it is sent, with a count of what went out.
    static final class CountedFile implements BodyPublisher {
        private final BodyPublisher file;
        private final AtomicLong sent = new AtomicLong();

        CountedFile(Path path) throws FileNotFoundException {
            file = BodyPublishers.ofFile(path);
        }

        long sent() {
            return sent.get();
        }

        @Override
        public long contentLength() {
            return file.contentLength();
        }

        @Override
        public void subscribe(Flow.Subscriber<? super ByteBuffer> client) {
            file.subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    client.onSubscribe(subscription);
                }

                @Override
                public void onNext(ByteBuffer part) {
                    sent.addAndGet(part.remaining());
                    client.onNext(part);
                }

                @Override
                public void onError(Throwable failure) {
                    client.onError(failure);
                }

                @Override
                public void onComplete() {
                    client.onComplete();
                }
            });
        }
    }
}
