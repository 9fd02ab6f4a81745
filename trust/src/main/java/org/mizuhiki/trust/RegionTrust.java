package org.mizuhiki.trust;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.LogKeys;
import org.mizuhiki.wire.Json;

/// What every device and server of a region is given once, out of band, and pins: the roots and the log's
/// keys. Its file form is one JSON object; certificates and keys are base64 of DER.
///
/// @param quantumSafeRoot the root's ML-DSA-65 key (SubjectPublicKeyInfo), with which [CaList] is signed too
public record RegionTrust(String region, List<X509Certificate> roots, Optional<Bytes> quantumSafeRoot, LogKeys log) {
    private static final int MAX_BYTES = 64 << 10;
    private static final int MOST_ROOTS = 8;

    /// @throws Refusal `region-trust-malformed` without roots, with a root that did not sign itself, or
    /// with a quorum that no set of the witnesses can reach
    public RegionTrust {
        roots = List.copyOf(roots);
        boolean odd = region.isBlank()
                || region.length() > 32
                || roots.isEmpty()
                || roots.size() > MOST_ROOTS
                || !roots.stream().allMatch(RegionTrust::isRoot)
                || log.quorum() < 0
                || log.quorum() > log.witnesses().size();
        if (odd) {
            throw malformed(null);
        }
    }

    /// Of a region whose root has no second key.
    public RegionTrust(String region, List<X509Certificate> roots, LogKeys log) {
        this(region, roots, Optional.empty(), log);
    }

    /// The file's content. All names in it are part of the contract with other programs.
    public record Form(
            String region,
            List<Bytes> roots,
            Optional<Bytes> quantumSafeRoot,
            String logOrigin,
            Bytes logClassical,
            Bytes logQuantumSafe,
            Map<String, Bytes> witnesses,
            int quorum) {
        public Form {
            roots = List.copyOf(roots);
            witnesses = Map.copyOf(witnesses);
        }
    }

    public Bytes encode() {
        return Json.write(new Form(
                region,
                roots.stream().map(KeyFiles::encoded).toList(),
                quantumSafeRoot,
                log.origin(),
                log.classical(),
                log.quantumSafe(),
                log.witnesses(),
                log.quorum()));
    }

    /// @throws Refusal `region-trust-malformed`
    public static RegionTrust decode(Bytes encoded) {
        if (encoded.size() > MAX_BYTES) {
            throw malformed(null);
        }
        try {
            var form = Json.read(encoded, Form.class);
            var log = new LogKeys(
                    form.logOrigin(), form.logClassical(), form.logQuantumSafe(), form.witnesses(), form.quorum());
            return new RegionTrust(
                    form.region(),
                    form.roots().stream().map(KeyFiles::certificate).toList(),
                    form.quantumSafeRoot(),
                    log);
        } catch (Refusal e) {
            throw malformed(e);
        }
    }

    /// By which devices know a region: SHA-256 over a canonical record of all that is pinned here.
    public Digest fingerprint() {
        var fields = new TreeMap<String, String>();
        fields.put("kind", "region");
        fields.put("region", region);
        fields.put(
                "roots",
                roots.stream()
                        .map(r -> KeyFiles.encoded(r).sha256().hex())
                        .sorted()
                        .collect(Collectors.joining(",")));
        quantumSafeRoot.ifPresent(
                key -> fields.put("quantum-safe-root", key.sha256().hex()));
        fields.put("log", log.origin());
        fields.put("log-classical", log.classical().sha256().hex());
        fields.put("log-quantum-safe", log.quantumSafe().sha256().hex());
        fields.put("quorum", Integer.toString(log.quorum()));
        log.witnesses()
                .forEach((name, key) ->
                        fields.put("witness/" + name, key.sha256().hex()));
        return Canonical.of(fields).digest();
    }

    public void write(Path file) {
        KeyFiles.write(file, encoded(), "rw-r--r--");
    }

    private String encoded() {
        return new String(encode().toArray(), StandardCharsets.UTF_8);
    }

    /// @throws Refusal `region-trust-malformed`, also when the file is missing
    public static RegionTrust read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw malformed(null);
            }
            return decode(Bytes.of(Files.readAllBytes(file)));
        } catch (java.nio.file.NoSuchFileException e) {
            throw malformed(e);
        } catch (IOException e) {
            throw new UncheckedIOException("the region's trust file cannot be read", e);
        }
    }

    private static boolean isRoot(X509Certificate certificate) {
        try {
            certificate.verify(certificate.getPublicKey());
            return certificate.getBasicConstraints() >= 0;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static Refusal malformed(@org.jspecify.annotations.Nullable Throwable cause) {
        var ja = "地域の信頼情報ファイルがないか、内容が正しくありません。運営者から受け取り直してください";
        var en = "The region's trust file is missing or malformed; get it again from the operator";
        return cause == null
                ? Refusal.of("region-trust-malformed", ja, en)
                : Refusal.of("region-trust-malformed", ja, en, cause);
    }
}
