package org.mizuhiki.wire;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.failsafe.function.CheckedSupplier;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.mizuhiki.house.Refusal;

/// Repeats what may succeed later, within bounds, and says clearly what stopped it in the end.
final class Attempts {
    private static final double CHANCE = 0.5;
    private static final int GROWTH = 32;
    private final URI base;
    private final Patience patience;
    private final RetryPolicy<Object> policy;

    Attempts(URI base, Patience patience) {
        this.base = base;
        this.patience = patience;
        var builder = RetryPolicy.builder()
                .withMaxAttempts(patience.attempts())
                .withMaxDuration(patience.inAll())
                .withBackoff(patience.firstWait(), patience.firstWait().multipliedBy(GROWTH))
                .withJitter(CHANCE)
                .handleIf(Attempts::mayPass);
        policy = builder.withDelayFn(context -> context.getLastException() instanceof Later later
                        ? later.wait
                                .filter(w -> w.compareTo(patience.inAll()) <= 0)
                                .orElse(Duration.ofNanos(-1))
                        : Duration.ofNanos(-1)) // negative: the backoff above counts
                .build();
    }

    /// The server said no for now.
    static final class Later extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Refusal refusal;
        private final transient Optional<Duration> wait;

        Later(Refusal refusal, Optional<Duration> wait) {
            super(refusal);
            this.refusal = refusal;
            this.wait = wait;
        }
    }

    private static boolean mayPass(Throwable failure) {
        return failure instanceof Later || (failure instanceof IOException && !isDistrust(failure));
    }

    /// A certificate refused by either end stays refused.
    private static boolean isDistrust(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLHandshakeException
                    || cause instanceof java.security.cert.CertificateException
                    || (cause instanceof SSLException
                            && String.valueOf(cause.getMessage()).contains("certificate"))) {
                return true;
            }
        }
        return false;
    }

    /// @throws Refusal what the server refused, `peer-unreachable`, or `peer-untrusted`
    <T> T run(CheckedSupplier<T> attempt) {
        try {
            return Failsafe.with(policy).get(attempt);
        } catch (Refusal e) {
            throw e;
        } catch (RuntimeException e) {
            throw explain(e);
        }
    }

    private Refusal explain(RuntimeException wrapped) {
        Throwable cause = wrapped.getCause() == null ? wrapped : wrapped.getCause();
        if (cause instanceof Later later) {
            return later.refusal;
        }
        if (cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        } else if (!(cause instanceof IOException)) {
            throw wrapped;
        }
        return isDistrust(cause) ? untrusted(cause) : unreachable(cause);
    }

    private Refusal untrusted(Throwable cause) {
        return Refusal.of(
                "peer-untrusted",
                "サーバー " + base.getAuthority() + " と証明書で確認し合えませんでした。自分と相手の証明書の期限・発行元・ホスト名を確認してください",
                "The server " + base.getAuthority()
                        + " and this caller do not accept each other's certificates; check validity, issuer and host name of both",
                cause);
    }

    private Refusal unreachable(Throwable cause) {
        return Refusal.of(
                "peer-unreachable",
                "サーバー " + base.getAuthority() + " に" + patience.attempts()
                        + "回試しましたが応答がありません。サーバーの稼働と通信を確認し、後でやり直してください",
                "The server " + base.getAuthority() + " did not answer in " + patience.attempts()
                        + " attempts; check that it runs and can be reached, then try again",
                cause);
    }
}
