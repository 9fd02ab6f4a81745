package org.mizuhiki.trust.issue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v1CertificateBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// Every lint has an example that it objects to; the last check is that none was forgotten.
class LintTest {
    private static final SecureRandom DIE = new SecureRandom();
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-04-01T00:00:00Z"), ZoneOffset.UTC);
    private static final KeyPair KEY = pair("secp256r1");
    private static final KeyPair CA_KEY = pair("secp256r1");
    private static final Issuer CA = ca();
    private static final EnumSet<Lint> SHOWN = EnumSet.noneOf(Lint.class);

    private static KeyPair pair(String curve) {
        try {
            var maker = KeyPairGenerator.getInstance("EC");
            maker.initialize(new ECGenParameterSpec(curve), DIE);
            return maker.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SubjectPublicKeyInfo info(KeyPair pair) {
        return SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
    }

    private static Issuer ca() {
        var base = URI.create("http://ca.example");
        var key = pair("secp384r1");
        var root = Issuer.root(
                Draft.of(Profile.ROOT, new X500Name("CN=root"), info(key), CLOCK, DIE), key.getPrivate(), DIE);
        var above = new Issuer("root", root, key.getPrivate(), base);
        var own = above.issue(Draft.of(Profile.PERSON_CA, new X500Name("CN=ca"), info(CA_KEY), CLOCK, DIE), DIE);
        return new Issuer("person", own, CA_KEY.getPrivate(), base);
    }

    private static Draft draft(Profile profile) {
        return Draft.of(profile, new X500Name("CN=somebody"), info(KEY), CLOCK, DIE);
    }

    private static Draft copy(Draft d, X500Name subject, SubjectPublicKeyInfo key, BigInteger serial, Instant end) {
        return new Draft(d.profile(), subject, key, serial, d.notBefore(), end, d.host(), d.permitted());
    }

    private static X509CertificateHolder trial(
            Draft draft, X500Name issuer, String algorithm, Consumer<X509v3CertificateBuilder> spoil) throws Exception {
        var builder = new X509v3CertificateBuilder(
                issuer,
                draft.serial(),
                Date.from(draft.notBefore()),
                Date.from(draft.notAfter()),
                draft.subject(),
                draft.key());
        Extensions.write(builder, draft, Optional.of(CA));
        spoil.accept(builder);
        return builder.build(new JcaContentSignerBuilder(algorithm).build(CA_KEY.getPrivate()));
    }

    private static X509CertificateHolder trial(Draft draft, Consumer<X509v3CertificateBuilder> spoil) throws Exception {
        return trial(draft, CA.certificate().getSubject(), "SHA256withECDSA", spoil);
    }

    private static void objects(Lint lint, X509CertificateHolder trial, Draft asked) {
        var found = Linting.findings(trial, asked, Optional.of(CA));
        assertTrue(found.contains(lint), lint + " is not among " + found);
        SHOWN.add(lint);
    }

    private static void objects(Lint lint, Draft asked) throws Exception {
        objects(lint, trial(asked, b -> {}), asked);
    }

    private static void objects(Lint lint, ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value)
            throws Exception {
        var draft = draft(Profile.PATIENT);
        objects(lint, trial(draft, b -> put(b, id, critical, value)), draft);
    }

    private static void put(
            X509v3CertificateBuilder builder, ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
        try {
            if (builder.hasExtension(id)) {
                builder.replaceExtension(id, critical, value);
            } else {
                builder.addExtension(id, critical, value);
            }
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatTheProfilesMakePasses() throws Exception {
        for (var profile : List.of(Profile.PATIENT, Profile.PROFESSIONAL, Profile.INSTITUTION, Profile.STATUS)) {
            var draft = draft(profile);
            assertEquals(List.of(), Linting.findings(trial(draft, b -> {}), draft, Optional.of(CA)));
        }
    }

    @Test
    void wrongRightsAreObjectedTo() throws Exception {
        objects(Lint.BASIC_CONSTRAINTS, Extension.basicConstraints, true, new BasicConstraints(true));
        objects(Lint.CRITICAL_ARE_THESE, Extension.basicConstraints, true, new BasicConstraints(true));
        objects(Lint.KEY_USAGE_IS_EXACT, Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
        var any = new ExtendedKeyUsage(KeyPurposeId.anyExtendedKeyUsage);
        objects(Lint.PURPOSES_ARE_EXACT, Extension.extendedKeyUsage, false, any);
        var policy = new CertificatePolicies(new PolicyInformation(Arc.PROFESSIONAL));
        objects(Lint.POLICIES_ARE_EXACT, Extension.certificatePolicies, false, policy);
        objects(Lint.NOCHECK_FOR_STATUS_ONLY, OCSPObjectIdentifiers.id_pkix_ocsp_nocheck, false, DERNull.INSTANCE);
    }

    @Test
    void wrongNamesAreObjectedTo() throws Exception {
        var none = new SubjectKeyIdentifier(new byte[20]);
        objects(Lint.KEY_IDENTIFIERS, Extension.subjectKeyIdentifier, false, none);
        var mail = new GeneralNames(new GeneralName(GeneralName.rfc822Name, "a@example.jp"));
        objects(Lint.ALTERNATIVE_NAME_FOR_SERVERS_AND_MAIL_ONLY, Extension.subjectAlternativeName, false, mail);
        objects(Lint.ALTERNATIVE_NAME_FOR_SERVERS_AND_MAIL_ONLY, draft(Profile.SERVER));
        var unknown = new ASN1ObjectIdentifier("1.2.3.4");
        objects(Lint.EXTENSIONS_ARE_KNOWN_AND_SINGLE, unknown, false, new DEROctetString(new byte[1]));
        var secure = new AuthorityInformationAccess(
                AccessDescription.id_ad_ocsp,
                new GeneralName(GeneralName.uniformResourceIdentifier, "https://ca.example/ocsp"));
        objects(Lint.STATUS_IS_NAMED, Extension.authorityInfoAccess, false, secure);
        var draft = draft(Profile.PATIENT);
        objects(Lint.CRL_IS_NAMED, trial(draft, b -> b.removeExtension(Extension.cRLDistributionPoints)), draft);
    }

    @Test
    void aRegistrarsCaIsConstrainedToItsInstitution() throws Exception {
        var own = new X500Name("OU=Registrar,O=A,2.5.4.97=1311234567,CN=a");
        var people = new X500Name("OU=Person");
        var ca = Draft.of(Profile.REGISTRAR_CA, own, info(KEY), CLOCK, DIE);
        var mine = new X500Name("OU=Professional,O=A,2.5.4.97=1311234567");
        var good = ca.permitting(List.of(people, mine));
        assertEquals(List.of(), Linting.findings(trial(good, b -> {}), good, Optional.of(CA)));
        objects(Lint.REGISTRAR_IS_CONSTRAINED, ca);
        objects(Lint.REGISTRAR_IS_CONSTRAINED, ca.permitting(List.of(people)));
        var others = new X500Name("OU=Professional,O=A,2.5.4.97=2710000001");
        objects(Lint.REGISTRAR_IS_CONSTRAINED, ca.permitting(List.of(people, mine, others)));
        objects(Lint.REGISTRAR_IS_CONSTRAINED, ca.permitting(List.of(new X500Name("CN=x"), new X500Name(""), mine)));
        objects(Lint.REGISTRAR_IS_CONSTRAINED, draft(Profile.PATIENT).permitting(List.of(people)));
    }

    @Test
    void wrongFieldsAreObjectedTo() throws Exception {
        var good = draft(Profile.PATIENT);
        objects(
                Lint.SERIAL_IS_LONG_AND_RANDOM,
                copy(good, good.subject(), good.key(), BigInteger.ONE, good.notAfter()));
        var late = copy(
                good, good.subject(), good.key(), good.serial(), good.notAfter().plus(Duration.ofDays(4000)));
        objects(Lint.VALIDITY_IS_OF_THE_PROFILE, late);
        objects(Lint.ENDS_WITHIN_ITS_ISSUER, late);
        objects(Lint.SUBJECT_IS_BOUNDED, copy(good, new X500Name(""), good.key(), good.serial(), good.notAfter()));
        objects(Lint.KEY_IS_FIT, copy(good, good.subject(), info(pair("secp384r1")), good.serial(), good.notAfter()));
    }

    @Test
    void wrongIssuersAlgorithmsAndVersionsAreObjectedTo() throws Exception {
        var good = draft(Profile.PATIENT);
        var issuer = CA.certificate().getSubject();
        objects(
                Lint.ISSUER_IS_THE_ISSUERS_SUBJECT,
                trial(good, new X500Name("CN=other"), "SHA256withECDSA", b -> {}),
                good);
        objects(Lint.SIGNATURE_ALGORITHM, trial(good, issuer, "SHA384withECDSA", b -> {}), good);
        var from = Date.from(good.notBefore());
        var until = Date.from(good.notAfter());
        var first = new X509v1CertificateBuilder(issuer, good.serial(), from, until, good.subject(), good.key())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(CA_KEY.getPrivate()));
        objects(Lint.VERSION_IS_3, first, good);
    }

    @Test
    void whatALintObjectsToIsNotSigned() {
        var large = Draft.of(Profile.PATIENT, new X500Name("CN=x"), info(pair("secp384r1")), CLOCK, DIE);
        assertThrows(IllegalStateException.class, () -> CA.issue(large, DIE));
    }

    @AfterAll
    static void everyLintWasShown() {
        assertEquals(EnumSet.allOf(Lint.class), SHOWN);
    }
}
