package org.mizuhiki.seal;

import java.security.Security;
import org.junit.jupiter.api.Assumptions;
import org.mizuhiki.house.Crypto;

/// Puts the native provider first for one test class; aborts the class, saying so, where it does not load.
final class NativeProvider {
    private static final String NAME = "AmazonCorrettoCryptoProvider";

    private NativeProvider() {}

    static void first() {
        var chosen = Crypto.choose();
        Assumptions.assumeTrue(Security.getProvider(NAME) != null, chosen);
    }

    static void gone() {
        Security.removeProvider(NAME);
    }
}
