package org.mizuhiki.ledger;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.StampAuthority;
import org.mizuhiki.wire.Identity;

/// Real certificates and real RFC 3161 stamps, made by the openssl command in a test's folder.
final class TestIdentity {
    private TestIdentity() {}

    /// A server's identity under the folder's root, which is made when it is not there yet.
    static Identity issue(Path folder, String name, String subject) throws IOException, GeneralSecurityException {
        certify(folder, name, subject, "extendedKeyUsage=serverAuth,clientAuth");
        var text = Files.readString(folder.resolve(name + ".key")).replaceAll("-----[A-Z ]+-----|\\s", "");
        var key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
        return new Identity(key, List.of(certificate(folder, name)), List.of(certificate(folder, "root")));
    }

    static X509Certificate certificate(Path folder, String name) throws IOException, GeneralSecurityException {
        var bytes = Files.readAllBytes(folder.resolve(name + ".pem"));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
    }

    private static void certify(Path folder, String name, String subject, String usage) {
        if (!Files.exists(folder.resolve("root.pem"))) {
            request(folder, "-subj", "/CN=root", "-keyout", "root.key", "-out", "root.pem");
        }
        request(
                folder,
                "-subj",
                subject,
                "-keyout",
                name + ".key",
                "-out",
                name + ".pem",
                "-CA",
                "root.pem",
                "-CAkey",
                "root.key",
                "-addext",
                usage,
                "-addext",
                "basicConstraints=critical,CA:FALSE",
                "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1");
    }

    private static void request(Path folder, String... more) {
        var command = new ArrayList<>(List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-sha256"));
        command.addAll(List.of(more));
        run(folder, command);
    }

    private static void run(Path folder, List<String> command) {
        try {
            var process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("openssl: " + said);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("the tests of this room need the openssl command", e);
        }
    }

    /// A stamp authority: `openssl ts -reply` under the folder's root.
    static StampAuthority stamps(Path folder) throws IOException {
        certify(folder, "tsa", "/CN=TSA", "extendedKeyUsage=critical,timeStamping");
        Files.writeString(folder.resolve("serial"), "01\n");
        Files.writeString(folder.resolve("ts.cnf"), """
                [tsa]
                default_tsa = tsa1
                [tsa1]
                serial = serial
                signer_cert = tsa.pem
                signer_key = tsa.key
                signer_digest = sha256
                default_policy = 1.2.3.4
                digests = sha256
                """);
        return imprint -> stamp(folder, imprint);
    }

    private static Bytes stamp(Path folder, Digest imprint) {
        run(
                folder,
                List.of(
                        "openssl",
                        "ts",
                        "-query",
                        "-digest",
                        imprint.hex(),
                        "-sha256",
                        "-cert",
                        "-out",
                        "request.tsq"));
        run(
                folder,
                List.of(
                        "openssl",
                        "ts",
                        "-reply",
                        "-config",
                        "ts.cnf",
                        "-queryfile",
                        "request.tsq",
                        "-token_out",
                        "-out",
                        "token.der"));
        try {
            return Bytes.of(Files.readAllBytes(folder.resolve("token.der")));
        } catch (IOException e) {
            throw Refusal.of("stamp-unavailable", "時刻印を読めません", "The stamp cannot be read", e);
        }
    }
}
