package org.mizuhiki.trust;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.ledger.LogKeys;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Seals;

/// A founded region with its authority, for one test.
record Region(
        Path folder,
        TestClock clock,
        Accreditation accreditation,
        MemoryLedger ledger,
        Database database,
        PostgresAuthority authority,
        RevocationList lists,
        PathValidator validator)
        implements AutoCloseable {
    static final SecureRandom DIE = new SecureRandom();
    static final InstitutionCode CLINIC = new InstitutionCode("1311234567");
    static final InstitutionCode OTHER = new InstitutionCode("2710000001");
    static final URI PUBLICATIONS = URI.create("http://127.0.0.1:8080");

    static Region found(Database database) {
        try {
            var folder = Files.createTempDirectory("region");
            var clock = new TestClock();
            var accreditation = Accreditation.found(folder, "みずひき", PUBLICATIONS, clock, DIE);
            var ledger = new MemoryLedger();
            var authority = new PostgresAuthority(accreditation, database, ledger, clock, DIE);
            var lists = new RevocationList(authority.published(), accreditation.roots(), clock, Duration.ofHours(24));
            lists.refresh();
            var validator = new PathValidator(accreditation.roots(), lists);
            return new Region(folder, clock, accreditation, ledger, database, authority, lists, validator);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Somebody with a device.
    record Enrolled(
            Member member,
            KeyPair signing,
            Opener.XWing sealing,
            Ticket ticket,
            Enrolment.Request request,
            Enrolment.Enrolled certificates) {
        PersonId id() {
            return new PersonId(member.identity());
        }
    }

    /// Takes every chip for genuine: what a chip must show is not trust's question.
    static final Origin ANY_CHIP = new Origin() {
        @Override
        public Optional<Member.Device> device() {
            return Optional.empty();
        }

        @Override
        public void check(Handle rows, Member member, PublicKey key, Optional<Bytes> evidence) {}
    };

    Enrolment operator() {
        return authority.enrolment(new Registrar.Operator());
    }

    Enrolment clinic() {
        return authority.enrolment(new Registrar.Accredited(CLINIC, "みずひき診療所"));
    }

    Revocation revocation() {
        return authority.revocation(new Registrar.Operator());
    }

    DirectoryCheck directoryCheck() {
        return new DirectoryCheck(
                validator,
                (evidence, keys) -> clock.instant(),
                new LogKeys("memory", Bytes.of(), Bytes.of(), Map.of(), 0),
                clock);
    }

    static Member.Patient somePatient() {
        return new Member.Patient(PersonId.random(DIE));
    }

    static Member.Professional someDoctor(String name) {
        return new Member.Professional(PersonId.random(DIE), name, CLINIC, "みずひき診療所");
    }

    Enrolled patient() {
        return enrolled(somePatient());
    }

    Enrolled doctor(String name) {
        return enrolled(someDoctor(name));
    }

    Enrolled enrolled(Member member) {
        var ticket = clinic().ticket(member, Duration.ofDays(1));
        var signing = KeyFiles.newKeyPair(DIE);
        var sealing = new Seals(DIE).newReaderKey();
        var request = EnrolmentRequests.person(signing, sealing.publicKey());
        return new Enrolled(
                member, signing, sealing, ticket, request, operator().enrol(ticket, request));
    }

    static Enrolment.Request someRequest() {
        return EnrolmentRequests.person(
                KeyFiles.newKeyPair(DIE), new Seals(DIE).newReaderKey().publicKey());
    }

    @Override
    public void close() throws IOException {
        authority.close();
        lists.close();
        try (var all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
        }
    }
}
