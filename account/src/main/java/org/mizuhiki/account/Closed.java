package org.mizuhiki.account;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// AES-256-GCM under a key of its own purpose: nonce (12 bytes, random), ciphertext, tag (16). The context
/// is authenticated: what was closed for one place opens in no other.
final class Closed {
    private static final int NONCE = 12;
    private static final int TAG = 16;

    private Closed() {}

    static Bytes close(Secret key, Canonical context, Secret content, SecureRandom die) {
        var nonce = new byte[NONCE];
        die.nextBytes(nonce);
        var sealed = content.lend(plain -> crypt(Cipher.ENCRYPT_MODE, key, nonce, context, plain, 0));
        var all = Arrays.copyOf(nonce, NONCE + sealed.length);
        System.arraycopy(sealed, 0, all, NONCE, sealed.length);
        return Bytes.of(all);
    }

    /// @throws Refusal `account-damaged`
    static Secret open(Secret key, Canonical context, Bytes closed) {
        if (closed.size() < NONCE + TAG) {
            throw No.damaged();
        }
        var all = closed.toArray();
        return Secret.taking(crypt(Cipher.DECRYPT_MODE, key, Arrays.copyOf(all, NONCE), context, all, NONCE));
    }

    private static byte[] crypt(int mode, Secret key, byte[] nonce, Canonical context, byte[] input, int from) {
        return key.lend(k -> {
            try {
                var cipher = Cipher.getInstance("AES/GCM/NoPadding");
                cipher.init(mode, new SecretKeySpec(k, "AES"), new GCMParameterSpec(8 * TAG, nonce));
                cipher.updateAAD(context.encode().toArray());
                return cipher.doFinal(input, from, input.length - from);
            } catch (GeneralSecurityException e) {
                throw No.damaged();
            }
        });
    }
}
