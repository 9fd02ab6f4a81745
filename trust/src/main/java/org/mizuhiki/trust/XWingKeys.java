package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Reader;

/// X-Wing public keys in certificates: SubjectPublicKeyInfo with the algorithm 1.3.6.1.4.1.62253.25722, no
/// parameters (draft-connolly-cfrg-xwing-kem, section 5.8).
final class XWingKeys {
    static final String ALGORITHM = "1.3.6.1.4.1.62253.25722";

    /// SEQUENCE(1236) { SEQUENCE { OID }, BIT STRING(1217) { 0 unused bits, then the key.
    private static final byte[] HEAD = HexFormat.of().parseHex("308204d4300d060b2b0601040183e62d81c87a038204c100");

    private XWingKeys() {}

    static Bytes info(Bytes publicKey) {
        var info = Arrays.copyOf(HEAD, HEAD.length + Reader.XWing.SIZE);
        System.arraycopy(publicKey.toArray(), 0, info, HEAD.length, Reader.XWing.SIZE);
        return Bytes.of(info);
    }

    /// @throws Refusal `certificate-wrong-purpose` when the certificate is for another kind of key
    static Bytes publicKey(X509Certificate certificate) {
        var info = certificate.getPublicKey().getEncoded();
        if (info.length != HEAD.length + Reader.XWing.SIZE
                || !Arrays.equals(info, 0, HEAD.length, HEAD, 0, HEAD.length)) {
            throw Refusal.of(
                    "certificate-wrong-purpose", "封緘用の証明書ではありません", "The certificate is not one for sealing (X-Wing)");
        }
        return Bytes.of(Arrays.copyOfRange(info, HEAD.length, info.length));
    }
}
