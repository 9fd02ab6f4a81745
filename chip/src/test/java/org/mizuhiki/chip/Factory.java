package org.mizuhiki.chip;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;

/// Who makes chips, manages them and provides services, for the tests; and cards as they leave the factory.
final class Factory {
    static final KeyPair MANUFACTURER = pair();
    static final KeyPair MANAGER = pair();
    static final KeyPair PROVIDER_A = pair();
    static final KeyPair PROVIDER_B = pair();
    static final KeyPair CA = pair();
    static final Bytes SERVICE_A = Bytes.utf8("medical-vpn-----");
    static final Bytes SERVICE_B = Bytes.utf8("imaging-vpn-----");

    private Factory() {}

    static KeyPair pair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), Cards.DIE);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static ChipSigner signer(KeyPair pair) {
        return ChipSigner.of(pair.getPublic(), pair.getPrivate(), Cards.DIE);
    }

    static X509Certificate certificate(PublicKey key) {
        return certificate("CN=router-1", key);
    }

    /// Who issued the others.
    static X509Certificate authority() {
        return certificate("CN=Device CA", CA.getPublic());
    }

    private static X509Certificate certificate(String subject, PublicKey key) {
        try {
            var from = Instant.parse("2026-01-01T00:00:00Z");
            var builder = new JcaX509v3CertificateBuilder(
                    new X500Name("CN=Device CA"),
                    new BigInteger(64, Cards.DIE),
                    Date.from(from),
                    Date.from(from.plusSeconds(86_400L * 3650)),
                    new X500Name(subject),
                    key);
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(CA.getPrivate())));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static Secret code(int slot) {
        var code = new byte[16];
        java.util.Arrays.fill(code, (byte) ('a' + slot));
        return Secret.taking(code);
    }

    /// A chip whose key was made and that nobody has written to.
    static SoftCard blank() {
        var card = SoftCard.inMemory(Cards.DIE);
        card.install(Programs.EKEY, EKey.parameters(MANUFACTURER.getPublic(), 3));
        return card;
    }

    static void personalise(EKey key) {
        key.personalise(MANAGER.getPublic(), "{\"maker\":\"acme\",\"serial\":\"0001\"}", signer(MANUFACTURER));
    }

    /// Device code set, service A in slot 1, service B in slot 2, slot 3 free.
    static EKey equipped(CardChannel card) {
        var key = EKey.on(card);
        personalise(key);
        var factory = new EKeyFactory(signer(MANUFACTURER), signer(MANAGER));
        key.order(ChipOrder.deviceCode(), Optional.of(code(0)), signer(MANAGER));
        factory.install(key, 1, signer(PROVIDER_A), SERVICE_A, code(1));
        factory.install(key, 2, signer(PROVIDER_B), SERVICE_B, code(2));
        return key;
    }
}
