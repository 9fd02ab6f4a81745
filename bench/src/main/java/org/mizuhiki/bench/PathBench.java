package org.mizuhiki.bench;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;
import org.mizuhiki.trust.ForeignRoot;
import org.mizuhiki.trust.ForeignRootList;
import org.mizuhiki.trust.Freshness;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Stranger;
import org.mizuhiki.trust.StrangerCheck;
import org.mizuhiki.trust.Verdict;

/// Paths of three certificates a second, from bytes to verdict with revocation by lists, on one thread,
/// next to the JDK's own builder with the same lists. Every own certificate is another one: nothing about
/// it can be remembered, what is known of the CA may be.
public final class PathBench implements Benchmark {
    private static final int ROUNDS = 5;
    private static final int STRANGERS = 2000;
    private static final long ROUND = TimeUnit.MILLISECONDS.toNanos(1500);
    private static final byte[] ECDSA_SHA256 = HexFormat.of().parseHex("300a06082a8648ce3d040302");
    private static final String CONFIG = """
            [req]
            distinguished_name = dn
            [dn]
            [ca]
            basicConstraints = critical,CA:TRUE
            keyUsage = critical,keyCertSign,cRLSign
            subjectKeyIdentifier = hash
            [own]
            keyUsage = critical,digitalSignature
            extendedKeyUsage = emailProtection
            subjectAltName = email:taro@example.jp
            [lists]
            database = %s/index.txt
            crlnumber = %s/crlnumber
            default_md = sha256
            default_crl_days = 1
            """;

    private final Clock clock;
    private final SecureRandom die;

    public PathBench(SecureRandom die, Clock clock) {
        this.die = die;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "paths";
    }

    private record Pki(X509Certificate root, X509Certificate ca, List<Bytes> lists, List<Bytes> own) {}

    @FunctionalInterface
    private interface Check {
        void run(Bytes own) throws Exception;
    }

    @Override
    public List<Row> run() throws Exception {
        var folder = Files.createTempDirectory("path-bench");
        try {
            var pki = pki(folder);
            var ours = new ArrayList<Double>();
            var jdks = new ArrayList<Double>();
            try (var check = check(pki, folder)) {
                Check mine = own ->
                        mustPass(check.check(stranger(pki, own), ForeignRoot.Purpose.MAIL_SIGNING, clock.instant()));
                Check theirs = jdk(pki);
                for (int i = 0; i <= ROUNDS; i++) { // the first warms up
                    ours.add(rate(mine, pki.own()));
                    jdks.add(rate(theirs, pki.own()));
                }
            }
            double value = median(ours.subList(1, ours.size()));
            double baseline = median(jdks.subList(1, jdks.size()));
            return List.of(new Row(
                    "paths of 3 certificates, bytes to verdict, a core and second",
                    value,
                    "JDK's path builder, same lists",
                    baseline,
                    value / baseline));
        } finally {
            Folders.clear(folder);
        }
    }

    private StrangerCheck check(Pki pki, Path folder) throws Exception {
        var root = new ForeignRoot(
                pki.root(),
                Set.of(ForeignRoot.Purpose.MAIL_SIGNING),
                Set.of("example.jp"),
                Set.of(),
                Set.of(),
                clock.instant().plus(Duration.ofDays(1)));
        var list = new ForeignRootList(1, Optional.of(Digest.of()), List.of(root));
        return new StrangerCheck(() -> list, Freshness.usual(), folder.resolve("shelf"), clock);
    }

    private static Stranger stranger(Pki pki, Bytes own) throws Exception {
        return new Stranger(
                own, List.of(Bytes.of(pki.ca().getEncoded())), pki.lists(), List.of(), Optional.of("taro@example.jp"));
    }

    private static void mustPass(Verdict verdict) {
        verdict.orRefuse();
    }

    private Check jdk(Pki pki) throws Exception {
        var factory = CertificateFactory.getInstance("X.509");
        var store = new ArrayList<Object>(List.of(pki.ca()));
        for (var list : pki.lists()) {
            store.add(factory.generateCRL(new java.io.ByteArrayInputStream(list.toArray())));
        }
        return own -> {
            var target = new X509CertSelector();
            target.setCertificate(
                    (X509Certificate) factory.generateCertificate(new java.io.ByteArrayInputStream(own.toArray())));
            var ask = new PKIXBuilderParameters(Set.of(new TrustAnchor(pki.root(), null)), target);
            ask.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(store)));
            CertPathBuilder.getInstance("PKIX").build(ask);
        };
    }

    /// A second of processor time, so that other programs on the machine do not count.
    private static double rate(Check check, List<Bytes> own) throws Exception {
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        long done = 0;
        while (threads.getCurrentThreadCpuTime() - start < ROUND) {
            check.run(own.get((int) (done++ % own.size())));
        }
        return done * 1e9 / (threads.getCurrentThreadCpuTime() - start);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private Pki pki(Path folder) throws Exception {
        Files.writeString(folder.resolve("config"), CONFIG.replace("%s", folder.toString()));
        Files.writeString(folder.resolve("index.txt"), "");
        Files.writeString(folder.resolve("crlnumber"), "01\n");
        for (var name : List.of("root", "ca", "own")) {
            KeyFiles.writeKey(
                    folder.resolve(name + ".key"), KeyFiles.newKeyPair(die).getPrivate());
            Tools.openssl(folder, "req -new -config config -key %1$s.key -subj /CN=%1$s -out %1$s.csr".formatted(name));
        }
        Tools.openssl(folder, "x509 -req -in root.csr -key root.key -extfile config -extensions ca -out root.pem");
        issue(folder, "ca", "root", "ca");
        issue(folder, "own", "ca", "own");
        var lists = List.of(list(folder, "root"), list(folder, "ca"));
        var key = KeyFiles.readKey(folder.resolve("ca.key"));
        var first = read(folder, "own");
        var own = new ArrayList<Bytes>();
        for (int i = 0; i < STRANGERS; i++) {
            own.add(another(first, i, key));
        }
        return new Pki(read(folder, "root"), read(folder, "ca"), lists, own);
    }

    private static void issue(Path folder, String name, String by, String extensions) throws Exception {
        Tools.openssl(
                folder,
                "x509 -req -in %1$s.csr -CA %2$s.pem -CAkey %2$s.key -set_serial 0x0102030405060708 -extfile config -extensions %3$s -out %1$s.pem"
                        .formatted(name, by, extensions));
    }

    private static Bytes list(Path folder, String name) throws Exception {
        Tools.openssl(
                folder,
                "ca -gencrl -config config -name lists -keyfile %1$s.key -cert %1$s.pem -out %1$s.crl.pem"
                        .formatted(name));
        Tools.openssl(folder, "crl -in %1$s.crl.pem -outform DER -out %1$s.crl".formatted(name));
        return Bytes.of(Files.readAllBytes(folder.resolve(name + ".crl")));
    }

    private static X509Certificate read(Path folder, String name) {
        return KeyFiles.readChain(folder.resolve(name + ".pem")).getFirst();
    }

    /// The same with another serial number, signed anew.
    private static Bytes another(X509Certificate first, int number, PrivateKey key) throws Exception {
        var toBeSigned = first.getTBSCertificate();
        int serial = HexFormat.of().formatHex(toBeSigned).indexOf("0102030405060708") / 2;
        toBeSigned[serial + 6] = (byte) (number >> 8);
        toBeSigned[serial + 7] = (byte) number;
        var signature = Crypto.signed(key, Bytes.of(toBeSigned)).toArray();
        var content = new ByteArrayOutputStream();
        content.writeBytes(toBeSigned);
        content.writeBytes(ECDSA_SHA256);
        content.writeBytes(new byte[] {3, (byte) (signature.length + 1), 0});
        content.writeBytes(signature);
        var whole = new ByteArrayOutputStream();
        whole.writeBytes(new byte[] {0x30, (byte) 0x82, (byte) (content.size() >> 8), (byte) content.size()});
        whole.writeBytes(content.toByteArray());
        return Bytes.of(whole.toByteArray());
    }
}
