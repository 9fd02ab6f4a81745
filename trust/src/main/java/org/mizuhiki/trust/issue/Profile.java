package org.mizuhiki.trust.issue;

import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_OCSPSigning;
import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_clientAuth;
import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_emailProtection;
import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_ipsecIKE;
import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_serverAuth;
import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_timeStamping;
import static org.bouncycastle.asn1.x509.KeyUsage.cRLSign;
import static org.bouncycastle.asn1.x509.KeyUsage.digitalSignature;
import static org.bouncycastle.asn1.x509.KeyUsage.keyAgreement;
import static org.bouncycastle.asn1.x509.KeyUsage.keyCertSign;
import static org.bouncycastle.asn1.x509.KeyUsage.keyEncipherment;
import static org.bouncycastle.asn1.x509.KeyUsage.nonRepudiation;

import java.time.Duration;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/// Every kind of certificate there is; what a certificate may say is decided here and nowhere else.
///
/// An OCSP or stamp signer lives as long as its CA: its key lies beside the CA's own, so a shorter life
/// would not make it safer, and a region left alone must not go blind after some months.
@SuppressWarnings("ImmutableEnumChecker") // lists made by List.of
public enum Profile {
    ROOT(Key.P384, years(20), 2, keyCertSign | cRLSign, List.of(), List.of()),
    PERSON_CA(
            Key.P256,
            years(10),
            1, // registrars' CAs stand below it
            keyCertSign | cRLSign,
            List.of(),
            List.of(Arc.PATIENT, Arc.PROFESSIONAL, Arc.MAIL, Arc.STATUS)),
    /// An institution's own, below the person-CA: what it issues ends with it.
    REGISTRAR_CA(
            Key.P256,
            Duration.ofDays(92),
            0,
            keyCertSign | cRLSign,
            List.of(),
            List.of(Arc.PATIENT, Arc.PROFESSIONAL, Arc.STATUS)),
    INSTITUTION_CA(Key.P256, years(10), 0, keyCertSign | cRLSign, List.of(), List.of(Arc.INSTITUTION, Arc.STATUS)),
    SERVER_CA(Key.P256, years(10), 0, keyCertSign | cRLSign, List.of(), List.of(Arc.SERVER, Arc.STATUS)),
    DEVICE_CA(Key.P256, years(10), 0, keyCertSign | cRLSign, List.of(), List.of(Arc.DEVICE, Arc.STATUS)),
    SERVICE_CA(Key.P256, years(10), 0, keyCertSign | cRLSign, List.of(), List.of(Arc.SERVICE, Arc.STATUS)),
    STAMPS(Key.P256, years(10), -1, digitalSignature, List.of(id_kp_timeStamping), List.of(Arc.STAMPS)),
    STATUS(Key.P256, years(10), -1, digitalSignature, List.of(id_kp_OCSPSigning), List.of(Arc.STATUS)),
    PATIENT(Key.P256, years(1), -1, digitalSignature | nonRepudiation, person(), List.of(Arc.PATIENT)),
    PROFESSIONAL(Key.P256, years(1), -1, digitalSignature | nonRepudiation, person(), List.of(Arc.PROFESSIONAL)),
    INSTITUTION(Key.P256, years(1), -1, digitalSignature | nonRepudiation, person(), List.of(Arc.INSTITUTION)),
    SERVER(
            Key.P256,
            Duration.ofDays(90),
            -1,
            digitalSignature,
            List.of(id_kp_serverAuth, id_kp_clientAuth),
            List.of(Arc.SERVER)),
    DEVICE(
            Key.P256,
            years(2),
            -1,
            digitalSignature,
            List.of(id_kp_serverAuth, id_kp_clientAuth, id_kp_ipsecIKE),
            List.of(Arc.DEVICE)),
    SERVICE(
            Key.P256,
            years(1),
            -1,
            digitalSignature,
            List.of(id_kp_serverAuth, id_kp_clientAuth, id_kp_ipsecIKE),
            List.of(Arc.SERVICE)),
    /// For letters to and from people of other PKIs: what S/MIME programs know, and no right within the region.
    MAIL(Key.P256, years(1), -1, digitalSignature | keyAgreement, List.of(id_kp_emailProtection), List.of(Arc.MAIL)),
    PATIENT_SEALING(Key.XWING, years(1), -1, keyEncipherment, List.of(id_kp_emailProtection), List.of(Arc.PATIENT)),
    PROFESSIONAL_SEALING(
            Key.XWING, years(1), -1, keyEncipherment, List.of(id_kp_emailProtection), List.of(Arc.PROFESSIONAL));

    /// Kinds of subject keys.
    public enum Key {
        P256,
        P384,
        XWING
    }

    final Key key;
    final Duration life;
    final int pathLength;
    final int usage;
    final List<KeyPurposeId> purposes;
    final List<ASN1ObjectIdentifier> policies;

    /// @param pathLength CAs allowed below, -1 for no CA
    Profile(
            Key key,
            Duration life,
            int pathLength,
            int usage,
            List<KeyPurposeId> purposes,
            List<ASN1ObjectIdentifier> policies) {
        this.key = key;
        this.life = life;
        this.pathLength = pathLength;
        this.usage = usage;
        this.purposes = purposes;
        this.policies = policies;
    }

    boolean isCa() {
        return pathLength >= 0;
    }

    private static Duration years(int count) {
        return Duration.ofDays(365L * count + count / 4);
    }

    private static List<KeyPurposeId> person() {
        return List.of(id_kp_clientAuth, id_kp_emailProtection);
    }
}
