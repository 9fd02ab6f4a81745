package org.mizuhiki.wire;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import javax.net.ssl.X509TrustManager;
import org.eclipse.jetty.server.Request;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.tls.TlsContexts;

/// Callers who cannot show their certificate in TLS, because their key lies in a page's worker: each request
/// carries the certificate and a signature by its key (RFC 9421, one fixed profile; body by RFC 9530). It
/// proves what mutual TLS proves of one request, to this server only, once, within two minutes; the
/// certificate is judged by the rules of TLS. Routes have to say that they take it ([Route#forBrowsers]).
final class SignedCalls {
    static final Duration WINDOW = Duration.ofMinutes(2);
    static final String CHAIN = "Mizuhiki-Chain";
    private static final String COMPONENTS = "(\"@method\" \"@path\" \"@query\" \"content-digest\" \"mizuhiki-chain\")";
    private static final Pattern DIGEST = Pattern.compile("sha-256=:([A-Za-z0-9+/]{43}=):");
    private static final Pattern SIGNATURE = Pattern.compile("mizuhiki=:([A-Za-z0-9+/]{86}==):");
    private static final int MOST_CHAIN = 3;
    private static final int MOST_KNOWN = 1_000;
    private static final int MOST_SEEN = 1 << 17;

    private final Pattern input;
    private final Clock clock;
    private volatile X509TrustManager trust;
    private final SequencedMap<String, List<X509Certificate>> known = new LinkedHashMap<>(16, 0.75f, true);
    private final SequencedMap<Digest, Instant> seen = new LinkedHashMap<>();

    SignedCalls(String server, List<X509Certificate> roots, Clock clock) {
        this.input = Pattern.compile("mizuhiki=(" + Pattern.quote(COMPONENTS)
                + ";created=([1-9][0-9]{9,11});nonce=\"[0-9a-f]{32}\";alg=\"ecdsa-p256-sha256\";tag=\"mizuhiki-browser-1 "
                + Pattern.quote(server) + "\")");
        this.clock = clock;
        this.trust = TlsContexts.trustManager(roots);
    }

    void believe(List<X509Certificate> roots) {
        trust = TlsContexts.trustManager(roots);
        synchronized (known) {
            known.clear();
        }
    }

    /// Who signed, and what the body has to be.
    ///
    /// @param body SHA-256
    record Signed(Caller.Person caller, Digest body) {}

    static boolean isSigned(Request request) {
        return request.getHeaders().contains("Signature-Input");
    }

    /// @throws Refusal `signature-malformed`, `signature-time`, `signature-wrong`, `signature-replayed`,
    /// `certificate-untrusted`, `caller-unfit`
    Signed read(Request request) {
        // 1. one spelling of everything
        var shown = input.matcher(one(request, "Signature-Input"));
        var value = SIGNATURE.matcher(one(request, "Signature"));
        var digest = DIGEST.matcher(one(request, "Content-Digest"));
        if (!shown.matches() || !value.matches() || !digest.matches()) {
            throw malformed();
        }
        // 2. made now
        var created = Instant.ofEpochSecond(Long.parseLong(shown.group(2)));
        if (Duration.between(created, clock.instant()).abs().compareTo(WINDOW) > 0) {
            throw Refusal.of(
                    "signature-time",
                    "要求の時刻がサーバーの時刻と2分以上ずれています。端末の時計を合わせてください",
                    "The request was signed more than two minutes from this server's time; set the clock");
        }
        // 3. a certificate that TLS would take, of a person
        var chain = one(request, CHAIN);
        var certificates = certificates(chain);
        if (!(Callers.of(certificates.getFirst()) instanceof Caller.Person person)) {
            throw Problems.notAPerson();
        }
        // 4. its key signed this request, and not before
        var base = base(request, one(request, "Content-Digest"), chain, shown.group(1));
        mustHold(certificates.getFirst(), Base64.getDecoder().decode(value.group(1)), base);
        mustBeNew(Digest.of(base.getBytes(StandardCharsets.UTF_8)));
        return new Signed(person, Digest.ofHash(Base64.getDecoder().decode(digest.group(1))));
    }

    private static String one(Request request, String header) {
        var values = request.getHeaders().getValuesList(header);
        if (values.size() != 1) { // two readers must not see two callers
            throw malformed();
        }
        return values.getFirst();
    }

    /// The signature base of RFC 9421, 2.5.
    private static String base(Request request, String digest, String chain, String parameters) {
        var uri = request.getHttpURI();
        return "\"@method\": " + request.getMethod()
                + "\n\"@path\": " + uri.getPath()
                + "\n\"@query\": ?" + Optional.ofNullable(uri.getQuery()).orElse("")
                + "\n\"content-digest\": " + digest
                + "\n\"mizuhiki-chain\": " + chain
                + "\n\"@signature-params\": " + parameters;
    }

    private static void mustHold(X509Certificate certificate, byte[] signature, String base) {
        try {
            var verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(base.getBytes(StandardCharsets.UTF_8));
            if (verifier.verify(signature)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            throw wrong();
        }
        throw wrong();
    }

    /// A certificate's path is judged once; expiry and revocation are asked at every request, as with TLS.
    private List<X509Certificate> certificates(String chain) {
        synchronized (known) {
            var before = known.get(chain);
            if (before != null) {
                return before;
            }
        }
        var read = judged(chain);
        synchronized (known) {
            known.put(chain, read);
            if (known.size() > MOST_KNOWN) {
                var _ = known.pollFirstEntry();
            }
        }
        return read;
    }

    private List<X509Certificate> judged(String chain) {
        try {
            var factory = CertificateFactory.getInstance("X.509");
            var read = new ArrayList<X509Certificate>();
            for (var der : chain.split(", ", MOST_CHAIN + 1)) {
                var bytes = Base64.getDecoder().decode(der);
                read.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes)));
            }
            if (read.size() > MOST_CHAIN) {
                throw malformed();
            }
            trust.checkClientTrusted(read.toArray(X509Certificate[]::new), "EC");
            return List.copyOf(read);
        } catch (CertificateException e) {
            throw Refusal.of(
                    "certificate-untrusted",
                    "証明書がこの地域の認定局につながりません",
                    "The certificate does not lead to a root of this region");
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    /// Only what holds is remembered: nobody without a certificate fills this memory.
    private void mustBeNew(Digest request) {
        synchronized (seen) {
            var now = clock.instant();
            // in the order in which they came: the oldest stand first
            while (!seen.isEmpty() && seen.firstEntry().getValue().isBefore(now)) {
                var _ = seen.pollFirstEntry();
            }
            if (seen.containsKey(request)) {
                throw Refusal.of("signature-replayed", "同じ要求がもう一度送られました", "The same request was sent before");
            }
            if (seen.size() >= MOST_SEEN) {
                throw Problems.busy();
            }
            // signed up to a window ahead, it holds for one more
            seen.put(request, now.plus(WINDOW).plus(WINDOW));
        }
    }

    private static Refusal malformed() {
        return Refusal.of("signature-malformed", "要求の署名の形式が正しくありません", "The request's signature is malformed");
    }

    private static Refusal wrong() {
        return Refusal.of("signature-wrong", "要求の署名が正しくありません", "The request's signature is wrong");
    }
}
