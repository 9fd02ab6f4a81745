package org.mizuhiki.enrol;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jspecify.annotations.Nullable;

/// Speaks ACME as a client does, and as an attacker does: every part of a request can be made wrong.
final class AcmeCaller {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    final Map<String, Object> directory;
    PublicJsonWebKey key;
    String account = "";
    private final HttpClient http;

    /// @param code our stable one, empty when all went well
    /// @param type what follows `urn:ietf:params:acme:error:`
    record Answer(int status, String code, String type, HttpHeaders headers, String text) {
        Map<String, Object> body() throws Exception {
            return JsonUtil.parseJson(text);
        }

        String said(String name) throws Exception {
            return (String) Objects.requireNonNull(body().get(name), name);
        }

        String first(String list) throws Exception {
            return (String) ((List<?>) Objects.requireNonNull(body().get(list))).getFirst();
        }

        String location() {
            return headers.firstValue("Location").orElseThrow();
        }
    }

    AcmeCaller(String directory, List<X509Certificate> roots) throws Exception {
        this.http = HttpClient.newBuilder().sslContext(trusting(roots)).build();
        this.key = newKey();
        this.directory = get(directory).body();
    }

    static PublicJsonWebKey newKey() throws Exception {
        return EcJwkGenerator.generateJwk(EllipticCurves.P256);
    }

    private static SSLContext trusting(List<X509Certificate> roots) throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("root", roots.getFirst());
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    String at(String resource) {
        return (String) Objects.requireNonNull(directory.get(resource), resource);
    }

    Answer get(String url) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url)).GET());
    }

    String nonce() throws Exception {
        var head = HttpRequest.newBuilder(URI.create(at("newNonce"))).method("HEAD", BodyPublishers.noBody());
        return send(head).headers().firstValue("Replay-Nonce").orElseThrow();
    }

    private Answer send(HttpRequest.Builder request) throws Exception {
        var reply = http.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
        var text = reply.body();
        boolean problem = reply.headers().firstValue("Content-Type").orElse("").equals("application/problem+json");
        Map<String, Object> said = problem ? JsonUtil.parseJson(text) : Map.of();
        var type = ((String) said.getOrDefault("type", "")).replace("urn:ietf:params:acme:error:", "");
        return new Answer(reply.statusCode(), (String) said.getOrDefault("code", ""), type, reply.headers(), text);
    }

    Answer raw(String url, String mediaType, byte[] body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", mediaType)
                .POST(BodyPublishers.ofByteArray(body)));
    }

    /// @param payload null for POST-as-GET
    Answer post(String url, @Nullable Map<String, Object> payload) throws Exception {
        return post(url, payload, _ -> {});
    }

    /// @param wrong makes it so
    Answer post(String url, @Nullable Map<String, Object> payload, Consumer<JsonWebSignature> wrong) throws Exception {
        return sent(url, signed(url, payload, wrong));
    }

    String signed(String url, @Nullable Map<String, Object> payload, Consumer<JsonWebSignature> wrong)
            throws Exception {
        var jws = new JsonWebSignature();
        jws.setPayload(payload == null ? "" : JsonUtil.toJson(payload));
        jws.setAlgorithmHeaderValue("ES256");
        jws.setKey(key.getPrivateKey());
        jws.setHeader("nonce", nonce());
        jws.setHeader("url", url);
        if (account.isEmpty()) {
            jws.setJwkHeader(key);
        } else {
            jws.setHeader("kid", account);
        }
        wrong.accept(jws);
        return flattened(jws);
    }

    Answer sent(String url, String body) throws Exception {
        return raw(url, "application/jose+json", body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    static String flattened(JsonWebSignature jws) throws Exception {
        var parts = jws.getCompactSerialization().split("\\.", -1);
        return JsonUtil.toJson(Map.of("protected", parts[0], "payload", parts[1], "signature", parts[2]));
    }

    Map<String, Object> binding(Acme.Binding given) throws Exception {
        return binding(given.kid(), given.key().lend(byte[]::clone), _ -> {});
    }

    Map<String, Object> binding(String kid, byte[] mac, Consumer<JsonWebSignature> wrong) throws Exception {
        var jws = new JsonWebSignature();
        jws.setPayload(key.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
        jws.setAlgorithmHeaderValue("HS256");
        jws.setKey(new HmacKey(mac));
        jws.setHeader("kid", kid);
        jws.setHeader("url", at("newAccount"));
        wrong.accept(jws);
        return JsonUtil.parseJson(flattened(jws));
    }

    Answer register(Map<String, Object> binding) throws Exception {
        var payload = new HashMap<String, Object>();
        payload.put("termsOfServiceAgreed", true);
        payload.put("contact", List.of("mailto:somebody@example.jp"));
        payload.put("externalAccountBinding", binding);
        var answer = post(at("newAccount"), payload);
        if (answer.status() == 201) {
            account = answer.location();
        }
        return answer;
    }

    Answer order(String host) throws Exception {
        return order(host, Map.of());
    }

    Answer order(String host, Map<String, Object> more) throws Exception {
        var payload = new HashMap<String, Object>(more);
        payload.put("identifiers", List.of(Map.of("type", "dns", "value", host)));
        return post(at("newOrder"), payload);
    }

    Answer complete(Answer order, byte[] csr) throws Exception {
        return post(order.said("finalize"), Map.of("csr", BASE64URL.encodeToString(csr)));
    }

    /// The whole way.
    X509Certificate certificate(String host, byte[] csr) throws Exception {
        var done = complete(order(host), csr);
        if (done.status() != 200) {
            throw new AssertionError(done.toString());
        }
        return certificate(done);
    }

    X509Certificate certificate(Answer done) throws Exception {
        var chain = post(done.said("certificate"), null);
        return (X509Certificate) java.security.cert.CertificateFactory.getInstance("X.509")
                .generateCertificate(new java.io.ByteArrayInputStream(
                        chain.text().getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    }

    Answer revoke(X509Certificate certificate, int reason) throws Exception {
        return post(
                at("revokeCert"),
                Map.of("certificate", BASE64URL.encodeToString(certificate.getEncoded()), "reason", reason));
    }

    /// What the old key signs around what the new one signed.
    Map<String, Object> change(PublicJsonWebKey next, Consumer<JsonWebSignature> wrong) throws Exception {
        var inner = new JsonWebSignature();
        inner.setPayload(JsonUtil.toJson(
                Map.of("account", account, "oldKey", key.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY))));
        inner.setAlgorithmHeaderValue("ES256");
        inner.setKey(next.getPrivateKey());
        inner.setJwkHeader(next);
        inner.setHeader("url", at("keyChange"));
        wrong.accept(inner);
        return JsonUtil.parseJson(flattened(inner));
    }

    Key privateKey() {
        return key.getPrivateKey();
    }
}
