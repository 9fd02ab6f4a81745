package org.mizuhiki.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.ForeignRoot;
import org.mizuhiki.trust.ForeignRootList;
import org.mizuhiki.trust.KeyFiles;

/// Other people's PKI, made by openssl: taro and hanako under a root, an impostor of taro under another.
final class Hospital {
    static final String TARO = "taro@hospital.example";

    final Path folder;

    Hospital(Path folder) throws Exception {
        this.folder = folder;
        Files.writeString(folder.resolve("x.cnf"), """
                [taro]
                basicConstraints = CA:FALSE
                keyUsage = critical, digitalSignature, keyAgreement
                extendedKeyUsage = emailProtection
                subjectAltName = email:taro@hospital.example
                [hanako]
                basicConstraints = CA:FALSE
                keyUsage = critical, digitalSignature, keyAgreement
                extendedKeyUsage = emailProtection
                subjectAltName = email:hanako@hospital.example
                [doctor]
                basicConstraints = CA:FALSE
                keyUsage = critical, digitalSignature, keyAgreement
                extendedKeyUsage = emailProtection
                subjectAltName = email:p-1@mail.demo
                [server]
                basicConstraints = CA:FALSE
                extendedKeyUsage = serverAuth
                subjectAltName = DNS:localhost
                [elsewhere]
                basicConstraints = CA:FALSE
                extendedKeyUsage = serverAuth
                subjectAltName = DNS:elsewhere.example
                """);
        for (var ca : List.of("ca", "other")) {
            openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + ca + ".key -out " + ca
                    + ".pem -days 30 -subj /O=H/CN=" + ca + " -addext keyUsage=critical,keyCertSign,cRLSign");
        }
        issue("taro", "ca", "taro");
        issue("hanako", "ca", "hanako");
        issue("impostor", "other", "taro");
        issue("doctor", "ca", "doctor");
        issue("server", "ca", "server");
        issue("elsewhere", "ca", "elsewhere");
        for (var ca : List.of("ca")) {
            Files.writeString(folder.resolve("index.txt"), "");
            Files.writeString(folder.resolve("number"), "01\n");
            Files.writeString(folder.resolve("crl.cnf"), """
                    [ca]
                    default_ca = d
                    [d]
                    database = index.txt
                    crlnumber = number
                    default_md = sha256
                    default_crl_days = 7
                    """);
            openssl("ca -config crl.cnf -gencrl -keyfile " + ca + ".key -cert " + ca + ".pem -out crl.pem");
        }
    }

    private void issue(String name, String ca, String kind) throws Exception {
        openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + name + ".key -out " + name
                + ".csr -subj /CN=" + name);
        openssl("x509 -req -in " + name + ".csr -CA " + ca + ".pem -CAkey " + ca + ".key -days 20 -out " + name
                + ".pem -extfile x.cnf -extensions " + kind);
        openssl("pkcs8 -topk8 -nocrypt -in " + name + ".key -out " + name + ".p8");
    }

    X509Certificate certificate(String name) {
        return KeyFiles.readChain(folder.resolve(name + ".pem")).getFirst();
    }

    PrivateKey key(String name) {
        return KeyFiles.readKey(folder.resolve(name + ".p8"));
    }

    /// What the region decided about this hospital's root.
    ForeignRootList roots(Clock clock, Set<ForeignRoot.Purpose> purposes) {
        return new ForeignRootList(
                1,
                Optional.empty(),
                List.of(new ForeignRoot(
                        certificate("ca"),
                        purposes,
                        Set.of("hospital.example"),
                        Set.of(),
                        Set.of(),
                        clock.instant().plus(Duration.ofDays(10)))));
    }

    /// A clear-signed entity (`multipart/signed`).
    String signed(String who, String entity) throws Exception {
        Files.writeString(folder.resolve("entity"), entity, StandardCharsets.UTF_8);
        openssl("cms -sign -in entity -signer " + who + ".pem -inkey " + who + ".key -out signed");
        return crlf(Files.readString(folder.resolve("signed")));
    }

    String closed(String entity, String reader) throws Exception {
        Files.writeString(folder.resolve("entity"), entity, StandardCharsets.UTF_8);
        openssl("cms -encrypt -aes256 -in entity -recip " + reader + ".pem -out closed");
        return crlf(Files.readString(folder.resolve("closed")));
    }

    static Bytes mail(String from, String entity) {
        return Bytes.utf8("From: " + from + "\r\nTo: p-1@mail.demo\r\nSubject: consultation\r\nMessage-ID: <"
                + Integer.toHexString(entity.hashCode()) + "@hospital.example>\r\n" + entity);
    }

    static String text(String words) {
        return "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + words + "\r\n";
    }

    private static String crlf(String text) {
        return text.replaceAll("\r?\n", "\r\n");
    }

    void openssl(String words) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of("openssl"));
        all.addAll(List.of(words.split(" ")));
        Process process;
        try {
            process = new ProcessBuilder(all)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            Assumptions.abort("openssl is not installed here");
            throw e;
        }
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException("openssl " + words + "\n" + said);
        }
    }
}
