package org.mizuhiki.chip;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// What slots of every kind refuse, in the same words, and how certificates lie in them: one DER after the
/// other.
final class Slots {
    private Slots() {}

    /// @param most bytes that the slot takes
    /// @throws Refusal `certificate-too-large`
    static Bytes encoded(List<X509Certificate> chain, int most) {
        var out = new ByteArrayOutputStream();
        try {
            for (var certificate : chain) {
                out.writeBytes(certificate.getEncoded());
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException("a certificate that has no encoding", e);
        }
        if (out.size() == 0 || out.size() > most) {
            throw Refusal.of(
                    "certificate-too-large",
                    "証明書がチップの領域（" + most + "バイト）に入りません",
                    "The certificates do not fit the chip's " + most + " bytes");
        }
        return Bytes.of(out.toByteArray());
    }

    static List<X509Certificate> decoded(Bytes raw) {
        if (raw.size() == 0) {
            return List.of();
        }
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(raw.toArray()))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (GeneralSecurityException e) {
            throw Refusal.of("chip-refused", "チップの証明書を読めません", "The chip's certificate cannot be read", e);
        }
    }

    static Refusal notMine() {
        return Refusal.of("certificate-not-mine", "このチップの鍵の証明書ではありません", "The certificate is not for this chip's key");
    }

    static Refusal loaded() {
        return Refusal.of(
                "chip-loaded",
                "このスロットにはもう証明書があります。更新するか、サービスなら削除して入れ直してください",
                "This slot has a certificate already; renew it, or delete the service and install it again");
    }

    static Refusal empty() {
        return Refusal.of("chip-empty", "このスロットにはまだ鍵がありません。先に証明書を取得してください", "This slot has no key yet; enrol it first");
    }
}
