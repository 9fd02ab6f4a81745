package org.mizuhiki.trust;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CRLReason;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.CaList.Retirement;
import org.mizuhiki.trust.issue.Issuer;

/// A CA gets a new key, certified by the root; for the machine at which the offline root is, with the
/// authority stopped. What became of the old key is said on the list of CAs, which the root signs: members
/// see there that their CA was retired, and renew at once.
///
/// @param folder the accreditation's: `authority/` is written to
/// @param rootKeys where the root's ECDSA key is
/// @param secondKey file of the root's ML-DSA-65 key
public record CaReplacement(Path folder, SigningKeys rootKeys, Path secondKey, Clock clock, SecureRandom die) {
    /// What happened to the old key.
    public enum Because {
        /// Somebody else may have it: the root revokes the CA with all that it issued.
        COMPROMISED,
        /// Nobody has it any more: what it issued stays good until its end.
        LOST
    }

    /// @return the name of the CA with its new key, such as `person-2`
    /// @throws Refusal `key-file-unreadable` without the root's keys, `ca-list-forged` when they are another
    /// region's, `ca-unknown` for the root; nothing was changed then
    public String replace(CaName ca, Because because) {
        if (ca == CaName.ROOT) {
            throw Refusal.of("ca-unknown", "ルートは置き換えられません", "A root cannot be replaced, only founded anew");
        }
        var authority = Accreditation.open(folder, die);
        var before = authority.caList().content();
        // 1. the keys at hand are this region's, or nothing is touched
        var signed = sign(authority, before, before.retired(), Optional.empty());
        signed.check(root(authority), authority.quantumSafeRoot());
        // 2. new keys and certificates; a run that was cut off is done anew from here
        var above = new Issuer("root", root(authority), rootKeys.key("root"), authority.publications());
        var old = before.current(ca);
        var name = ca.generation(CaName.number(old) + 1);
        var steps = authority.ceremony(clock, die);
        steps.ca(name, ca, above);
        // 3. whoever has ordinary tools alone learns of it from the root's list
        boolean compromised = because == Because.COMPROMISED;
        if (compromised) {
            revoke(steps, above, authority.rootCrl().toArray(), authority.certificate(old));
        }
        // 4. from this write on the new key is the one that issues
        var retired = new TreeMap<>(before.retired());
        retired.put(old, new Retirement(compromised, clock.instant().truncatedTo(ChronoUnit.SECONDS)));
        authority.keepCaList(sign(authority, before, retired, Optional.of(name)));
        return name;
    }

    private static X509Certificate root(Accreditation authority) {
        return authority.roots().getFirst();
    }

    private CaList sign(
            Accreditation authority, CaList.Content before, Map<String, Retirement> retired, Optional<String> added) {
        var certified = new TreeMap<String, X509Certificate>();
        before.certified().keySet().forEach(name -> certified.put(name, authority.certificate(name)));
        added.ifPresent(name -> certified.put(name, authority.certificate(name)));
        return CaList.sign(
                authority.region(),
                root(authority),
                certified,
                retired,
                rootKeys.key("root"),
                CaList.readKey(secondKey));
    }

    /// Keeps what was on it.
    private void revoke(Ceremony steps, Issuer above, byte[] before, X509Certificate old) {
        try {
            var list = (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(before));
            var ended = new ArrayList<Issuer.Ended>();
            Optional.ofNullable(list.getRevokedCertificates()).orElse(Set.of()).stream()
                    .filter(e -> !e.getSerialNumber().equals(old.getSerialNumber()))
                    .map(CaReplacement::ended)
                    .forEach(ended::add);
            ended.add(new Issuer.Ended(old.getSerialNumber(), clock.instant(), CaErrands.CA_COMPROMISE));
            steps.rootList(above, number(list).add(BigInteger.ONE), ended);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the root's own list is readable", e);
        }
    }

    private static Issuer.Ended ended(X509CRLEntry entry) {
        int reason = Optional.ofNullable(entry.getRevocationReason())
                .map(r -> List.of(CRLReason.values()).indexOf(r)) // the JDK lists them by their numbers
                .orElse(0);
        return new Issuer.Ended(
                entry.getSerialNumber(), entry.getRevocationDate().toInstant(), reason);
    }

    private static BigInteger number(X509CRL list) {
        var value = ASN1OctetString.getInstance(list.getExtensionValue("2.5.29.20"));
        return ASN1Integer.getInstance(value.getOctets()).getPositiveValue();
    }
}
