package org.mizuhiki.vpn;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.ledger.Receipt;
import org.mizuhiki.ledger.SignedCheckpoint;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.seal.StampAuthority;
import org.mizuhiki.trust.Accreditation;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.PathValidator;
import org.mizuhiki.trust.PostgresAuthority;
import org.mizuhiki.trust.Registrar;
import org.mizuhiki.trust.RevocationList;

/// A region with real certificates, signatures and stamps.
final class World implements AutoCloseable {
    static final SecureRandom DIE = Pretend.DIE;
    static final Seals SEALS = new Seals(DIE);
    static final Registrar OPERATOR = new Registrar.Operator();

    final Clock clock = Clock.systemUTC();
    final PathValidator validator;
    final StampAuthority stamps;
    final Declarations declarations;
    private final Path folder;
    private final Database database;
    private final PostgresAuthority authority;
    private final RevocationList lists;

    World() throws IOException {
        folder = Files.createTempDirectory("vpn");
        // PostgreSQL runs as nobody when the tests run as root, and has to get in
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        var config = DatabaseConfig.embedded(folder.resolve("rows"), folder.resolve("bin"));
        database = Databases.open(config, PostgresAuthority.MIGRATIONS, DIE);
        var accreditation =
                Accreditation.found(folder.resolve("ca"), "みずひき", URI.create("http://127.0.0.1:1"), clock, DIE);
        authority = new PostgresAuthority(accreditation, database, new NoLedger(), clock, DIE);
        lists = new RevocationList(authority.published(), accreditation.roots(), clock, Duration.ofHours(24));
        lists.refresh();
        var server = accreditation.stamps(clock, DIE);
        stamps = imprint -> {
            var request = SEALS.stamps().request(imprint);
            return SEALS.stamps().accept(request, server.answer(request.encoded()));
        };
        validator = new PathValidator(accreditation.roots(), lists);
        declarations = new Declarations(SEALS.records(), validator, clock);
    }

    Author server(String role) {
        return unattended(new Member.Server(role, "localhost"));
    }

    Author institution(InstitutionCode code) {
        return unattended(new Member.Institution(code, "機関" + code));
    }

    private Author unattended(Member member) {
        var desk = authority.enrolment(OPERATOR);
        var pair = KeyFiles.newKeyPair(DIE);
        return new Author(
                pair.getPrivate(),
                desk.enrol(desk.ticket(member, Duration.ofDays(1)), EnrolmentRequests.server(pair))
                        .signing());
    }

    Author person(InstitutionCode code, PersonId id) {
        var desk = authority.enrolment(OPERATOR);
        var pair = KeyFiles.newKeyPair(DIE);
        var request = EnrolmentRequests.person(pair, SEALS.newReaderKey().publicKey());
        var member = new Member.Professional(id, "担当 者", code, "機関" + code);
        return new Author(
                pair.getPrivate(),
                desk.enrol(desk.ticket(member, Duration.ofDays(1)), request).signing());
    }

    @Override
    public void close() throws IOException {
        authority.close();
        lists.close();
        database.close();
        try (var all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
        }
    }

    /// Takes everything: the real one has tests of its own.
    private static final class NoLedger implements Ledger {
        @Override
        public Receipt append(Entry entry) {
            return new Receipt(0, entry.leaf());
        }

        @Override
        public Evidence evidence(Digest leaf) {
            throw new UnsupportedOperationException("nobody asks here");
        }

        @Override
        public SignedCheckpoint checkpoint() {
            throw new UnsupportedOperationException("nobody asks here");
        }

        @Override
        public List<Digest> consistency(long older, long newer) {
            return List.of();
        }
    }
}
