package org.mizuhiki.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.mizuhiki.house.Refusal;

/// Receives one file, or none.
final class Download {
    private static final int BUFFER = 64 << 10;
    private final Path file;
    private final Patience patience;
    private final Attempts attempts;
    private final Source source;
    private final AtomicLong received = new AtomicLong();
    private Optional<String> tag = Optional.empty();
    private Optional<Long> whole = Optional.empty();

    /// Opens the remote file at an offset, if it is still the one with this tag, and else from the start.
    @FunctionalInterface
    interface Source {
        HttpResponse<InputStream> open(long from, Optional<String> tag)
                throws IOException, InterruptedException, Attempts.Later;
    }

    Download(Path file, Patience patience, Attempts attempts, Source source) {
        this.file = file;
        this.patience = patience;
        this.attempts = attempts;
        this.source = source;
    }

    /// @throws Refusal what the server refused, or `peer-unreachable` when it ends early again and again
    void run() {
        boolean whole = false;
        try (var out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            while (!leg(out)) {
                // each turn moved some bytes: a leg without progress ends the loop by its refusal
            }
            whole = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!whole) {
                discard();
            }
        }
    }

    private void discard() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return whether the file is whole; false when the connection broke after some progress
    private boolean leg(FileChannel out) {
        return attempts.run(() -> {
            var reply = source.open(received.get(), tag);
            long start = begin(reply, out);
            try (var body = reply.body();
                    var _ = new StallGuard(body, received, patience.answer())) {
                copy(body, out);
            } catch (IOException e) {
                if (received.get() == start) {
                    throw e;
                }
                return false;
            }
            return complete();
        });
    }

    private long begin(HttpResponse<InputStream> reply, FileChannel out) throws IOException {
        if (reply.statusCode() != 206) {
            out.truncate(0);
            received.set(0);
            whole = PeerAnswers.announced(reply);
        } else if (!reply.headers()
                .firstValue("Content-Range")
                .orElse("")
                .equals("bytes " + received + "-" + (total() - 1) + "/" + total())) {
            reply.body().close();
            tag = Optional.empty(); // this server's ranges cannot be relied on: start over
            throw new IOException("another range than the one asked for");
        }
        tag = reply.headers().firstValue("ETag").filter(t -> t.startsWith("\"") && t.length() < 200);
        return received.get();
    }

    private long total() {
        return whole.orElse(-1L);
    }

    private void copy(InputStream body, FileChannel out) throws IOException {
        var buffer = new byte[BUFFER];
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            var bytes = ByteBuffer.wrap(buffer, 0, count);
            while (bytes.hasRemaining()) {
                out.write(bytes, received.get() + bytes.position());
            }
            received.addAndGet(count);
        }
    }

    /// HTTP/2 and chunked answers that are cut end in an exception already; a length that was announced
    /// is held to.
    private boolean complete() throws IOException {
        if (whole.isPresent() && received.get() != whole.get()) {
            throw new IOException("the file ended at " + received + " of " + whole.get() + " bytes");
        }
        return true;
    }

    /// Closes the body when nothing comes for too long, which makes the reader's call fail.
    private static final class StallGuard implements AutoCloseable {
        private final Thread watch;

        StallGuard(InputStream body, AtomicLong received, Duration limit) {
            watch = Thread.startVirtualThread(() -> {
                try {
                    long before = -1;
                    while (before != received.get()) {
                        before = received.get();
                        Thread.sleep(limit);
                    }
                    body.close();
                } catch (InterruptedException | IOException e) {
                    // the download ended, or the body is closed already
                }
            });
        }

        @Override
        public void close() {
            watch.interrupt();
        }
    }
}
