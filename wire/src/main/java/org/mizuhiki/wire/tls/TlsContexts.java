package org.mizuhiki.wire.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Refusal;

/// Makes TLS contexts from certificates in memory: no key store file, no password.
public final class TlsContexts {
    private static final String HYBRID = "X25519MLKEM768";
    private static final String[] TLS13 = {"TLSv1.3"};

    private TlsContexts() {}

    /// @param chain may be empty: nothing is shown then
    /// @throws Refusal `identity-unfit` when there is no root or the key and certificate are of no use
    public static SSLContext of(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> roots) {
        if (roots.isEmpty()) {
            throw unfit(null);
        }
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            var keys = chain.isEmpty()
                    ? new KeyManager[0]
                    : new KeyManager[] {new OneKey(key, chain.toArray(X509Certificate[]::new))};
            context.init(keys, new TrustManager[] {trustManager(roots)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw unfit(e);
        }
    }

    /// Chain to one of the roots by PKIX (RFC 5280) without revocation: that is asked at every request,
    /// since a connection may outlive its certificate's good standing.
    ///
    /// @throws Refusal `identity-unfit`
    public static X509TrustManager trustManager(List<X509Certificate> roots) {
        try {
            return trust(roots);
        } catch (GeneralSecurityException e) {
            throw unfit(e);
        }
    }

    private static X509TrustManager trust(List<X509Certificate> roots) throws GeneralSecurityException {
        var anchors = new HashSet<TrustAnchor>();
        roots.forEach(root -> anchors.add(new TrustAnchor(root, null)));
        var parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.setRevocationEnabled(false);
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        for (var manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("the JDK's PKIX gives an X509TrustManager");
    }

    /// TLS 1.3 only and, where the JDK offers it, the hybrid post-quantum group first.
    public static SSLParameters parameters(SSLContext context) {
        var parameters = context.getDefaultSSLParameters();
        parameters.setProtocols(TLS13);
        var offered = context.getSupportedSSLParameters().getNamedGroups();
        if (offered != null) {
            groups(List.of(offered)).ifPresent(g -> parameters.setNamedGroups(g.toArray(String[]::new)));
        }
        return parameters;
    }

    /// The groups to use of those that a JDK offers; nothing when its own choice is to stand.
    public static Optional<List<String>> groups(List<String> offered) {
        return offered.contains(HYBRID) ? Optional.of(List.of(HYBRID, "x25519", "secp256r1")) : Optional.empty();
    }

    private static Refusal unfit(@Nullable Throwable cause) {
        var japanese = "サーバー証明書または信頼するルート証明書が使えません。設定を確認してください";
        var english = "The certificate, its key or the roots cannot be used; check the configuration";
        return cause == null
                ? Refusal.of("identity-unfit", japanese, english)
                : Refusal.of("identity-unfit", japanese, english, cause);
    }

    /// Shows one certificate to everybody.
    private static final class OneKey extends X509ExtendedKeyManager {
        private static final String ALIAS = "own";
        private final PrivateKey key;
        private final X509Certificate[] chain;

        OneKey(PrivateKey key, X509Certificate[] chain) {
            this.key = key;
            this.chain = chain;
        }

        private @Nullable String aliasFor(String... types) {
            for (var type : types) {
                // in TLS 1.3 the type is the signature's key algorithm: EC, RSA, ...
                if (type.equals(key.getAlgorithm()) || type.startsWith(key.getAlgorithm() + "_")) {
                    return ALIAS;
                }
            }
            return null;
        }

        @Override
        public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
            return aliasFor(type) == null ? null : new String[] {ALIAS};
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return aliasFor(types);
        }

        @Override
        public @Nullable String chooseEngineClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return aliasFor(types);
        }

        @Override
        public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
            return aliasFor(type) == null ? null : new String[] {ALIAS};
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return aliasFor(type);
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return aliasFor(type);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain.clone();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }
    }
}
