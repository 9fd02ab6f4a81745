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

/// Seals 32 bytes to a key of a chip, as its applet opens them (`curve.Unsealing`, where the form is written
/// down).
final class ChipSealing {
    private ChipSealing() {}

    /// @param chip its name: what was sealed for one opens under no other
    /// @return `ephemeral point(65) ‖ masked(32) ‖ tag(32)`
    static Bytes seal(Secret secret, PublicKey agreement, Digest chip, SecureRandom die) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), die);
            var ephemeral = generator.generateKeyPair();
            var ecdh = KeyAgreement.getInstance("ECDH");
            ecdh.init(ephemeral.getPrivate());
            ecdh.doPhase((ECPublicKey) agreement, true);
            var z = ecdh.generateSecret();
            var point = Points.point(ephemeral.getPublic());
            var mask = derived(z, 1, point, chip);
            var masked = secret.lend(k -> xor(k, mask));
            var macKey = derived(z, 2, point, chip);
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

    static byte[] hmac(byte[] key, byte[] message) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
        }
    }
}
