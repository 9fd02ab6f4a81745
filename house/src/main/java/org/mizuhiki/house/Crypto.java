package org.mizuhiki.house;

import java.security.Provider;
import java.security.Security;

/// Chooses the cryptographic providers once per process: native where it loads, JDK otherwise.
public final class Crypto {
    private static final String NATIVE = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private Crypto() {}

    /// Puts the native provider first if it is on the class path and its self tests pass.
    ///
    /// @return what was chosen, in words, for the start-up log
    public static String choose() {
        if ("true".equals(System.getProperty("mizuhiki.crypto.jdk"))) {
            return "JDK (as asked for)";
        }
        try {
            var provider = Class.forName(NATIVE)
                    .asSubclass(Provider.class)
                    .getConstructor()
                    .newInstance();
            Security.insertProviderAt(provider, 1);
            return provider.getName() + " " + provider.getVersionStr() + " (native), JDK behind it";
        } catch (ReflectiveOperationException | LinkageError e) {
            return "JDK (no native provider: " + e.getClass().getSimpleName() + ")";
        }
    }
}
