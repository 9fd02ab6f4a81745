package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.role.Roles;
import org.mizuhiki.trust.KeyFiles;

/// openssl, curl and strongSwan, unmodified, against a running region.
@Tag("V1")
@Tag("V5")
class OrdinaryToolsTest {
    @TempDir
    static Path folder;

    private static Played played;

    @BeforeAll
    static void regionComesUp() throws Exception {
        played = Played.inProcess(Files.createDirectory(folder.resolve("region")));
        KeyFiles.writeChain(
                folder.resolve("root.pem"), played.machine.region().trust().roots());
        var doctor = played.cast.doctorA().device().author();
        KeyFiles.writeChain(folder.resolve("doctor.pem"), doctor.chain());
        KeyFiles.writeKey(folder.resolve("doctor.key"), doctor.key());
        run("curl -sf -o person.der " + plain() + "/ca/person.crt");
        run("openssl x509 -inform DER -in person.der -out person.pem");
    }

    @AfterAll
    static void regionGoesDown() throws Exception {
        played.close();
    }

    @Test
    void opensslAcceptsATimeStamp() throws Exception {
        Files.writeString(folder.resolve("data"), "紹介状");
        run("openssl ts -query -data data -sha256 -cert -out query.tsq");
        run("curl -sf -H Content-Type:application/timestamp-query --data-binary @query.tsq -o reply.tsr " + plain()
                + "/tsa");
        assertTrue(run("openssl ts -verify -queryfile query.tsq -in reply.tsr -CAfile root.pem")
                .contains("Verification: OK"));
    }

    @Test
    void opensslAcceptsTheStatusOfACertificate() throws Exception {
        var answer = run("openssl ocsp -issuer person.pem -cert doctor.pem -CAfile root.pem -url " + plain() + "/ocsp");
        assertTrue(answer.contains("Response verify OK") && answer.contains("doctor.pem: good"), answer);
    }

    @Test
    void opensslAcceptsTheRevocationList() throws Exception {
        run("curl -sf -o person.crl " + plain() + "/crl/person.crl");
        assertTrue(run("openssl crl -inform DER -in person.crl -CAfile person.pem -noout -verify")
                .contains("verify OK"));
    }

    @Test
    void curlWithAPersonsCertificateGetsTheInboxAndWithoutOneIsRefused() throws Exception {
        var store = played.machine.region().store();
        var with = run("curl -s --cacert root.pem --cert doctor.pem --key doctor.key " + store + "/v1/inbox?limit=10");
        assertTrue(with.contains("notices"), with);
        var without = run("curl -s -o refused -w %{http_code} --cacert root.pem " + store + "/v1/inbox?limit=10");
        assertTrue(without.matches("40[13]"), without);
        assertTrue(Files.readString(folder.resolve("refused")).contains("\"code\""));
    }

    @Test
    void curlAndOpensslGetTheCasOfTheRegionByEst() throws Exception {
        var authority = played.machine.region().authority();
        run("curl -sf --cacert root.pem -o cas.b64 " + authority + "/.well-known/est/cacerts");
        run("openssl base64 -d -in cas.b64 -out cas.p7");
        run("openssl pkcs7 -inform DER -in cas.p7 -print_certs -out cas.pem");
        assertTrue(run("openssl verify -CAfile root.pem -untrusted cas.pem doctor.pem")
                .contains("doctor.pem: OK"));
    }

    /// As a router's IPsec engine asks: online, by OCSP with a nonce and by the root's list.
    @Test
    @Tag("D15")
    void strongSwanBelievesACertificateUntilItIsRevoked() throws Exception {
        assumeTrue(
                Files.exists(Path.of("/usr/lib/ipsec/plugins/libstrongswan-curl.so"))
                        && Files.exists(Path.of("/usr/bin/pki")),
                "strongSwan's pki with its curl plugin is not installed");
        var other = played.cast.doctorC();
        KeyFiles.writeChain(folder.resolve("other.pem"), other.device().author().chain());
        run("curl -sf -o root.der " + plain() + "/ca/root.crt");
        var verify = "pki --verify --online --in other.pem --cacert person.der --cacert root.der";
        var good = run(verify);
        assertTrue(good.contains("certificate trusted, lifetimes valid, certificate not revoked"), good);
        Roles.operate(
                folder.resolve("region/authority"),
                "revoke",
                Map.of("id", other.id().value()));
        var revoked = said(verify, 1);
        assertTrue(revoked.contains("certificate was revoked"), revoked);
    }

    @Test
    void oldTlsIsRefused() throws Exception {
        var store = played.machine.region().store().replace("https://", "");
        var process = new ProcessBuilder("openssl", "s_client", "-tls1_2", "-connect", store)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        assertTrue(process.waitFor() != 0, "TLS 1.2 was accepted");
    }

    private static String plain() {
        return played.machine.plain().toString();
    }

    private static String run(String command) throws Exception {
        return said(command, 0);
    }

    private static String said(String command, int exit) throws Exception {
        var process = new ProcessBuilder(command.split(" "))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), command);
        assertEquals(exit, process.exitValue(), command + "\n" + output);
        return output;
    }
}
