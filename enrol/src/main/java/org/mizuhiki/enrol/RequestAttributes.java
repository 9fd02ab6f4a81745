package org.mizuhiki.enrol;

import java.util.HexFormat;
import java.util.Optional;
import org.mizuhiki.house.Bytes;

/// `CsrAttrs` (RFC 7030, 4.5.2): what a request should look like. ecdsa-with-SHA256, id-ecPublicKey with
/// the curve secp256r1, and for keys in a chip an attribute that proves where the key lies
/// ([org.mizuhiki.chip.ChipProof] as an OCTET STRING), whose value here is the nonce that the chip is to
/// sign, good once and for some minutes. Names and extensions are not asked for, as the ticket or the
/// certificate that stands says who it is.
final class RequestAttributes {
    private static final int NONCE = 32;
    private static final Bytes KEYS =
            hex("304e" + "06082a8648ce3d040302" + "3015" + "06072a8648ce3d0201" + "310a" + "06082a8648ce3d030107");

    /// OID 2.999.81.3.1, and the head of a SET with an OCTET STRING of 32 bytes.
    private static final Bytes PROOF = hex("302b" + "06058837510301" + "3122" + "0420");

    private RequestAttributes() {}

    private static Bytes hex(String digits) {
        return Bytes.of(HexFormat.of().parseHex(digits));
    }

    /// @param nonce 32 bytes
    static Bytes asked(Bytes nonce) {
        return hex(KEYS.asHex() + PROOF.asHex() + nonce.asHex());
    }

    /// The nonce in a server's answer, wherever it stands among other attributes; empty where none is asked
    /// for. A chip signs it as a nonce and as nothing else, so that it needs no trust.
    static Optional<Bytes> nonce(Bytes asked) {
        var all = asked.asHex();
        int at = all.indexOf(PROOF.asHex()) + 2 * PROOF.size();
        return at < 2 * PROOF.size() || all.length() < at + 2 * NONCE
                ? Optional.empty()
                : Optional.of(hex(all.substring(at, at + 2 * NONCE)));
    }
}
