package org.mizuhiki.trust;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.trust.issue.Arc;

/// Builds enrolment requests on the device; the private key is used here and goes nowhere.
public final class EnrolmentRequests {
    /// Domain separation: a signature made for anything else never passes as a binding, nor a binding as
    /// a record.
    private static final Bytes BINDING = Bytes.utf8("mizuhiki sealing key v1\n");

    private EnrolmentRequests() {}

    /// @param signing EC P-256, see [KeyFiles#newKeyPair]
    /// @param sealing X-Wing public key, 1216 bytes, see [org.mizuhiki.seal.Seals#newReaderKey]
    public static Enrolment.Request person(KeyPair signing, Bytes sealing) {
        return new Enrolment.Request(
                pkcs10(signing), Optional.of(sealing), Optional.of(bind(signing.getPrivate(), sealing)));
    }

    /// For servers and institutions.
    public static Enrolment.Request server(KeyPair signing) {
        return new Enrolment.Request(pkcs10(signing), Optional.empty(), Optional.empty());
    }

    /// PKCS#10, DER, without a name, of a key that never leaves where it was made, such as a chip's.
    ///
    /// @param sign ECDSA with SHA-256, DER
    public static Bytes of(PublicKey key, UnaryOperator<Bytes> sign) {
        return of(key, sign, Optional.empty());
    }

    /// The same with what is shown for the key, see [Origin#check]; the key signs it, too.
    public static Bytes of(PublicKey key, UnaryOperator<Bytes> sign, Optional<Bytes> evidence) {
        return pkcs10(key, new Elsewhere(sign), evidence);
    }

    /// Whether a request that was kept asks for this key; one that cannot be read asks for none.
    public static boolean isFor(Bytes pkcs10, PublicKey key) {
        try {
            var asked = new PKCS10CertificationRequest(pkcs10.toArray()).getSubjectPublicKeyInfo();
            return Bytes.of(asked.getEncoded()).equals(Bytes.of(key.getEncoded()));
        } catch (IOException | RuntimeException e) { // damaged DER throws all sorts
            return false;
        }
    }

    /// ECDSA (SHA-256, DER) over the text `mizuhiki sealing key v1`, a line feed, and the X-Wing public
    /// key.
    static Bytes bind(PrivateKey key, Bytes sealing) {
        return Crypto.signed(key, said(sealing));
    }

    /// Whether `binding` was made by the holder of `key` over exactly this sealing key.
    static boolean bound(PublicKey key, Bytes sealing, Bytes binding) {
        return Crypto.verifies(key, said(sealing), binding);
    }

    private static Bytes said(Bytes sealing) {
        var said = new ByteArrayOutputStream();
        said.writeBytes(BINDING.toArray());
        said.writeBytes(sealing.toArray());
        return Bytes.of(said.toByteArray());
    }

    private static Bytes pkcs10(KeyPair signing) {
        try {
            return pkcs10(
                    signing.getPublic(),
                    new JcaContentSignerBuilder("SHA256withECDSA").build(signing.getPrivate()),
                    Optional.empty());
        } catch (OperatorCreationException e) {
            throw new IllegalArgumentException("the signing key is not an EC key", e);
        }
    }

    private static Bytes pkcs10(PublicKey key, ContentSigner signer, Optional<Bytes> evidence) {
        try {
            var nobody = new X500Name(new org.bouncycastle.asn1.x500.RDN[0]);
            var request = new JcaPKCS10CertificationRequestBuilder(nobody, key);
            evidence.ifPresent(e -> request.addAttribute(Arc.CHIP_PROOF, new DEROctetString(e.toArray())));
            return Bytes.of(request.build(signer).getEncoded());
        } catch (IOException e) {
            throw new IllegalArgumentException("the signing key is not an EC key", e);
        }
    }

    /// Collects what is to be signed and has it signed by whoever holds the key.
    private record Elsewhere(UnaryOperator<Bytes> sign, ByteArrayOutputStream content) implements ContentSigner {
        Elsewhere(UnaryOperator<Bytes> sign) {
            this(sign, new ByteArrayOutputStream());
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
        }

        @Override
        public OutputStream getOutputStream() {
            return content;
        }

        @Override
        public byte[] getSignature() {
            return sign.apply(Bytes.of(content.toByteArray())).toArray();
        }
    }
}
