package org.mizuhiki.trust.issue;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;

/// Object identifiers of our own. PLACEHOLDER ARC: 2.999 is the arc for examples, which needs no registration
/// (ITU-T X.660, A.5); a region that has its own registered arc puts it here. A UUID below 2.25 would need none
/// either, but its 128 bits stop older readers, certbot's among them, from reading a certificate at all.
public final class Arc {
    static final ASN1ObjectIdentifier ROOT = new ASN1ObjectIdentifier("2.999.81");
    /// Certificate policies.
    public static final ASN1ObjectIdentifier PATIENT = ROOT.branch("1.1");

    public static final ASN1ObjectIdentifier PROFESSIONAL = ROOT.branch("1.2");
    public static final ASN1ObjectIdentifier INSTITUTION = ROOT.branch("1.3");
    public static final ASN1ObjectIdentifier SERVER = ROOT.branch("1.4");
    public static final ASN1ObjectIdentifier STAMPS = ROOT.branch("1.5");
    public static final ASN1ObjectIdentifier STATUS = ROOT.branch("1.6");
    public static final ASN1ObjectIdentifier DEVICE = ROOT.branch("1.7");
    public static final ASN1ObjectIdentifier SERVICE = ROOT.branch("1.8");
    public static final ASN1ObjectIdentifier MAIL = ROOT.branch("1.9");
    /// The time-stamp policy of RFC 3161 tokens.
    public static final ASN1ObjectIdentifier STAMP_POLICY = ROOT.branch("2.1");
    /// An attribute of a PKCS#10 request: an OCTET STRING with a chip's proof of where the key lies.
    public static final ASN1ObjectIdentifier CHIP_PROOF = ROOT.branch("3.1");

    private Arc() {}
}
