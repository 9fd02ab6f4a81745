package org.mizuhiki.trust;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.mizuhiki.house.Bytes;

/// OCSP requests and what answers say.
final class StatusRequests {
    private StatusRequests() {}

    static Bytes about(Region region, X509Certificate certificate) throws Exception {
        return Bytes.of(builder(region, certificate.getSerialNumber()).build().getEncoded());
    }

    static Bytes about(Region region, X509Certificate certificate, byte... nonce) throws Exception {
        var asked =
                new Extension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce, false, new DEROctetString(nonce).getEncoded());
        return Bytes.of(builder(region, certificate.getSerialNumber())
                .setRequestExtensions(new Extensions(asked))
                .build()
                .getEncoded());
    }

    static OCSPReqBuilder builder(Region region, BigInteger serial) throws Exception {
        return builder(region, "person", serial);
    }

    static OCSPReqBuilder builder(Region region, String issuer, BigInteger serial) throws Exception {
        var digests = new JcaDigestCalculatorProviderBuilder().build();
        var ca = new JcaX509CertificateHolder(region.accreditation().certificate(issuer));
        return new OCSPReqBuilder().addRequest(new CertificateID(digests.get(CertificateID.HASH_SHA1), ca, serial));
    }

    /// `good`, `revoked`, `unknown`, or the number of a failure.
    static String read(Bytes answer) throws Exception {
        var outer = new OCSPResp(answer.toArray());
        if (!(outer.getResponseObject() instanceof BasicOCSPResp basic)) {
            return Integer.toString(outer.getStatus());
        }
        var status = basic.getResponses()[0].getCertStatus();
        if (status == null) {
            return "good";
        }
        return status instanceof org.bouncycastle.cert.ocsp.RevokedStatus ? "revoked" : "unknown";
    }
}
