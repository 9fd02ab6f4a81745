package org.mizuhiki.dues;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.wire.Identity;

/// Real certificates for a test, made by the openssl command in a folder of the test.
record Certificates(Path folder) {
    Identity server() throws Exception {
        make("root", "/CN=root", "-addext", "keyUsage=keyCertSign");
        return issue("office", "/OU=Server/serialNumber=office/CN=localhost", "serverAuth,clientAuth");
    }

    Identity institution(InstitutionCode code) throws Exception {
        return issue(code.value(), "/OU=Institution/serialNumber=" + code + "/CN=clinic", "clientAuth");
    }

    Identity person(PersonId id) throws Exception {
        return issue(id.value(), "/OU=Professional/serialNumber=" + id + "/CN=doctor", "clientAuth");
    }

    private Identity issue(String name, String subject, String usage) throws Exception {
        make(
                name,
                subject,
                "-CA",
                "root.pem",
                "-CAkey",
                "root.key",
                "-addext",
                "extendedKeyUsage=" + usage,
                "-addext",
                "basicConstraints=critical,CA:FALSE",
                "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1");
        var text = Files.readString(folder.resolve(name + ".key")).replaceAll("-----[A-Z ]+-----|\\s", "");
        var key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
        return new Identity(key, List.of(certificate(name)), List.of(certificate("root")));
    }

    private X509Certificate certificate(String name) throws Exception {
        var bytes = Files.readAllBytes(folder.resolve(name + ".pem"));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
    }

    private void make(String name, String subject, String... more) throws Exception {
        var command = new ArrayList<>(List.of("openssl", "req", "-x509", "-newkey", "ec"));
        command.addAll(List.of("-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-sha256"));
        command.addAll(List.of("-subj", subject, "-keyout", name + ".key", "-out", name + ".pem"));
        command.addAll(List.of(more));
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the tests of this room need the openssl command: " + said);
        }
    }
}
