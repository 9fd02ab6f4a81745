package org.mizuhiki.seal.der;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAESOAEPparams;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/// Names of algorithms and attributes. Our own attributes stand under UUID arcs (X.667), which need no
/// registrar.
public final class Oids {
    /// Signed attribute, UTF8String: what the signature is for and with which algorithms.
    public static final ASN1ObjectIdentifier SUITE =
            new ASN1ObjectIdentifier("2.25.108991095720603262646836442322941200894");

    /// Signed attribute, OCTET STRING: canonical metadata of a letter.
    public static final ASN1ObjectIdentifier METADATA =
            new ASN1ObjectIdentifier("2.25.4578028979857794365295091293598989899");

    /// Format of an originator's "certificate", OCTET STRING: commitment to the content key.
    public static final ASN1ObjectIdentifier KEY_COMMITMENT =
            new ASN1ObjectIdentifier("2.25.96765687572549374486539875110945380665");

    /// Content type: a letter of the first suite (X-Wing, ECDH or OAEP slots; AES-256-GCM; CAdES with
    /// ECDSA P-256).
    public static final ASN1ObjectIdentifier LETTER_1 =
            new ASN1ObjectIdentifier("2.25.223184392472757998189538959666324524117");

    /// KEMRecipientInfo (RFC 9629 section 3).
    public static final ASN1ObjectIdentifier ORI_KEM = PKCSObjectIdentifiers.id_smime.branch("13.3");

    /// id-XWing (draft-connolly-cfrg-xwing-kem section 6).
    public static final AlgorithmIdentifier X_WING =
            new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.3.6.1.4.1.62253.25722"));

    /// HKDF with SHA-256 (RFC 8619).
    public static final AlgorithmIdentifier HKDF_SHA256 =
            new AlgorithmIdentifier(PKCSObjectIdentifiers.id_alg_hkdf_with_sha256);

    public static final AlgorithmIdentifier AES256_WRAP = new AlgorithmIdentifier(NISTObjectIdentifiers.id_aes256_wrap);

    public static final AlgorithmIdentifier SHA256 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);

    public static final AlgorithmIdentifier ECDSA_SHA256 =
            new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

    /// dhSinglePass-stdDH-sha256kdf-scheme (RFC 5753 section 7.1.4) with AES-256 wrap.
    public static final AlgorithmIdentifier ECDH_SHA256 =
            new AlgorithmIdentifier(SECObjectIdentifiers.dhSinglePass_stdDH_sha256kdf_scheme, AES256_WRAP);

    private Oids() {}

    /// RSAES-OAEP with SHA-256, MGF1 of SHA-256 and a label (RFC 4055 section 4.1).
    public static AlgorithmIdentifier oaep(byte[] label) {
        var hash = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256, DERNull.INSTANCE);
        return new AlgorithmIdentifier(
                PKCSObjectIdentifiers.id_RSAES_OAEP,
                new RSAESOAEPparams(
                        hash,
                        new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, hash),
                        new AlgorithmIdentifier(
                                PKCSObjectIdentifiers.id_pSpecified, new org.bouncycastle.asn1.DEROctetString(label))));
    }
}
