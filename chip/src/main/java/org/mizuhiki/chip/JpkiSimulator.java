package org.mizuhiki.chip;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.mizuhiki.chip.NationalCard.Credential;

/// A SIMULATOR of the two CAs whose certificates lie on a national ID card. Names and places of what a
/// certificate says are as in real ones, so that software finds them; issuers are called simulators and no
/// policy identifiers are there, so that nobody takes one for real.
public final class JpkiSimulator {
    /// @param gender 1 male, 2 female, 3 not said
    /// @param locality the municipality, as it stands in the subject
    public record Resident(String name, LocalDate born, int gender, String address, String locality) {
        public Resident {
            if (gender < 1 || gender > 3) {
                throw new IllegalArgumentException("1, 2 or 3");
            }
        }
    }

    private record Ca(KeyPair keys, X509Certificate certificate) {}

    private static final String PERSONAL_DATA = "1.2.392.200149.8.5.5.";
    private static final int BITS = 2048;
    private static final int YEARS_OF_A_CARD = 5;
    private static final int YEARS_OF_A_CA = 10;

    private final Clock clock;
    private final SecureRandom die;
    private final Ca authentication;
    private final Ca signature;

    public JpkiSimulator(Clock clock, SecureRandom die) {
        this.clock = clock;
        this.die = die;
        authentication = found("user authentication");
        signature = found("digital signature");
    }

    private Ca found(String purpose) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS, die);
            var keys = generator.generateKeyPair();
            var name = new X500Name("C=JP,O=JPKI SIMULATOR,OU=JPKI SIMULATOR for " + purpose);
            var builder = builder(name, name, keys.getPublic(), YEARS_OF_A_CA);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return new Ca(keys, signed(builder, keys));
        } catch (GeneralSecurityException | CertIOException e) {
            throw new IllegalStateException("every JDK makes such certificates", e);
        }
    }

    private JcaX509v3CertificateBuilder builder(X500Name issuer, X500Name subject, PublicKey key, int years) {
        var from = Instant.now(clock).truncatedTo(ChronoUnit.SECONDS);
        var to = from.plus(365L * years, ChronoUnit.DAYS);
        return new JcaX509v3CertificateBuilder(
                issuer, new BigInteger(63, die), Date.from(from), Date.from(to), subject, key);
    }

    private static X509Certificate signed(JcaX509v3CertificateBuilder builder, KeyPair by)
            throws GeneralSecurityException {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withRSA").build(by.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private Ca ca(Credential credential) {
        return credential == Credential.AUTHENTICATION ? authentication : signature;
    }

    public X509Certificate issuer(Credential credential) {
        return ca(credential).certificate();
    }

    /// The authentication certificate says nothing about the owner but a number; the other tells name, birth
    /// date, gender and address.
    public X509Certificate issue(Credential credential, PublicKey key, Resident resident) {
        var ca = ca(credential);
        var number = "%020X".formatted(new BigInteger(80, die));
        boolean signs = credential == Credential.SIGNATURE;
        var place = signs ? ",L=" + resident.locality() : "";
        var subject = new X500Name("C=JP" + place + ",CN=" + number);
        var issuer =
                X500Name.getInstance(ca.certificate().getSubjectX500Principal().getEncoded());
        try {
            var builder = builder(issuer, subject, key, YEARS_OF_A_CARD);
            int usage = KeyUsage.digitalSignature | (signs ? KeyUsage.nonRepudiation : 0);
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            if (signs) {
                builder.addExtension(Extension.subjectAlternativeName, false, personalData(resident));
            }
            return signed(builder, ca.keys());
        } catch (GeneralSecurityException | CertIOException e) {
            throw new IllegalStateException("every JDK makes such certificates", e);
        }
    }

    private static GeneralNames personalData(Resident resident) {
        // the digit of the era before the date: 3 Showa, 4 Heisei, 5 Reiwa
        var born = resident.born();
        int era = born.isBefore(LocalDate.of(1989, 1, 8)) ? 3 : born.isBefore(LocalDate.of(2019, 5, 1)) ? 4 : 5;
        return new GeneralNames(new GeneralName[] {
            other(1, resident.name()),
            other(4, era + born.format(DateTimeFormatter.BASIC_ISO_DATE)),
            other(3, String.valueOf(resident.gender())),
            other(5, resident.address())
        });
    }

    private static GeneralName other(int which, String value) {
        var oid = new ASN1ObjectIdentifier(PERSONAL_DATA + which);
        var text = new DERTaggedObject(true, 0, new DERUTF8String(value));
        return new GeneralName(
                GeneralName.otherName, new DERSequence(new org.bouncycastle.asn1.ASN1Encodable[] {oid, text}));
    }
}
