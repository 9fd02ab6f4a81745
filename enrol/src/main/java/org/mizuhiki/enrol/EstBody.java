package org.mizuhiki.enrol;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Bodies of EST: base64 around DER (RFC 7030, as RFC 8951 clarifies it).
final class EstBody {
    private static final int LARGEST_ANSWER = 256 << 10;

    private EstBody() {}

    /// Base64 in any number of lines, with or without a line end at the end; nothing else between: a
    /// lenient reader would let two requests that differ pass as one.
    ///
    /// @throws Refusal `request-malformed`
    static Bytes decode(Bytes body) {
        var kept = new ByteArrayOutputStream(body.size());
        for (byte b : body.toArray()) {
            if (b != '\r' && b != '\n' && b != ' ' && b != '\t') {
                kept.write(b);
            }
        }
        try {
            var decoded = Base64.getDecoder().decode(kept.toByteArray());
            if (decoded.length == 0) {
                throw malformed();
            }
            return Bytes.of(decoded);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    static Bytes encode(Bytes der) {
        return Bytes.utf8(Base64.getMimeEncoder().encodeToString(der.toArray()));
    }

    /// What a certs-only answer holds, in the server's order.
    ///
    /// @throws Refusal `answer-malformed`
    static List<X509Certificate> certificates(Bytes body) {
        if (body.size() > LARGEST_ANSWER) {
            throw unreadable(null);
        }
        try {
            var der = new ByteArrayInputStream(decode(body).toArray());
            return CertificateFactory.getInstance("X.509").generateCertPath(der, "PKCS7").getCertificates().stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException | Refusal e) {
            throw unreadable(e);
        }
    }

    private static Refusal unreadable(@Nullable Throwable cause) {
        var japanese = "認証局の応答を読めません（PKCS#7の証明書をBase64にしたものではない）";
        var english = "The server's answer cannot be read: not base64 of a PKCS#7 with certificates";
        return cause == null
                ? Refusal.of("answer-malformed", japanese, english)
                : Refusal.of("answer-malformed", japanese, english, cause);
    }

    private static Refusal malformed() {
        return Refusal.of(
                "request-malformed",
                "申請はPKCS#10（DER）をBase64にしたものを送ってください（PEMの見出し行は除く）",
                "Send a PKCS#10 request as base64 of its DER, without the header lines of PEM");
    }

    /// A CMS SignedData with certificates and nothing else (RFC 5272, 4.1: certs-only).
    static Bytes certsOnly(List<X509Certificate> certificates) {
        try {
            var path = CertificateFactory.getInstance("X.509").generateCertPath(certificates);
            return Bytes.of(path.getEncoded("PKCS7"));
        } catch (CertificateException e) {
            throw new IllegalStateException("certificates of ours have an encoding", e);
        }
    }
}
