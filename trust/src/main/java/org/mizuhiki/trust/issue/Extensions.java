package org.mizuhiki.trust.issue;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.mizuhiki.house.Digest;

/// Writes the extensions of RFC 5280, 4.2, that a profile asks for.
final class Extensions {
    /// All that a profile may ask for.
    static final Set<ASN1ObjectIdentifier> KNOWN = Set.of(
            Extension.basicConstraints,
            Extension.nameConstraints,
            Extension.keyUsage,
            Extension.extendedKeyUsage,
            Extension.subjectKeyIdentifier,
            Extension.authorityKeyIdentifier,
            Extension.certificatePolicies,
            Extension.subjectAlternativeName,
            Extension.cRLDistributionPoints,
            Extension.authorityInfoAccess,
            OCSPObjectIdentifiers.id_pkix_ocsp_nocheck);

    private Extensions() {}

    static void write(X509v3CertificateBuilder to, Draft draft, Optional<Issuer> issuer) throws IOException {
        var profile = draft.profile();
        if (profile.isCa()) {
            to.addExtension(Extension.basicConstraints, true, new BasicConstraints(profile.pathLength));
        }
        if (!draft.permitted().isEmpty()) {
            to.addExtension(Extension.nameConstraints, true, permitted(draft)); // RFC 5280, 4.2.1.10: critical
        }
        to.addExtension(Extension.keyUsage, true, new KeyUsage(profile.usage));
        if (!profile.purposes.isEmpty()) {
            // RFC 3161, 2.3: critical for stamp authorities
            to.addExtension(
                    Extension.extendedKeyUsage,
                    profile == Profile.STAMPS,
                    new ExtendedKeyUsage(profile.purposes.toArray(KeyPurposeId[]::new)));
        }
        to.addExtension(Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyId(draft.key())));
        if (!profile.policies.isEmpty()) {
            to.addExtension(
                    Extension.certificatePolicies,
                    false,
                    new CertificatePolicies(profile.policies.stream()
                            .map(PolicyInformation::new)
                            .toArray(PolicyInformation[]::new)));
        }
        if (draft.host().isPresent()) {
            to.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(name(draft.host().get())));
        }
        if (profile == Profile.STATUS) {
            to.addExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nocheck, false, DERNull.INSTANCE);
        }
        if (issuer.isPresent()) {
            ofIssuer(to, draft, issuer.get());
        }
    }

    private static void ofIssuer(X509v3CertificateBuilder to, Draft draft, Issuer issuer) throws IOException {
        var profile = draft.profile();
        to.addExtension(
                Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(keyId(issuer.certificate())));
        var crl = new DistributionPointName(new GeneralNames(url(issuer.crlUrl(draft))));
        to.addExtension(Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {
            new DistributionPoint(crl, null, null)
        }));
        var at = new AccessDescription(AccessDescription.id_ad_caIssuers, url(issuer.certificateUrl()));
        // the root is offline, so only the CAs below it have an OCSP signer; a CA's own status is in a list
        boolean ocsp = issuer.certificate().getExtension(Extension.authorityKeyIdentifier) != null
                && profile != Profile.STATUS
                && !profile.isCa();
        to.addExtension(
                Extension.authorityInfoAccess,
                false,
                new AuthorityInformationAccess(
                        ocsp
                                ? new AccessDescription[] {
                                    new AccessDescription(AccessDescription.id_ad_ocsp, url(issuer.ocspUrl())), at
                                }
                                : new AccessDescription[] {at}));
    }

    static NameConstraints permitted(Draft draft) {
        return new NameConstraints(
                draft.permitted().stream()
                        .map(name -> new GeneralSubtree(new GeneralName(name)))
                        .toArray(GeneralSubtree[]::new),
                null);
    }

    private static GeneralName url(String url) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, url);
    }

    static GeneralName name(String host) {
        if (host.indexOf('@') > 0) {
            return new GeneralName(GeneralName.rfc822Name, host);
        }
        return new GeneralName(HostForm.isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host);
    }

    /// RFC 7093, 2, method 1: the leftmost 160 bits of SHA-256 over the key.
    static byte[] keyId(SubjectPublicKeyInfo key) {
        return java.util.Arrays.copyOf(
                Digest.of(key.getPublicKeyData().getBytes()).toArray(), 20);
    }

    static byte[] keyId(X509CertificateHolder certificate) {
        var found = certificate.getExtension(Extension.subjectKeyIdentifier);
        return found == null
                ? keyId(certificate.getSubjectPublicKeyInfo())
                : ASN1OctetString.getInstance(found.getParsedValue()).getOctets();
    }
}
