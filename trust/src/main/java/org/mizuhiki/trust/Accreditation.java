package org.mizuhiki.trust;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.issue.Draft;
import org.mizuhiki.trust.issue.Issuer;
import org.mizuhiki.trust.issue.Profile;

/// A region's root of trust and the CAs below it. The root's key lies in a folder of its own, `root/`,
/// which belongs offline after founding: nothing else needs it but another CA or an early root CRL. On
/// disk: `root/root.key`, `root/root-ml-dsa-65.key`; `authority/*.key`, `*.crt`, `root.crl`, `ca-list.json`
/// and, written last, `region.json`.
public final class Accreditation {
    /// The root is offline, so its CRL is made for as long as its CAs live; a newer one is taken as soon
    /// as there is.
    private static final Duration ROOT_CRL = Duration.ofDays(3652);

    /// The person-CA alone has so many certificates that parts pay. Programs that take any list of a CA for
    /// all its certificates, as strongSwan's does, meet devices and services, whose CAs tell all in one list.
    private static final int PERSON_PARTS = 128;

    private static final String MARK = "region.json";
    private static final String P256 = "secp256r1";

    /// Appended to a registrar's CA's name for its OCSP signer.
    static final String STATUS = "-status";

    private final Path folder;
    private final SigningKeys keys;
    private final Canonical mark;

    private Accreditation(Path folder, SigningKeys keys) {
        this.folder = folder;
        this.keys = keys;
        this.mark = mark(folder);
    }

    /// The ceremony: root (P-384, 20 years), the CAs of [CaName] with an OCSP signer each, and the stamp
    /// authority (P-256, 10 years), all keys made here.
    ///
    /// @param publications base URL, plain HTTP, under which CRLs, OCSP and CA certificates are served;
    /// it stands in every certificate
    /// @throws Refusal `region-exists`, `region-malformed`
    public static Accreditation found(Path folder, String region, URI publications, Clock clock, SecureRandom die) {
        return found(folder, SigningKeys.inFolder(folder.resolve("root"), die), region, publications, clock, die);
    }

    /// The same with the root's key somewhere else, such as [SigningKeys#inToken]; the second key,
    /// ML-DSA-65, which tokens do not know yet, lies in `root/`.
    public static Accreditation found(
            Path folder, SigningKeys rootKeys, String region, URI publications, Clock clock, SecureRandom die) {
        if (Files.exists(authority(folder).resolve(MARK))) {
            throw Refusal.of(
                    "region-exists",
                    "このフォルダには既に認定局があります。上書きはしません",
                    "There is an accreditation in this folder already; it is not overwritten");
        }
        if (region.isBlank() || region.length() > 32 || !"http".equals(publications.getScheme())) {
            throw Refusal.of(
                    "region-malformed",
                    "地域名は1〜32文字、公開先のURLは http:// で始まる必要があります",
                    "A region's name has 1 to 32 characters and its publication URL starts with http://");
        }
        var keys = SigningKeys.inFolder(authority(folder), die);
        new Ceremony(folder, region, publications, clock, die, rootKeys, keys).run();
        var fields = Map.of(
                "region", region, "publications", publications.toString(), "parts", Integer.toString(PERSON_PARTS));
        KeyFiles.write(
                authority(folder).resolve(MARK), Canonical.of(fields).encode().asUtf8(), "rw-r--r--");
        return open(folder, die);
    }

    /// Opens for issuing; the root's key may be away.
    ///
    /// @throws Refusal `region-missing`
    public static Accreditation open(Path folder, SecureRandom die) {
        return new Accreditation(folder, SigningKeys.inFolder(authority(folder), die));
    }

    public String region() {
        return mark.get("region");
    }

    /// What devices pin.
    public List<X509Certificate> roots() {
        return List.of(certificate("root"));
    }

    /// The region's stamp authority. Its tokens leave the root out: whoever checks them has pinned it.
    public TimeStampServer stamps(Clock clock, SecureRandom die) {
        return new TimeStampServer(keys.key("stamps"), List.of(certificate("stamps")), clock, die);
    }

    /// A CA and those above it, root last: what follows a certificate that it issued.
    ///
    /// @param ca text of a [CaName], or name of a registrar's CA
    List<X509Certificate> chain(String ca) {
        return CaName.find(ca).isPresent()
                ? List.of(certificate(ca), certificate(CaName.ROOT))
                : List.of(certificate(ca), certificate(CaName.PERSON), certificate(CaName.ROOT));
    }

    /// Makes a registrar's CA with its status signer below the person-CA, keys and all.
    ///
    /// @param name under which it is kept and published
    /// @return its certificate
    X509Certificate makeRegistrar(String name, Member.Institution of, Instant until, Clock clock, SecureRandom die) {
        var above = issuer(CaName.PERSON);
        var ca = above.issue(
                Draft.of(Profile.REGISTRAR_CA, Subjects.registrar(of, name), made(name), clock, die)
                        .permitting(Subjects.permitted(of))
                        .until(until),
                die);
        keep(name, ca);
        var status = name + STATUS;
        keep(
                status,
                registrarIssuer(name)
                        .issue(Draft.of(Profile.STATUS, Subjects.status(name), made(status), clock, die), die));
        return ca;
    }

    /// Whether this CA's certificate lies here.
    boolean holds(String ca) {
        return Files.exists(authority(folder).resolve(ca + ".crt"));
    }

    Issuer registrarIssuer(String name) {
        return new Issuer("registrar/" + name, certificate(name), keys.key(name), publications());
    }

    private SubjectPublicKeyInfo made(String name) {
        return SubjectPublicKeyInfo.getInstance(keys.make(name, P256).getEncoded());
    }

    private void keep(String name, X509Certificate certificate) {
        KeyFiles.writeChain(authority(folder).resolve(name + ".crt"), List.of(certificate));
    }

    private URI publications() {
        return URI.create(mark.get("publications"));
    }

    X509Certificate certificate(CaName ca) {
        return certificate(ca.text());
    }

    /// @param name of a CA, a CA's status signer, or `stamps`
    X509Certificate certificate(String name) {
        return KeyFiles.readChain(authority(folder).resolve(name + ".crt")).getFirst();
    }

    PrivateKey key(String name) {
        return keys.key(name);
    }

    Issuer issuer(CaName ca) {
        var name = ca.text();
        return new Issuer(name, certificate(name), keys.key(name), publications(), parts(ca));
    }

    /// As it was founded; a region from before there were parts has none.
    private int parts(CaName ca) {
        return ca == CaName.PERSON ? Integer.parseInt(mark.fields().getOrDefault("parts", "0")) : 0;
    }

    /// An issuer for every CA below the root.
    Map<CaName, Issuer> issuers() {
        var all = new EnumMap<CaName, Issuer>(CaName.class);
        CaName.issuing().forEach(ca -> all.put(ca, issuer(ca)));
        return Collections.unmodifiableMap(all);
    }

    /// The root's second key, ML-DSA-65, as SubjectPublicKeyInfo: for the region file.
    public Bytes quantumSafeRoot() {
        return read("root-ml-dsa-65.spki");
    }

    /// What the root certified, signed with both of its keys.
    CaList caList() {
        return CaList.decode(read("ca-list.json"));
    }

    Bytes rootCrl() {
        return read("root.crl");
    }

    private Bytes read(String name) {
        try {
            return Bytes.of(Files.readAllBytes(authority(folder).resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
    }

    private static Path authority(Path folder) {
        return folder.resolve("authority");
    }

    private static Canonical mark(Path folder) {
        try {
            return Canonical.decode(
                    Bytes.of(Files.readAllBytes(authority(folder).resolve(MARK))));
        } catch (IOException e) {
            throw Refusal.of(
                    "region-missing",
                    "認定局がまだ設立されていません（" + MARK + " がありません）",
                    "No accreditation was founded here yet: " + MARK + " is missing",
                    e);
        }
    }

    /// The steps of [#found], in order.
    private record Ceremony(
            Path folder,
            String region,
            URI publications,
            Clock clock,
            SecureRandom die,
            SigningKeys rootKeys,
            SigningKeys keys) {
        void run() {
            var rootKey = rootKeys.make("root", "secp384r1");
            var root = Issuer.root(
                    draft(Profile.ROOT, name("Accreditation", region + " root"), rootKey), rootKeys.key("root"), die);
            keep("root", root);
            var above = new Issuer("root", root, rootKeys.key("root"), publications);
            for (var ca : CaName.issuing()) {
                var text = ca.text();
                below(text, ca.profile(), name("Accreditation", region + " " + text + " CA"), above);
                var issuer = new Issuer(text, certificate(text), keys.key(text), publications);
                below(ca.status(), Profile.STATUS, name("Accreditation", region + " " + text + " status"), issuer);
            }
            below("stamps", Profile.STAMPS, Subjects.of(new Member.Server("stamps", "stamps")), above);
            var crl = above.crl(BigInteger.ONE, clock.instant(), ROOT_CRL, to -> {});
            write("root.crl", crl);
            listBoth(root);
        }

        /// The second key's private half goes with the first's, offline.
        private void listBoth(X509Certificate root) {
            var second = CaList.newKeyPair(die);
            FileKeys.prepare(folder.resolve("root"));
            KeyFiles.writeKey(folder.resolve("root").resolve("root-ml-dsa-65.key"), second.getPrivate());
            var certified = new TreeMap<String, X509Certificate>();
            CaName.issuing().forEach(ca -> certified.put(ca.text(), certificate(ca.text())));
            certified.put("stamps", certificate("stamps"));
            var list = CaList.sign(region, root, certified, rootKeys.key("root"), second.getPrivate());
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
                Files.createDirectories(authority(folder));
            } catch (IOException e) {
                throw new UncheckedIOException("could not make the authority's folder", e);
            }
            KeyFiles.writeChain(authority(folder).resolve(name + ".crt"), List.of(certificate));
        }

        private X509Certificate certificate(String name) {
            return KeyFiles.readChain(authority(folder).resolve(name + ".crt")).getFirst();
        }

        private void write(String name, byte... content) {
            try {
                Files.write(authority(folder).resolve(name), content);
            } catch (IOException e) {
                throw new UncheckedIOException("could not write " + name, e);
            }
        }

        private static X500Name name(String unit, String common) {
            return new X500Name(new RDN[] {
                new RDN(new AttributeTypeAndValue(BCStyle.OU, new DERUTF8String(unit))),
                new RDN(new AttributeTypeAndValue(BCStyle.CN, new DERUTF8String(common)))
            });
        }
    }
}
