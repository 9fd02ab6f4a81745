package org.mizuhiki.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

/// A small region on loopback with real certificates, made by the openssl command in a folder of the test.
final class TestRegion {
    static final SecureRandom DIE = new SecureRandom();
    static final Clock CLOCK = Clock.systemUTC();
    static final PersonId PATIENT = PersonId.random(DIE);
    static final PersonId DOCTOR = PersonId.random(DIE);
    static final String INSTITUTION = "1311234567";

    private final Path folder;
    private final Set<X509Certificate> revoked = ConcurrentHashMap.newKeySet();

    TestRegion(Path folder) {
        this.folder = folder;
        root("root");
        issue("keys", "root", "/OU=Server/serialNumber=keys/CN=localhost", "serverAuth,clientAuth");
    }

    void root(String name) {
        openssl(
                "-subj",
                "/CN=" + name,
                "-keyout",
                name + ".key",
                "-out",
                name + ".pem",
                "-addext",
                "keyUsage=keyCertSign");
    }

    Identity issue(String name, String root, String subject, String usage) {
        openssl(
                "-subj",
                subject,
                "-keyout",
                name + ".key",
                "-out",
                name + ".pem",
                "-CA",
                root + ".pem",
                "-CAkey",
                root + ".key",
                "-addext",
                "extendedKeyUsage=" + usage,
                "-addext",
                "basicConstraints=critical,CA:FALSE",
                "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1");
        return identity(name);
    }

    private void openssl(String... arguments) {
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
        command.addAll(List.of(arguments));
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

    Path file(String name) {
        return folder.resolve(name);
    }

    X509Certificate certificate(String name) {
        try {
            var bytes = Files.readAllBytes(file(name + ".pem"));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Identity identity(String name) {
        return identity(name, "root");
    }

    Identity identity(String name, String believed) {
        try {
            var text = Files.readString(file(name + ".key")).replaceAll("-----[A-Z ]+-----|\\s", "");
            var key = KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
            return new Identity(key, List.of(certificate(name)), List.of(certificate(believed)));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Identity server() {
        return identity("keys");
    }

    Identity nobody() {
        return Identity.anonymous(List.of(certificate("root")));
    }

    Identity patient() {
        return issue("patient", "root", "/OU=Person/serialNumber=" + PATIENT + "/CN=" + PATIENT, "clientAuth");
    }

    Identity doctor() {
        return issue(
                "doctor",
                "root",
                "/OU=Professional/O=Clinic/organizationIdentifier=" + INSTITUTION + "/serialNumber=" + DOCTOR
                        + "/CN=Dr Test",
                "clientAuth,emailProtection");
    }

    Identity institution() {
        return issue("clinic", "root", "/OU=Institution/serialNumber=" + INSTITUTION + "/CN=Clinic", "clientAuth");
    }

    void revoke(Identity identity) {
        revoked.add(identity.chain().getFirst());
    }

    Standing standing() {
        return certificate -> {
            if (revoked.contains(certificate)) {
                throw Refusal.of("certificate-revoked", "失効しています", "The certificate is revoked");
            }
        };
    }

    HttpServer start(List<Route> routes) {
        return start(ServerConfig.of("keys", "127.0.0.1", 0), routes);
    }

    HttpServer start(ServerConfig config, List<Route> routes) {
        return start(config, routes, Surroundings.of(CLOCK, DIE));
    }

    HttpServer start(ServerConfig config, List<Route> routes, Surroundings surroundings) {
        return HttpServer.start(config, server(), standing(), routes, surroundings);
    }

    Peer peer(HttpServer server, Identity identity) {
        return Peers.connect(server.uri(), () -> identity, Patience.once(), DIE);
    }
}
