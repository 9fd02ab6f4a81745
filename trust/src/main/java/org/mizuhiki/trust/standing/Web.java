package org.mizuhiki.trust.standing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
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
        try {
            var answer = client.send(request.timeout(ANSWER).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (var body = answer.body()) {
                if (answer.statusCode() != 200) {
                    return Optional.empty();
                }
                var bytes = body.readNBytes(largest + 1);
                return bytes.length > largest ? Optional.empty() : Optional.of(Bytes.of(bytes));
            }
        } catch (IOException e) {
            return Optional.empty(); // away: what is kept has to do
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
