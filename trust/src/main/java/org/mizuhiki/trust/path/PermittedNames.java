package org.mizuhiki.trust.path;

import java.io.IOException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;

/// What a root may certify by the region's decision, in the manner of name constraints of RFC 5280,
/// 4.2.1.10; hosts are checked by the JDK's own code. (The JDK takes no constraints with an anchor: its
/// path check refuses such anchors.)
public final class PermittedNames {
    private static final int RFC822 = 1;
    private static final int IP_ADDRESS = 7;

    private PermittedNames() {}

    /// @param domains empty: any
    /// @throws NoPath `NAMES`
    public static void mustCover(Set<String> domains, X509Certificate own, Use use) throws NoPath {
        if (domains.isEmpty()) {
            return;
        }
        // constraints say nothing of a kind of name that is absent: mail in the subject alone is not missed
        boolean below = addresses(own).stream().allMatch(a -> isBelow(a, domains));
        // of mail certificates no hosts are asked: the JDK would take a person's common name "Taro" for one
        if (!below || (!use.isMail() && (isOfAnAddress(own) || !mayNameHosts(domains, own)))) {
            throw NoPath.at(0, Fault.NAMES, "");
        }
    }

    /// A limit to domains says nothing of IP addresses either: whoever may name hosts below one domain could
    /// pass for any address.
    private static boolean isOfAnAddress(X509Certificate own) {
        try {
            var names = own.getSubjectAlternativeNames();
            return names != null && names.stream().anyMatch(n -> n.get(0).equals(IP_ADDRESS));
        } catch (CertificateParsingException e) {
            return true; // names that cannot be read cannot be limited
        }
    }

    private static boolean mayNameHosts(Set<String> domains, X509Certificate own) {
        var permitted = domains.stream()
                .map(d -> new GeneralSubtree(new GeneralName(GeneralName.dNSName, d)))
                .toArray(GeneralSubtree[]::new);
        try {
            var selector = new X509CertSelector();
            selector.setNameConstraints(new NameConstraints(permitted, null).getEncoded());
            return selector.match(own);
        } catch (IOException e) {
            throw new IllegalStateException("name constraints of checked domains can be written", e);
        }
    }

    private static boolean isBelow(String address, Set<String> domains) {
        var host = address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        return domains.stream().anyMatch(d -> d.startsWith(".") ? host.endsWith(d) : host.equals(d));
    }

    /// Does the certificate name this address (RFC 8550, 3)? The part before the `@` counts as written, the
    /// domain in any case.
    public static boolean isNamed(String address, X509Certificate own) {
        return addresses(own).stream().anyMatch(a -> same(a, address));
    }

    private static boolean same(String a, String b) {
        int at = a.lastIndexOf('@');
        return at > 0
                && at == b.lastIndexOf('@')
                && a.substring(0, at).equals(b.substring(0, at))
                && a.substring(at).equalsIgnoreCase(b.substring(at));
    }

    /// Of the alternative names; of the subject, as of old, only if there are none.
    private static List<String> addresses(X509Certificate own) {
        var found = new ArrayList<String>();
        try {
            var names = own.getSubjectAlternativeNames();
            if (names != null) {
                names.stream()
                        .filter(n -> n.get(0).equals(RFC822) && n.get(1) instanceof String)
                        .forEach(n -> found.add((String) n.get(1)));
            }
        } catch (CertificateParsingException e) {
            return List.of();
        }
        if (found.isEmpty()) {
            var subject = X500Name.getInstance(own.getSubjectX500Principal().getEncoded());
            for (var rdn : subject.getRDNs(BCStyle.EmailAddress)) {
                found.add(IETFUtils.valueToString(rdn.getFirst().getValue()));
            }
        }
        return found;
    }
}
