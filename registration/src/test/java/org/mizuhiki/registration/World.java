package org.mizuhiki.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.function.Executable;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.seal.StampAuthority;
import org.mizuhiki.trust.Accreditation;
import org.mizuhiki.trust.Affiliation;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.PathValidator;
import org.mizuhiki.trust.PostgresAuthority;
import org.mizuhiki.trust.Registrar;
import org.mizuhiki.trust.RevocationList;
import org.mizuhiki.wire.Identity;

/// An authority with its registration: real certificates, real signatures and stamps, real PostgreSQL.
final class World implements AutoCloseable {
    static final SecureRandom DIE = new SecureRandom();
    static final Seals SEALS = new Seals(DIE);
    static final Registrar OPERATOR = new Registrar.Operator();
    private static final Duration LONG_AGO = Duration.ofDays(500);

    static final InstitutionCode BODY = new InstitutionCode("1319900033");
    static final InstitutionCode PROVIDER = new InstitutionCode("1319900041");
    static final InstitutionCode VENDOR = new InstitutionCode("1319900058");
    static final InstitutionCode DEVICE_CA = new InstitutionCode("1319900066");
    static final InstitutionCode SERVICE_CA = new InstitutionCode("1319900074");
    static final InstitutionCode CLINIC = new InstitutionCode("1319900017");
    static final InstitutionCode STRANGER = new InstitutionCode("2710000001");

    final Path folder;
    final TestClock clock = new TestClock();
    final ListLedger ledger = new ListLedger();
    final Database database;
    final Accreditation accreditation;
    final PostgresAuthority authority;
    final RevocationList lists;
    final SignedActs acts;
    final StampAuthority stamps;
    final PostgresRegistry registry;

    /// Whose certificate has expired by now.
    final Author expired;

    private final Map<InstitutionCode, Party> people = new HashMap<>();
    private int numbers;

    World() throws IOException {
        this.folder = Files.createTempDirectory("registration");
        // PostgreSQL runs as nobody when the tests run as root, and has to get in
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        var config = DatabaseConfig.embedded(folder.resolve("rows"), folder.resolve("bin"));
        this.database = Databases.open(config, PostgresAuthority.MIGRATIONS, DIE);
        clock.move(LONG_AGO.negated());
        this.accreditation = region("ca");
        this.authority = authority(accreditation);
        this.expired = person(authority, CLINIC, PersonId.random(DIE));
        clock.move(LONG_AGO);
        this.lists = new RevocationList(authority.published(), accreditation.roots(), clock, Duration.ofHours(24));
        lists.refresh();
        var server = accreditation.stamps(clock, DIE);
        this.stamps = imprint -> {
            var request = SEALS.stamps().request(imprint);
            return SEALS.stamps().accept(request, server.answer(request.encoded()));
        };
        this.acts = new SignedActs(SEALS.records(), new PathValidator(accreditation.roots(), lists));
        this.registry = new PostgresRegistry(database, authority.issuing(), ledger, acts, Optional.of(BODY), clock);
        for (var code : new InstitutionCode[] {BODY, PROVIDER, VENDOR, DEVICE_CA, SERVICE_CA, CLINIC, STRANGER}) {
            institution(code);
        }
    }

    /// Everybody is accredited for what their name says.
    World accredited() {
        licence(PROVIDER, Role.PROVIDER, Optional.empty());
        licence(VENDOR, Role.VENDOR, Optional.of("acme"));
        licence(DEVICE_CA, Role.DEVICE_CA, Optional.empty());
        licence(SERVICE_CA, Role.SERVICE_CA, Optional.empty());
        return this;
    }

    Digest licence(InstitutionCode holder, Role role, Optional<String> vendor) {
        return licence(holder, role, vendor, Duration.ofDays(365));
    }

    Digest licence(InstitutionCode holder, Role role, Optional<String> vendor, Duration life) {
        var file = party(holder)
                .open(new Step.AccreditationApplication(role, vendor))
                .file();
        party(BODY).answer(file, Optional.of(clock.instant().plus(life)), "審査済み");
        return file;
    }

    Accreditation region(String name) {
        return Accreditation.found(folder.resolve(name), "みずひき", URI.create("http://127.0.0.1:1"), clock, DIE);
    }

    PostgresAuthority authority(Accreditation of) {
        return new PostgresAuthority(of, database, ledger, clock, DIE);
    }

    /// @return the institution's own certificate
    Author institution(InstitutionCode code) {
        var desk = authority.enrolment(OPERATOR);
        var pair = KeyFiles.newKeyPair(DIE);
        var ticket = desk.ticket(new Member.Institution(code, name(code)), Duration.ofDays(1));
        return new Author(
                pair.getPrivate(),
                desk.enrol(ticket, EnrolmentRequests.server(pair)).signing());
    }

    static String name(InstitutionCode code) {
        return "機関" + code;
    }

    Author person(PostgresAuthority by, InstitutionCode code, PersonId id) {
        return enrolled(by, new Member.Professional(id, "担当 者", code, name(code)));
    }

    Author person(InstitutionCode code) {
        return person(authority, code, PersonId.random(DIE));
    }

    Author enrolled(PostgresAuthority by, Member member) {
        var desk = by.enrolment(OPERATOR);
        var pair = KeyFiles.newKeyPair(DIE);
        var request = EnrolmentRequests.person(pair, SEALS.newReaderKey().publicKey());
        return new Author(
                pair.getPrivate(),
                desk.enrol(desk.ticket(member, Duration.ofDays(1)), request).signing());
    }

    /// A person at work for this institution.
    Party party(InstitutionCode code) {
        return people.computeIfAbsent(code, c -> party(person(c)));
    }

    Party party(Author author) {
        var code = Affiliation.of(Member.of(author.certificate())).code();
        return new Party(registry.of(code), acts, author, stamps, clock, DIE);
    }

    Identity identity(Author author) {
        return new Identity(author.key(), author.chain(), accreditation.roots());
    }

    /// The step as this party's next act of the file, whatever it would have made of it itself.
    static Bytes signed(Party party, Case now, Step step) {
        return party.signed(party.act(Optional.of(new Act.Place(now.file(), now.last())), step));
    }

    static Registry.Filed hand(Party party, Case now, Step step) {
        return party.registry().hand(signed(party, now, step));
    }

    Chip chip() {
        return Elements.chip();
    }

    Member.Device someDevice() {
        return new Member.Device("acme", "R-1", "S%05d".formatted(++numbers));
    }

    void revoke(Member member) {
        authority.revocation(OPERATOR).revoke(member, org.mizuhiki.trust.Revocation.Reason.KEY_COMPROMISE);
    }

    static void refused(String code, Executable deed) {
        var refusal = assertThrows(Refusal.class, deed);
        assertEquals(code, refusal.code(), refusal::getMessage);
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
}
