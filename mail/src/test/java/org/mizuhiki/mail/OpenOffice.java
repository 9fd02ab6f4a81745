package org.mizuhiki.mail;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.seal.MailSeals;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.seal.Signature;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.LocalCertificate;
import org.mizuhiki.trust.Mailboxes;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Validator;
import org.mizuhiki.wire.Identity;

/// A post office over a real database, and edges of it with the bounds that a test wants.
final class OpenOffice implements AutoCloseable {
    static final Clock CLOCK = Clock.systemUTC();
    static final SecureRandom DIE = new SecureRandom();
    static final String DOMAIN = "mail.demo";

    final Database database;
    final PostOffice office;
    final Opener.XWing opener = new Seals(DIE).newReaderKey();
    final AtomicReference<Shown> shown = new AtomicReference<>(newCertificate());

    /// @param believing for those who call
    record Shown(X509Certificate own, SSLContext tls, SSLContext believing) {}

    OpenOffice(Path folder) throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        database = Databases.open(
                DatabaseConfig.embedded(
                        folder.resolve("rows"), Path.of("target/postgres").toAbsolutePath()),
                PostOffice.MIGRATIONS,
                DIE);
        office = new PostOffice(database, Named::new, DOMAIN, _ -> true, CLOCK, DIE);
    }

    static Shown newCertificate() {
        var pair = KeyFiles.newKeyPair(DIE);
        var own = LocalCertificate.make(pair, List.of("localhost", "127.0.0.1"), CLOCK, DIE);
        return new Shown(
                own,
                EdgeTls.context(new Identity(pair.getPrivate(), List.of(own), List.of(own)), DIE),
                new Partner("x", "localhost", 1, false, List.of(own)).tls(DIE));
    }

    Edge edge(Edge.Bounds bounds) {
        return Edge.open(
                new Edge.Listen(DOMAIN, InetAddress.getLoopbackAddress(), 0, 0),
                office,
                bounds,
                () -> shown.get().tls(),
                CLOCK);
    }

    SSLContext believing() {
        return shown.get().believing();
    }

    /// Somebody with a mailbox.
    PersonId person() {
        var person = PersonId.random(DIE);
        office.open(person, List.of(KeyFiles.encoded(certified(person))), opener.publicKey());
        return person;
    }

    static String address(PersonId person) {
        return Mailboxes.address(person, DOMAIN);
    }

    static X509Certificate certified(PersonId who) {
        return LocalCertificate.make(KeyFiles.newKeyPair(DIE), List.of(address(who)), CLOCK, DIE);
    }

    /// An encrypted mail of this person's to somebody.
    static Bytes from(PersonId who) {
        var cms = new Seals(DIE)
                .mail()
                .close(Bytes.utf8(Hospital.text("out")), List.of(certified(who)), MailSeals.Form.EVERYWHERE);
        return Bytes.utf8("From: " + address(who) + "\r\nTo: x\r\nSubject: [...]\r\nMessage-ID: <" + NewMail.random(DIE)
                + "@h>\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n"
                + "Content-Transfer-Encoding: base64\r\n\r\n" + cms.asBase64().replaceAll("(.{76})", "$1\r\n"));
    }

    /// A certificate's path is trust's to check, and is tried there; here whose it is is read off its address.
    private record Named() implements Validator {
        @Override
        public Member check(List<X509Certificate> chain, Purpose purpose, Instant at) {
            return new Member.Patient(Mailboxes.person(Mailboxes.address(chain.getFirst()), DOMAIN)
                    .orElseThrow());
        }

        @Override
        public Member check(Signature signature) {
            throw new IllegalStateException("nothing here is a record");
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
