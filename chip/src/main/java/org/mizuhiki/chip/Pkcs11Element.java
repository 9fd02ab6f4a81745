package org.mizuhiki.chip;

import java.nio.file.Path;
import java.security.AuthProvider;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// Slots in tokens behind PKCS#11: a hardware module, USB tokens, SoftHSM. Each slot is a token of its own,
/// because a token has one PIN, and who is logged in to it may use all of its keys: two services in one token
/// could use each other's. The token's user PIN is the slot's code, as it is.
///
/// In its token a slot's key and certificate are labelled `mizuhiki-<number>`, and these bytes are their
/// CKA_ID: by it other programs find them (strongSwan: `handle`), over restarts too.
///
/// PKCS#11 logs in a whole process. Here the login lasts for one use; a program that opens the same token
/// through the same library in this very process could use it meanwhile.
public final class Pkcs11Element implements SecureElement {
    private final List<AuthProvider> tokens;

    private Pkcs11Element(List<AuthProvider> tokens) {
        this.tokens = List.copyOf(tokens);
    }

    /// @param library of the tokens' maker, a shared object
    /// @param slots PKCS#11's own numbers of the slots the tokens are in, unsigned 32 bits: the device's, then
    ///     one for each service
    /// @throws Refusal `token-unreadable` when there is no such library or no token in a slot
    public static Pkcs11Element open(Path library, List<Long> slots) {
        if (slots.isEmpty()) {
            throw new IllegalArgumentException("the device needs a token");
        }
        var tokens = new ArrayList<AuthProvider>();
        for (int i = 0; i < slots.size(); i++) {
            tokens.add(token(configuration(library, slots.get(i), name(i))));
        }
        return new Pkcs11Element(tokens);
    }

    /// A token by itself, beside an element of another kind, see [VouchedSlot].
    ///
    /// @param slot PKCS#11's own number
    /// @param number by which key and certificate are labelled
    /// @param code the token's user PIN
    /// @throws Refusal `token-unreadable`
    public static KeySlot token(Path library, long slot, int number, Secret code) {
        return new Pkcs11Slot(token(configuration(library, slot, name(number))), name(number), code);
    }

    /// CKA_ID of a slot's key and certificate.
    public static Bytes handle(int number) {
        return Bytes.utf8(name(number));
    }

    private static String name(int number) {
        return "mizuhiki-" + number;
    }

    private static AuthProvider token(String configuration) {
        try {
            var configured = Security.getProvider("SunPKCS11").configure(configuration);
            // a provider without a token offers nothing yet
            if (configured instanceof AuthProvider token && offersKeys(token)) {
                return token;
            }
        } catch (RuntimeException e) {
            throw unreadable(e);
        }
        throw unreadable(new IllegalStateException("no token in this slot"));
    }

    private static boolean offersKeys(Provider token) {
        return token.getService("KeyStore", "PKCS11") != null;
    }

    private static Refusal unreadable(Exception cause) {
        return Refusal.of(
                "token-unreadable",
                "鍵の装置（PKCS#11）を開けません。ライブラリのパスとスロット番号を確認してください",
                "The key token (PKCS#11) cannot be opened; check the library's path and the slot's number",
                cause);
    }

    private static String configuration(Path library, long slot, String name) {
        var path = library.toAbsolutePath().toString();
        if (path.chars().anyMatch(c -> c == '\n' || c == '"' || c == '\\')) {
            throw new IllegalArgumentException("not a path of a library");
        }
        return """
                --name = %s
                library = "%s"
                slot = %d
                attributes(generate, CKO_PRIVATE_KEY, *) = {
                  CKA_TOKEN = true
                  CKA_PRIVATE = true
                  CKA_SENSITIVE = true
                  CKA_EXTRACTABLE = false
                  CKA_SIGN = true
                  CKA_ID = 0h%s
                }
                """.formatted(name, path, slot, Bytes.utf8(name).asHex());
    }

    @Override
    public int services() {
        return tokens.size() - 1;
    }

    @Override
    public WrongCodes wrongCodes() {
        return WrongCodes.LEFT_TO_TOKEN;
    }

    @Override
    public KeySlot slot(int number, Secret code) {
        if (number < 0 || number >= tokens.size()) {
            throw Command.refused(0x6a86);
        }
        return new Pkcs11Slot(tokens.get(number), name(number), code);
    }

    /// Nothing stays logged in between uses, so there is nothing to end.
    @Override
    public void close() {}
}
