package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.command.Commands;
import org.mizuhiki.apps.command.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `mizuhiki cert check` against a running region and another PKI, which openssl plays.
@Tag("V5")
class StrangerCommandTest {
    @TempDir
    static Path folder;

    private static Played played;
    private static HttpServer lists;

    @Command(name = "mizuhiki")
    static final class Root {}

    private record Ran(int code, String out, String err) {}

    @BeforeAll
    static void aRegionAndAnotherPki() throws Exception {
        played = Played.inProcess(Files.createDirectory(folder.resolve("region")));
        lists = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        lists.createContext("/top.crl", call -> {
            var list = Files.readAllBytes(folder.resolve("top.crl"));
            call.sendResponseHeaders(200, list.length);
            call.getResponseBody().write(list);
            call.close();
        });
        lists.start();
        Files.writeString(
                folder.resolve("ca.cnf"), """
                [ca]
                default_ca = d
                [d]
                database = index.txt
                crlnumber = crlnumber
                default_md = sha256
                default_crl_days = 7
                crl_extensions = e
                [e]
                authorityKeyIdentifier = keyid
                [mail]
                basicConstraints = CA:FALSE
                keyUsage = critical, digitalSignature
                extendedKeyUsage = emailProtection
                subjectAltName = email:taro@example.jp
                subjectKeyIdentifier = hash
                authorityKeyIdentifier = keyid
                crlDistributionPoints = URI:http://localhost:%d/top.crl
                """.formatted(lists.getAddress().getPort()));
        Files.writeString(folder.resolve("index.txt"), "");
        Files.writeString(folder.resolve("crlnumber"), "01\n");
        var key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes ";
        openssl("req -x509 " + key + "-keyout ca.key -out ca.pem -days 30 -subj /O=Foreign/CN=Top"
                + " -addext keyUsage=critical,keyCertSign,cRLSign");
        openssl("req " + key + "-keyout taro.key -out taro.csr -subj /CN=Taro");
        openssl("x509 -req -in taro.csr -CA ca.pem -CAkey ca.key -days 20 -out taro.pem"
                + " -extfile ca.cnf -extensions mail");
        list();
    }

    private static void list() throws Exception {
        openssl("ca -config ca.cnf -gencrl -keyfile ca.key -cert ca.pem -out list.pem");
        openssl("crl -in list.pem -outform DER -out top.crl");
    }

    @AfterAll
    static void allGoesDown() {
        lists.stop(0);
        played.close();
    }

    private static void openssl(String words) throws Exception {
        var process = new ProcessBuilder(("openssl " + words).split(" "))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0, words + "\n" + said);
    }

    private static Ran check(Path cache, Path region, String... options) {
        var line = new CommandLine(new Root());
        Commands.all().forEach(line::addSubcommand);
        var out = new StringWriter();
        var err = new StringWriter();
        var all = new ArrayList<>(
                List.of("cert", "check", folder.resolve("taro.pem").toString()));
        all.addAll(List.of("--region", region.toString(), "--cache", cache.toString()));
        all.addAll(List.of(options));
        int code = Exit.prepare(line)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    private static Ran check(String... options) {
        return check(folder.resolve("cache"), played.machine.regionFile(), options);
    }

    private static void refused(String code, Ran ran) {
        assertEquals(Exit.REFUSED, ran.code(), ran.err());
        assertTrue(ran.out().contains(code), ran.out());
        assertTrue(ran.out().codePoints().anyMatch(c -> c > 0x3000), ran.out());
    }

    /// One after the other, as somebody at a reception desk meets it.
    @Test
    void aStrangersCertificateIsAcceptedOrRefusedInWords() throws Exception {
        refused("stranger-no-root", check());
        played.machine
                .place()
                .operate(
                        "authority",
                        "trust-root",
                        Map.of(
                                "certificate",
                                        folder.resolve("ca.pem")
                                                .toAbsolutePath()
                                                .toString(),
                                "purposes", "mail-signing",
                                "domains", "example.jp",
                                "hosts", "localhost",
                                "until", "2099-01-01",
                                "by", "山田",
                                "reason", "連携"));
        var accepted = check("--from", "taro@example.jp");
        assertEquals(Exit.OK, accepted.code(), accepted.out() + accepted.err());
        assertTrue(accepted.out().contains("信頼できます") && accepted.out().contains("To be believed"), accepted.out());
        var row = check("--json").out();
        assertTrue(row.contains("\"accepted\":true") && row.contains("\"code\":\"accepted\""), row);
        refused("stranger-other-address", check("--from", "hanako@example.jp", "--json"));
        refused("stranger-root-not-for-this", check("--purpose", "tls-client"));
        assertEquals(Exit.USAGE, check("--purpose", "everything").code());

        // without a network: by what is kept, and by nothing else
        var nobody = Files.writeString(
                folder.resolve("nobody.json"),
                Files.readString(played.machine.regionFile())
                        .replace(played.machine.region().authority(), "https://localhost:1"));
        assertEquals(Exit.UNREACHABLE, check(folder.resolve("cache"), nobody).code());
        var kept = check(folder.resolve("cache"), nobody, "--offline");
        assertEquals(Exit.OK, kept.code(), kept.out() + kept.err());
        refused("stranger-no-root", check(folder.resolve("empty"), nobody, "--offline"));

        var list = folder.resolve("cache/foreign-roots.json");
        var asked = Files.getLastModifiedTime(list);
        Files.setLastModifiedTime(list, FileTime.from(Played.CLOCK.instant().minus(Duration.ofDays(11))));
        var old = check(folder.resolve("cache"), nobody, "--offline");
        assertEquals(Exit.REFUSED, old.code());
        assertTrue(old.err().contains("foreign-roots-too-old"), old.err());
        Files.setLastModifiedTime(list, asked);

        // what came along counts too, whatever it says
        openssl("ca -config ca.cnf -revoke taro.pem -keyfile ca.key -cert ca.pem");
        list();
        refused("stranger-revoked", check("--with", folder.resolve("list.pem").toString(), "--offline"));
        refused("stranger-revoked", check());
        var none = Files.writeString(folder.resolve("none.pem"), "no certificate");
        var malformed = check("--with", none.toString());
        assertTrue(malformed.err().contains("stranger-file-malformed"), malformed.err());
    }
}
