package org.mizuhiki.mail;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Refusal;

/// A server to which mail for a domain is brought. The operator names it: nothing in a mail, and no name
/// server, makes
/// this server call an address.
///
/// @param domain such as `hospital.example`, or `*` for all others: a relay that is contracted
/// @param host as its certificate names it
/// @param startTls false: TLS from the first byte
/// @param roots that its certificate leads to; empty: those of the JDK
public record Partner(String domain, String host, int port, boolean startTls, List<X509Certificate> roots) {
    public static final String ALL = "*";

    public Partner {
        domain = domain.toLowerCase(Locale.ROOT);
        roots = List.copyOf(roots);
    }

    boolean serves(String other) {
        return domain.equals(ALL) || domain.equals(other.toLowerCase(Locale.ROOT));
    }

    SSLContext tls(SecureRandom die) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust(), die);
            return context;
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw Refusal.of(
                    "config-invalid",
                    "送り先 " + domain + " のルート証明書が使えません",
                    "The roots of partner " + domain + " cannot be used",
                    e);
        }
    }

    private TrustManager @Nullable [] trust() throws GeneralSecurityException, java.io.IOException {
        if (roots.isEmpty()) {
            return null; // the JDK's own list
        }
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (var root : roots) {
            store.setCertificateEntry(root.getSerialNumber().toString(16), root);
        }
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory.getTrustManagers();
    }
}
