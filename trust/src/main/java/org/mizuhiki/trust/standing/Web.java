package org.mizuhiki.trust.standing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.mizuhiki.house.Bytes;

/// Fetches what a stranger's certificate points to, but only from hosts that the region named: otherwise
/// anybody could make our servers call any address inside our network by sending a certificate. Plain HTTP
/// (RFC 5280, 8: TLS here would ask for itself), no redirects, bounded in size and time.
public final class Web implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final Duration answerWithin;

    public Web() {
        this(ANSWER);
    }

    /// @param answerWithin for a whole answer, connecting included
    Web(Duration answerWithin) {
        this.answerWithin = answerWithin;
    }

    /// Of a terminal without a network: calls nobody.
    public static Web away() {
        return new Web(Duration.ZERO);
    }

    /// @param hosts exact, or with a leading dot for all below, such as `.ca.example`
    static boolean isAllowed(URI at, Set<String> hosts) {
        var host = at.getHost();
        if (!"http".equalsIgnoreCase(at.getScheme()) || host == null || at.getRawUserInfo() != null) {
            return false;
        }
        var lower = host.toLowerCase(Locale.ROOT);
        return hosts.stream().anyMatch(h -> h.startsWith(".") ? lower.endsWith(h) : lower.equals(h));
    }

    Optional<Bytes> get(URI at, int largest) {
        return ask(HttpRequest.newBuilder(at).GET(), largest);
    }

    Optional<Bytes> post(URI at, Bytes request, int largest) {
        return ask(
                HttpRequest.newBuilder(at)
                        .header("Content-Type", "application/ocsp-request")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(request.toArray())),
                largest);
    }

    private Optional<Bytes> ask(HttpRequest.Builder request, int largest) {
        if (answerWithin.isZero()) {
            return Optional.empty();
        }
        CompletableFuture<HttpResponse<byte[]>> asked;
        try {
            var whole = HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), largest);
            asked = client.sendAsync(request.build(), whole);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // an address that cannot be called, such as with a port beyond 65535
        }
        try {
            // the client's own time-out ends with the headers: a body that drips would hold us for ever
            var answer = asked.get(answerWithin.toMillis(), TimeUnit.MILLISECONDS);
            return answer.statusCode() == 200 ? Optional.of(Bytes.of(answer.body())) : Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            asked.cancel(true);
            return Optional.empty(); // away, too large, too slow: what is kept has to do
        } catch (InterruptedException e) {
            asked.cancel(true);
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
