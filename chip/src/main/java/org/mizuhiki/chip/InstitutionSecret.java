package org.mizuhiki.chip;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Secret;

/// K_inst, 32 bytes: the service makes it for an institution, seals it to each of the institution's
/// elements, and names by it the cards on a revocation list.
public final class InstitutionSecret {
    private static final int SIZE = 32;
    private static final int SPKI_MOST = 512;

    private final Secret key;

    /// @param key 32 bytes; must stay open as long as this
    public InstitutionSecret(Secret key) {
        if (key.size() != SIZE) {
            throw new IllegalArgumentException("K_inst has 32 bytes");
        }
        this.key = key;
    }

    /// The medical card ID that the institution's elements give this card: HMAC-SHA-256(K_inst,
    /// SubjectPublicKeyInfo). Unguessable without K_inst, the same at all terminals, whatever the card
    /// signs with; a renewed card has a new key and another ID ([CardRenewal]).
    public Digest cardId(PublicKey card) {
        var spki = card.getEncoded();
        if (spki.length > SPKI_MOST) {
            throw new IllegalArgumentException("not a card's key");
        }
        return key.lend(k -> Digest.ofHash(hmac(k, spki)));
    }

    /// The ID that one element alone gives it.
    public Digest terminalCardId(ElementKey element, PublicKey card) {
        var message = EKey.joined(
                Bytes.of(element.name().toArray()), Bytes.of(cardId(card).toArray()));
        return key.lend(k -> Digest.ofHash(hmac(k, message.toArray())));
    }

    /// Seals K_inst for one element, as its applet opens it (`curve.Unsealing`).
    ///
    /// @param agreement of [TerminalElement.InstitutionKeys]
    /// @return `ephemeral point(65) ‖ masked(32) ‖ tag(32)`
    public Bytes sealed(ElementKey element, PublicKey agreement, SecureRandom die) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), die);
            var ephemeral = generator.generateKeyPair();
            var ecdh = KeyAgreement.getInstance("ECDH");
            ecdh.init(ephemeral.getPrivate());
            ecdh.doPhase((ECPublicKey) agreement, true);
            var z = ecdh.generateSecret();
            var point = Points.point(ephemeral.getPublic());
            var mask = derived(z, 1, point, element.name());
            var masked = key.lend(k -> xor(k, mask));
            var macKey = derived(z, 2, point, element.name());
            var tag = hmac(macKey, masked);
            for (var spent : new byte[][] {z, mask, macKey}) {
                Arrays.fill(spent, (byte) 0);
            }
            return EKey.joined(point, Bytes.of(masked), Bytes.of(tag));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not an agreement key of an element", e);
        }
    }

    private static byte[] derived(byte[] z, int counter, Bytes point, Digest name) throws GeneralSecurityException {
        var sha = MessageDigest.getInstance("SHA-256");
        sha.update(z);
        sha.update(new byte[] {0, 0, 0, (byte) counter});
        sha.update(point.toArray());
        return sha.digest(name.toArray());
    }

    private static byte[] xor(byte[] left, byte[] right) {
        var out = new byte[left.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) (left[i] ^ right[i]);
        }
        return out;
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
        }
    }
}
