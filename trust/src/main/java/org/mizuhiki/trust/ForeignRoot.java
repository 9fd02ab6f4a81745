package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// A root of another PKI that the region trusts, centrally and for named purposes only.
///
/// @param domains of mail addresses and hosts that certificates under it may name: `example.jp`, with a
/// leading dot for all below; empty: any
/// @param policies one of which must hold along the path, as OIDs; empty: none is asked for
/// @param hosts that may be asked over HTTP about revocation, same form as `domains`; no other is ever
/// called, whatever a certificate says
/// @param until when the trust ends by itself
public record ForeignRoot(
        X509Certificate certificate,
        Set<Purpose> purposes,
        Set<String> domains,
        Set<String> policies,
        Set<String> hosts,
        Instant until) {
    private static final int MOST = 32;
    private static final Pattern DOMAIN =
            Pattern.compile("\\.?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?){0,9}");
    private static final Pattern OID = Pattern.compile("[0-2](\\.(0|[1-9][0-9]{0,39})){1,30}");

    /// What a stranger's certificate may be believed for.
    public enum Purpose {
        MAIL_SIGNING,
        MAIL_ENCRYPTION,
        TLS_CLIENT,
        TLS_SERVER;

        /// `mail-signing` and so on.
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// @throws Refusal `foreign-root-malformed`: no purpose, no CA, an odd domain or OID, too many of them
    public ForeignRoot {
        purposes = Set.copyOf(purposes);
        domains = Set.copyOf(domains);
        policies = Set.copyOf(policies);
        hosts = Set.copyOf(hosts);
        boolean fits = !purposes.isEmpty()
                && certificate.getBasicConstraints() >= 0
                && fit(domains, DOMAIN)
                && fit(hosts, DOMAIN)
                && fit(policies, OID);
        if (!fits) {
            throw Refusal.of(
                    "foreign-root-malformed",
                    "外部の認証局の登録内容が正しくありません（CA証明書、用途、ドメイン、ポリシーを確認してください）",
                    "A foreign root needs a CA certificate, a purpose, and well-formed domains and policies");
        }
    }

    private static boolean fit(Set<String> all, Pattern form) {
        return all.size() <= MOST
                && all.stream()
                        .allMatch(s -> s.length() <= 253 && form.matcher(s).matches());
    }

    /// By which it is named everywhere.
    public Digest digest() {
        return KeyFiles.encoded(certificate).sha256();
    }
}
