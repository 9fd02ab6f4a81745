package org.mizuhiki.enrol.acme;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.KeyFiles;

/// Keys of external account bindings, made out of their names with one key that lies in a file: rows and
/// their backups hold nothing that opens an account.
public final class Bindings {
    private static final int KEY_BYTES = 32;

    private final Secret key;

    private Bindings(Secret key) {
        this.key = key;
    }

    /// @param file made if it is not there (mode 0600); when it is lost, bindings that nobody used yet are
    /// lost with it, and no account
    public static Bindings open(Path file, SecureRandom die) {
        try {
            if (Files.notExists(file)) {
                make(file, die);
            }
            var bytes = Files.readAllBytes(file);
            if (bytes.length != KEY_BYTES) {
                throw new IOException("the key of account bindings has " + bytes.length + " bytes");
            }
            return new Bindings(Secret.taking(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + file.getFileName(), e);
        }
    }

    private static void make(Path file, SecureRandom die) {
        var fresh = new byte[KEY_BYTES];
        die.nextBytes(fresh);
        try {
            KeyFiles.write(file, fresh, "rw-------");
        } finally {
            Arrays.fill(fresh, (byte) 0);
        }
    }

    /// The key that goes with a name; the caller closes it.
    Secret keyOf(String kid) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            var made = key.lend(bytes -> new SecretKeySpec(bytes, "HmacSHA256"));
            mac.init(made);
            return Secret.taking(mac.doFinal(("mizuhiki acme binding v1\n" + kid).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }
}
