package org.mizuhiki.apps.demo;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.mail.EdgeTls;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.wire.Identity;
import org.subethamail.smtp.server.SMTPServer;

/// A hospital that is not of the region: a PKI and mails made by openssl, brought by curl, and a mail
/// server of its own.
final class ForeignHospital implements AutoCloseable {
    static final String DOMAIN = "hospital.example";
    static final String TARO = "taro@" + DOMAIN;

    private final Path folder;
    private final HttpServer lists;
    private final SMTPServer server;
    private final BlockingQueue<Bytes> arrived = new LinkedBlockingQueue<>(100);

    ForeignHospital(Path folder, SecureRandom die) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.lists = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        lists.createContext("/", call -> {
            var list = Files.readAllBytes(folder.resolve("top.crl"));
            call.sendResponseHeaders(200, list.length);
            call.getResponseBody().write(list);
            call.close();
        });
        lists.start();
        found();
        var key = KeyFiles.readKey(folder.resolve("server.p8"));
        var chain = KeyFiles.readChain(folder.resolve("server.pem"));
        var tls = EdgeTls.context(new Identity(key, chain, chain), die);
        this.server = new SMTPServer.Builder()
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .serverSocketFactory(() -> EdgeTls.unbound(tls))
                .insertReceivedHeaders(false)
                .messageHandler((_, _, _, mail) -> arrived.add(Bytes.of(mail)))
                .build();
        server.start();
    }

    /// A root, a person with an RSA key, one whose root nobody trusts, and the mail server's certificate.
    private void found() throws Exception {
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
                keyUsage = critical, digitalSignature, keyEncipherment
                extendedKeyUsage = emailProtection
                subjectAltName = email:%s
                subjectKeyIdentifier = hash
                authorityKeyIdentifier = keyid
                crlDistributionPoints = URI:http://localhost:%d/top.crl
                [server]
                basicConstraints = CA:FALSE
                extendedKeyUsage = serverAuth
                subjectAltName = DNS:localhost
                """.formatted(TARO, lists.getAddress().getPort()));
        Files.writeString(folder.resolve("index.txt"), "");
        Files.writeString(folder.resolve("crlnumber"), "01\n");
        var ec = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes ";
        for (var ca : List.of("ca", "other")) {
            openssl("req -x509 " + ec + "-keyout " + ca + ".key -out " + ca + ".pem -days 30 -subj /O=" + DOMAIN
                    + "/CN=" + ca + " -addext keyUsage=critical,keyCertSign,cRLSign");
        }
        issue("taro", "-newkey rsa:2048 -nodes ", "ca", "mail");
        issue("impostor", "-newkey rsa:2048 -nodes ", "other", "mail");
        issue("server", ec, "ca", "server");
        openssl("pkcs8 -topk8 -nocrypt -in server.key -out server.p8");
        openssl("ca -config ca.cnf -gencrl -keyfile ca.key -cert ca.pem -out list.pem");
        openssl("crl -in list.pem -outform DER -out top.crl");
    }

    private void issue(String name, String key, String ca, String kind) throws Exception {
        openssl("req " + key + "-keyout " + name + ".key -out " + name + ".csr -subj /CN=" + name);
        openssl("x509 -req -in " + name + ".csr -CA " + ca + ".pem -CAkey " + ca + ".key -days 20 -out " + name
                + ".pem -extfile ca.cnf -extensions " + kind);
    }

    /// For the operator's configuration.
    String asPartner() {
        return "[{domain: " + DOMAIN + ", host: localhost, port: " + server.getPortAllocated() + ", roots: \""
                + folder.resolve("ca.pem").toAbsolutePath() + "\"}]";
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /// A mail with these words, signed by `who`, encrypted for a certificate if one is named.
    Path mail(String who, String to, String words, String... reader) throws Exception {
        Files.writeString(
                folder.resolve("words"),
                "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + words + "\r\n",
                StandardCharsets.UTF_8);
        openssl("cms -sign -in words -signer " + who + ".pem -inkey " + who + ".key -out signed.eml");
        var out = "signed.eml";
        if (reader.length == 1) {
            openssl("cms -encrypt -aes256 -in signed.eml -recip " + reader[0] + " -out closed.eml");
            out = "closed.eml";
        }
        var mail = "From: Taro <" + TARO + ">\r\nTo: " + to + "\r\nSubject: consultation\r\nMessage-ID: <"
                + words.hashCode() + "." + reader.length + "@" + DOMAIN + ">\r\n"
                + Files.readString(folder.resolve(out)).replaceAll("\r?\n", "\r\n");
        return Files.writeString(folder.resolve("mail.eml"), mail);
    }

    /// Brings a mail as a server elsewhere would.
    ///
    /// @return curl's exit code
    int bring(Path mail, String to, int port, Path root) throws Exception {
        return curl(
                        "smtps://localhost:" + port,
                        "--cacert",
                        root.toString(),
                        "--mail-from",
                        TARO,
                        "--mail-rcpt",
                        to,
                        "--upload-file",
                        mail.toString())
                .code();
    }

    /// What arrived at the hospital's own server, opened and verified by openssl.
    String opened(Path regionRoots) throws Exception {
        var mail = arrived.poll(60, TimeUnit.SECONDS);
        if (mail == null) {
            throw new IllegalStateException("nothing arrived at " + DOMAIN);
        }
        Files.write(folder.resolve("in.eml"), mail.toArray());
        openssl("cms -decrypt -in in.eml -recip taro.pem -inkey taro.key -out in.signed");
        openssl("cms -verify -in in.signed -CAfile " + regionRoots + " -purpose any -out in.txt -signer in.signer.pem");
        return Files.readString(folder.resolve("in.txt"));
    }

    /// @param out standard output and error together
    record Ran(int code, String out) {}

    Ran curl(String... words) throws Exception {
        var all = new java.util.ArrayList<>(List.of("curl", "-sS", "--max-time", "60"));
        all.addAll(Arrays.asList(words));
        return run(all);
    }

    private Ran run(List<String> words) throws IOException, InterruptedException {
        var process = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(90, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Ran(process.waitFor(), said);
    }

    private void openssl(String words) throws IOException, InterruptedException {
        var all = new java.util.ArrayList<>(List.of("openssl"));
        all.addAll(List.of(words.split(" ")));
        var ran = run(all);
        if (ran.code() != 0) {
            throw new IllegalStateException("openssl " + words + ": " + ran.out());
        }
    }

    @Override
    public void close() {
        server.stop();
        lists.stop(0);
    }
}
