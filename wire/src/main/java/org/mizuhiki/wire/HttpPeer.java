package org.mizuhiki.wire;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.wire.tls.TlsContexts;

/// A peer over the JDK's HTTP client: HTTP/2, TLS 1.3, host name checked.
final class HttpPeer implements Peer {
    /// Largest answer held in memory; what may be larger is downloaded into a file.
    static final long LARGEST_ANSWER = 64L << 20;

    private static final String JSON = "application/json";
    private final URI base;
    private final Supplier<Identity> identity;
    private final Patience patience;
    private final SecureRandom die;
    private final Attempts attempts;
    private @Nullable Connected connected;

    /// A client and the identity that it shows.
    private record Connected(Identity identity, HttpClient client) {}

    HttpPeer(URI base, Supplier<Identity> identity, Patience patience, SecureRandom die) {
        this.base = base;
        this.identity = identity;
        this.patience = patience;
        this.die = die;
        this.attempts = new Attempts(base, patience);
    }

    /// The JDK's client cannot change its certificate, so a renewed identity gets a new client.
    private synchronized HttpClient client() {
        var now = identity.get();
        if (connected == null || !connected.identity().equals(now)) {
            connected = new Connected(now, connect(now));
        }
        return connected.client();
    }

    private HttpClient connect(Identity shown) {
        var context = TlsContexts.of(shown.key(), shown.chain(), shown.roots());
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(context)
                .sslParameters(TlsContexts.parameters(context))
                .followRedirects(HttpClient.Redirect.NEVER) // a redirect could lead to a server nobody chose
                .connectTimeout(patience.connect())
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    @Override
    public <T> T get(String path, Class<T> type) {
        return Json.read(exchange(request(path, JSON).GET()), type);
    }

    @Override
    public <T> T post(String path, Object body, Class<T> type) {
        return answer(posting(request(path, JSON), JSON, Json.write(body)), type);
    }

    @Override
    public <T> T put(String path, Object body, Class<T> type) {
        return answer(
                request(path, JSON)
                        .header("Content-Type", JSON)
                        .PUT(BodyPublishers.ofByteArray(Json.write(body).toArray())),
                type);
    }

    /// `Void.class` asks for no answer; its only value is null, which nobody may use.
    @SuppressWarnings("NullAway")
    private <T> T answer(HttpRequest.Builder request, Class<T> type) {
        var body = exchange(request);
        return type == Void.class ? null : Json.read(body, type);
    }

    @Override
    public Bytes getBytes(String path) {
        return exchange(request(path, "*/*").GET());
    }

    @Override
    public Bytes postBytes(String path, String mediaType, Bytes body) {
        return exchange(posting(request(path, "*/*"), mediaType, body));
    }

    @Override
    public Bytes postBytes(String path, String mediaType, Bytes body, Login login) {
        return exchange(posting(request(path, "*/*").header("Authorization", login.written()), mediaType, body));
    }

    @Override
    public void putBytes(String path, String mediaType, Bytes body) {
        exchange(
                request(path, "*/*").header("Content-Type", mediaType).PUT(BodyPublishers.ofByteArray(body.toArray())));
    }

    @Override
    public void delete(String path) {
        exchange(request(path, "*/*").DELETE());
    }

    /// One key for all attempts of this call: the server does it once.
    private HttpRequest.Builder posting(HttpRequest.Builder request, String mediaType, Bytes body) {
        var key = new byte[18];
        die.nextBytes(key);
        return request.header("Content-Type", mediaType)
                .header(
                        "Idempotency-Key",
                        Base64.getUrlEncoder().withoutPadding().encodeToString(key))
                .POST(BodyPublishers.ofByteArray(body.toArray()));
    }

    private HttpRequest.Builder request(String path, String accept) {
        return HttpRequest.newBuilder(URI.create(base + path)).header("Accept", accept);
    }

    private Bytes exchange(HttpRequest.Builder builder) {
        var request = builder.timeout(patience.answer()).build();
        return attempts.run(() -> {
            var reply = Transfers.inTime(
                    client().sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER)),
                    patience.answer());
            return PeerAnswers.checked(reply, base, reply.body());
        });
    }

    @Override
    public void upload(String path, Path file) {
        attempts.run(() -> {
            var counted = new Transfers.CountedFile(file);
            var request = request(path, "*/*")
                    .header("Content-Type", "application/octet-stream")
                    .expectContinue(true) // a server that refuses says so before gigabytes are sent
                    .PUT(counted)
                    .build();
            var handler = BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER);
            var reply = Transfers.whileMoving(client().sendAsync(request, handler), counted::sent, patience.answer());
            return PeerAnswers.checked(reply, base, reply.body());
        });
    }

    @Override
    public void download(String path, Path file) {
        new Download(file, patience, attempts, (range, tag) -> open(path, range, tag)).run();
    }

    private HttpResponse<java.io.InputStream> open(String path, long from, Optional<String> tag)
            throws IOException, InterruptedException, Attempts.Later {
        var request = request(path, "*/*").timeout(patience.answer());
        if (from > 0 && tag.isPresent()) {
            request.header("Range", "bytes=" + from + "-").header("If-Range", tag.get());
        }
        var reply = client().send(request.build(), BodyHandlers.ofInputStream());
        if (reply.statusCode() >= 300) {
            try (var body = reply.body()) {
                PeerAnswers.checked(reply, base, body.readNBytes(PeerAnswers.LARGEST_PROBLEM));
            }
        }
        return reply;
    }
}
