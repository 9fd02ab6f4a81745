package org.mizuhiki.chip;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;

/// What a national ID card does in a visit, with a key in memory: it makes challenges, believes one answer
/// to each, and then signs without PIN. RSA-2048 as today, or P-256 as one day.
final class HolderCard {
    private final KeyPair key;
    private final X509Certificate certificate;
    private Bytes challenge = Bytes.of();
    private boolean permitted;

    private HolderCard(KeyPair key) {
        this.key = key;
        certificate = Factory.certificate(key.getPublic());
    }

    static HolderCard rsa() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048, Cards.DIE);
            return new HolderCard(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static HolderCard elliptic() {
        return new HolderCard(Factory.pair());
    }

    PublicKey key() {
        return key.getPublic();
    }

    X509Certificate certificate() {
        return certificate;
    }

    Bytes challenge() {
        var fresh = new byte[16];
        Cards.DIE.nextBytes(fresh);
        challenge = Bytes.of(fresh);
        permitted = false;
        return challenge;
    }

    void authenticate(String institution, PublicKey institutionKey, Bytes answer) {
        permitted = challenge.size() > 0
                && Crypto.verifies(institutionKey, InstitutionForms.answer(institution, challenge), answer);
        challenge = Bytes.of();
        if (!permitted) {
            throw Refusal.of("card-not-permitted", "カードが拒否しました", "The card does not believe this answer");
        }
    }

    void pin() {
        permitted = true;
    }

    Bytes sign(Bytes content) {
        if (!permitted) {
            throw Refusal.of("card-not-permitted", "カードが拒否しました", "The card signs for nobody");
        }
        try {
            var rsa = key.getPublic().getAlgorithm().equals("RSA");
            var signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(key.getPrivate(), Cards.DIE);
            signature.update(content.toArray());
            return Bytes.of(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
