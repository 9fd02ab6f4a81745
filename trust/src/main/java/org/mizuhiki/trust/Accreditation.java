package org.mizuhiki.trust;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
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
    /// The person-CA alone has so many certificates that parts pay. Programs that take any list of a CA for
    /// all its certificates, as strongSwan's does, meet devices and services, whose CAs tell all in one list.
    private static final int PERSON_PARTS = 128;

    private static final String MARK = "region.json";

    /// Appended to a registrar's CA's name for its OCSP signer.
    static final String STATUS = "-status";

    private final Path folder;
    private final SigningKeys keys;
    private final Canonical mark;
    private final CaList.Content listed;
    private final Map<CaName, String> current;
    private final Map<String, X509Certificate> certificates = new ConcurrentHashMap<>();

    private Accreditation(Path folder, SigningKeys keys) {
        this.folder = folder;
        this.keys = keys;
        this.mark = mark(folder);
        this.listed = caList().content();
        this.current = CaName.issuing().stream().collect(Collectors.toMap(ca -> ca, listed::current));
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

    /// The root's certificate and all that stand on its list, by name; for protocols of ceremonies.
    public SortedMap<String, X509Certificate> certificates() {
        var all = new TreeMap<String, X509Certificate>();
        all.put(CaName.ROOT.text(), certificate(CaName.ROOT.text()));
        listed.certified().keySet().forEach(name -> all.put(name, certificate(name)));
        return all;
    }

    /// The region's stamp authority. Its tokens leave the root out: whoever checks them has pinned it.
    public TimeStampServer stamps(Clock clock, SecureRandom die) {
        return new TimeStampServer(keys.key("stamps"), List.of(certificate("stamps")), clock, die);
    }

    /// A CA and those above it, root last: what follows a certificate that it issued.
    ///
    /// @param ca text of a [CaName], or name of a registrar's CA
    List<X509Certificate> chain(String ca) {
        var root = certificate(CaName.ROOT.text());
        return CaName.bearing(ca).isPresent()
                ? List.of(certificate(ca), root)
                : List.of(certificate(ca), certificate(above(ca)), root);
    }

    /// The person-CA, with the key that certified this registrar's CA.
    private String above(String registrarCa) {
        var issuer = certificate(registrarCa).getIssuerX500Principal();
        return listed.issuing().stream()
                .filter(ca -> certificate(ca).getSubjectX500Principal().equals(issuer))
                .findFirst()
                .orElse(CaName.PERSON.text());
    }

    /// With which key a CA issues now: `person`, or `person-2` once it was replaced.
    String current(CaName ca) {
        return current.getOrDefault(ca, ca.text());
    }

    /// Every key of every CA below the root.
    List<String> issuing() {
        return listed.issuing();
    }

    /// Whether and why a CA's key is used no more.
    Optional<CaList.Retirement> retired(String ca) {
        return Optional.ofNullable(listed.retired().get(ca));
    }

    /// Whether the key of this name lies here: that of a CA may be lost.
    boolean holdsKey(String name) {
        try {
            keys.key(name);
            return true;
        } catch (Refusal e) {
            return false;
        }
    }

    /// Makes a registrar's CA with its status signer below the person-CA, keys and all.
    ///
    /// @param name under which it is kept and published
    /// @return its certificate
    X509Certificate makeRegistrar(String name, Member.Institution of, Instant until, Clock clock, SecureRandom die) {
        var above = issuer(current(CaName.PERSON));
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
        return SubjectPublicKeyInfo.getInstance(keys.make(name, Ceremony.P256).getEncoded());
    }

    private void keep(String name, X509Certificate certificate) {
        KeyFiles.writeChain(authority(folder).resolve(name + ".crt"), List.of(certificate));
        certificates.put(name, certificate); // one whose row was undone before had another key
    }

    URI publications() {
        return URI.create(mark.get("publications"));
    }

    /// @param name of a CA, a CA's status signer, or `stamps`
    X509Certificate certificate(String name) {
        return certificates.computeIfAbsent(
                name,
                n -> KeyFiles.readChain(authority(folder).resolve(n + ".crt")).getFirst());
    }

    PrivateKey key(String name) {
        return keys.key(name);
    }

    Issuer issuer(String name) {
        int parts = CaName.bearing(name).equals(Optional.of(CaName.PERSON)) ? parts() : 0;
        return new Issuer(name, certificate(name), keys.key(name), publications(), parts);
    }

    /// As it was founded; a region from before there were parts has none.
    private int parts() {
        return Integer.parseInt(mark.fields().getOrDefault("parts", "0"));
    }

    /// An issuer for every CA below the root, with the key that it issues with now.
    Map<String, Issuer> issuers() {
        return CaName.issuing().stream()
                .map(this::current)
                .collect(Collectors.toUnmodifiableMap(name -> name, this::issuer));
    }

    /// For steps of the ceremony that come later.
    Ceremony ceremony(Clock clock, SecureRandom die) {
        return new Ceremony(folder, region(), publications(), clock, die, keys, keys);
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

    /// Whole or not at all: from then on, at the next start, it holds.
    void keepCaList(CaList list) {
        KeyFiles.write(authority(folder).resolve("ca-list.json"), list.encode().asUtf8(), "rw-r--r--");
    }

    private Bytes read(String name) {
        try {
            return Bytes.of(Files.readAllBytes(authority(folder).resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read", e);
        }
    }

    static Path authority(Path folder) {
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
}
