package org.mizuhiki.trust;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.mizuhiki.trust.issue.Draft;
import org.mizuhiki.trust.issue.Issuer;
import org.mizuhiki.trust.issue.Profile;

/// The steps of founding a region's root and CAs, in order, and those of them that a replaced CA repeats.
record Ceremony(
        Path folder,
        String region,
        URI publications,
        Clock clock,
        SecureRandom die,
        SigningKeys rootKeys,
        SigningKeys keys) {
    static final String P256 = "secp256r1";

    /// The root is offline, so its CRL is made for as long as its CAs live; a newer one is taken as soon
    /// as there is.
    private static final Duration ROOT_CRL = Duration.ofDays(3652);

    void run() {
        var rootKey = rootKeys.make("root", "secp384r1");
        var root = Issuer.root(draft(Profile.ROOT, named(region + " root"), rootKey), rootKeys.key("root"), die);
        keep("root", root);
        var above = new Issuer("root", root, rootKeys.key("root"), publications);
        for (var ca : CaName.issuing()) {
            ca(ca.text(), ca, above);
        }
        below("stamps", Profile.STAMPS, Subjects.of(new Member.Server("stamps", "stamps")), above);
        rootList(above, BigInteger.ONE, List.of());
        listBoth(root);
    }

    /// One CA below the root, and who signs its OCSP answers.
    void ca(String name, CaName ca, Issuer root) {
        var number = CaName.number(name) == 1 ? "" : " " + CaName.number(name);
        below(name, ca.profile(), named(region + " " + ca.text() + " CA" + number), root);
        var issuer = new Issuer(name, certificate(name), keys.key(name), publications);
        below(
                name + Accreditation.STATUS,
                Profile.STATUS,
                named(region + " " + ca.text() + " status" + number),
                issuer);
    }

    void rootList(Issuer root, BigInteger number, List<Issuer.Ended> ended) {
        write("root.crl", root.crl(number, clock.instant(), ROOT_CRL, ended::forEach));
    }

    /// The second key's private half goes with the first's, offline.
    private void listBoth(X509Certificate root) {
        var second = CaList.newKeyPair(die);
        FileKeys.prepare(folder.resolve("root"));
        KeyFiles.writeKey(folder.resolve("root").resolve("root-ml-dsa-65.key"), second.getPrivate());
        var certified = new TreeMap<String, X509Certificate>();
        CaName.issuing().forEach(ca -> certified.put(ca.text(), certificate(ca.text())));
        certified.put("stamps", certificate("stamps"));
        var list = CaList.sign(region, root, certified, Map.of(), rootKeys.key("root"), second.getPrivate());
        write("root-ml-dsa-65.spki", second.getPublic().getEncoded());
        write("ca-list.json", list.encode().toArray());
    }

    private void below(String name, Profile profile, X500Name subject, Issuer issuer) {
        var key = keys.make(name, P256);
        keep(name, issuer.issue(draft(profile, subject, key), die));
    }

    private Draft draft(Profile profile, X500Name subject, PublicKey key) {
        return Draft.of(profile, subject, SubjectPublicKeyInfo.getInstance(key.getEncoded()), clock, die);
    }

    private void keep(String name, X509Certificate certificate) {
        try {
            Files.createDirectories(Accreditation.authority(folder));
        } catch (IOException e) {
            throw new UncheckedIOException("could not make the authority's folder", e);
        }
        KeyFiles.writeChain(Accreditation.authority(folder).resolve(name + ".crt"), List.of(certificate));
    }

    private X509Certificate certificate(String name) {
        return KeyFiles.readChain(Accreditation.authority(folder).resolve(name + ".crt"))
                .getFirst();
    }

    private void write(String name, byte... content) {
        KeyFiles.write(Accreditation.authority(folder).resolve(name), content, "rw-r--r--");
    }

    private static X500Name named(String common) {
        return new X500Name(new RDN[] {
            new RDN(new AttributeTypeAndValue(BCStyle.OU, new DERUTF8String("Accreditation"))),
            new RDN(new AttributeTypeAndValue(BCStyle.CN, new DERUTF8String(common)))
        });
    }
}
