package org.mizuhiki.ledger;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.note.Note;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What an auditor keeps to check bundles: the log's and its witnesses' keys, and the roots of the stamp
/// authorities. Its file form is JSON; keys and certificates are DER in base64.
public record KeysFile(LogKeys keys, List<X509Certificate> stampRoots) {
    private static final String FORMAT = "mizuhiki-ledger-keys/1";
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_LISTED = 100;
    private static final JsonMapper JSON = StrictJson.reading(MAX_BYTES)
            .rebuild()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    public KeysFile {
        stampRoots = List.copyOf(stampRoots);
    }

    record Form(
            String format,
            String origin,
            String classical,
            String quantumSafe,
            Map<String, String> witnesses,
            int quorum,
            List<String> stampRoots) {}

    public Bytes write() {
        var witnesses = new TreeMap<String, String>();
        keys.witnesses().forEach((name, key) -> witnesses.put(name, key.asBase64()));
        return Bytes.of(JSON.writeValueAsBytes(new Form(
                FORMAT,
                keys.origin(),
                keys.classical().asBase64(),
                keys.quantumSafe().asBase64(),
                witnesses,
                keys.quorum(),
                stampRoots.stream().map(KeysFile::der).toList())));
    }

    /// @throws Refusal `log-keys-malformed`
    public static KeysFile read(Bytes file) {
        if (file.size() > MAX_BYTES) {
            throw malformed(new IllegalArgumentException("too large"));
        }
        try {
            var form = JSON.readValue(file.toArray(), Form.class);
            if (form == null
                    || !form.format().equals(FORMAT)
                    || !Note.isName(form.origin())
                    || form.witnesses().size() > MAX_LISTED
                    || form.stampRoots().size() > MAX_LISTED) {
                throw malformed(new IllegalArgumentException("another format, or too many keys"));
            }
            var witnesses = form.witnesses().entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, w -> Bytes.base64(w.getValue())));
            var keys = new LogKeys(
                    form.origin(),
                    Bytes.base64(form.classical()),
                    Bytes.base64(form.quantumSafe()),
                    witnesses,
                    form.quorum());
            CheckpointCheck.usable(keys);
            return new KeysFile(
                    keys, form.stampRoots().stream().map(KeysFile::certificate).toList());
        } catch (JacksonException e) {
            throw malformed(e);
        } catch (Refusal r) {
            throw r.code().equals("log-keys-malformed") ? r : malformed(r);
        }
    }

    private static String der(X509Certificate certificate) {
        try {
            return Bytes.of(certificate.getEncoded()).asBase64();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate has an encoding", e);
        }
    }

    private static X509Certificate certificate(String base64) {
        try {
            var der = new ByteArrayInputStream(Bytes.base64(base64).toArray());
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(der);
        } catch (CertificateException e) {
            throw malformed(e);
        }
    }

    private static Refusal malformed(Exception cause) {
        return Refusal.of(
                "log-keys-malformed", "台帳の公開鍵ファイルの形式が正しくありません", "The file of the log's keys is malformed", cause);
    }
}
