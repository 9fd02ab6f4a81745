package org.mizuhiki.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.mizuhiki.consent.RegionStatute;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.consent.Statement.CareRelation;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.consent.Statement.Revocation;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.KeyServer.Filed;
import org.mizuhiki.keys.KeyServer.Release;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.seal.Slot;
import org.mizuhiki.trust.Member;

/// A key server with a real database, and people who say things to it.
final class Region implements AutoCloseable {
    final Hands clock = new Hands();
    /// The ledger in use, unless a test brought its own.
    final ListLedger ledger;
    final FaultyDatabase database;
    final PostgresKeyServer keys;
    /// A provisional registration that the authority has not accepted.
    volatile Digest refused = Digest.of();

    /// What the authority ended, and whether it answers.
    final Set<Digest> ended = ConcurrentHashMap.newKeySet();

    volatile boolean authorityAway;
    private final SplittableRandom die = new SplittableRandom(System.nanoTime());

    Region(Path folder) {
        this(folder, new ListLedger());
    }

    Region(Path folder, Ledger ledger) {
        this.ledger = ledger instanceof ListLedger list ? list : new ListLedger();
        database = new FaultyDatabase(open(folder));
        keys = new PostgresKeyServer(
                database, Pretend.statements(clock), new RegionStatute(), ledger, clock, authority());
    }

    private Registrations authority() {
        return new Registrations() {
            @Override
            public boolean isOnFile(PersonId patient, Digest registration) {
                return !registration.equals(refused);
            }

            @Override
            public List<Digest> ended(List<Digest> registrations) {
                if (authorityAway) {
                    throw Refusal.of("peer-unreachable", "応答なし", "nobody answers");
                }
                return registrations.stream().filter(ended::contains).toList();
            }
        };
    }

    static Database open(Path folder) {
        try {
            // PostgreSQL runs as nobody when the tests run as root, and must get through
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var config = DatabaseConfig.embedded(
                folder.resolve("data"), Path.of("target/postgres").toAbsolutePath());
        return Databases.open(config, PostgresKeyServer.MIGRATIONS, new SecureRandom());
    }

    @Override
    public void close() {
        database.close();
    }

    long count(String table) {
        return database.inTransaction(tx -> tx.createQuery("select count(*) from " + table)
                .mapTo(Long.class)
                .one());
    }

    Member.Professional doctor() {
        return Pretend.professional(PersonId.random(die));
    }

    Member.Patient patient() {
        return Pretend.patient(PersonId.random(die));
    }

    Bytes sign(Statement statement, Member signer) {
        return Pretend.sign(statement.canonical(), signer, statement.at());
    }

    String nonce() {
        return "%016x%016x".formatted(die.nextLong(), die.nextLong());
    }

    Slot slot() {
        var bytes = new byte[1300];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) die.nextInt();
        }
        return new Slot(Digest.of(bytes), Bytes.of(bytes));
    }

    CareRelation relation(PersonId by, Member.Professional doctor, Member.Patient patient) {
        var at = clock.instant();
        return new CareRelation(by, doctor.id(), patient.id(), at, at.plus(Duration.ofDays(365)), nonce());
    }

    /// A doctor and a patient in a care relation, a colleague, and a letter on file.
    Referral letter() {
        var r = new Referral(
                doctor(), doctor(), patient(), Digest.of(Bytes.utf8(nonce()).toArray()));
        keys.say(r.doctor.id(), sign(relation(r.doctor.id(), r.doctor, r.patient), r.doctor));
        keys.say(r.patient.id(), sign(relation(r.patient.id(), r.doctor, r.patient), r.patient));
        keys.file(r.doctor.id(), sign(r.sealed, r.doctor), r.slots);
        return r;
    }

    final class Referral {
        final Member.Professional doctor;
        final Member.Professional colleague;
        final Member.Patient patient;
        final Digest letter;
        final LetterSealed sealed;
        final Map<PersonId, Slot> slots;
        final Slot colleaguesSlot = slot();

        Referral(Member.Professional doctor, Member.Professional colleague, Member.Patient patient, Digest letter) {
            this.doctor = doctor;
            this.colleague = colleague;
            this.patient = patient;
            this.letter = letter;
            sealed = new LetterSealed(doctor.id(), patient.id(), letter, List.of(), clock.instant(), nonce());
            slots = Map.of(doctor.id(), slot(), patient.id(), slot());
        }

        LateralGrant grantTo(Member.Professional reader, Slot slot) {
            var at = clock.instant();
            return new LateralGrant(
                    doctor.id(),
                    reader.id(),
                    patient.id(),
                    letter,
                    slot.encoded().sha256(),
                    "referral",
                    at,
                    at.plus(Duration.ofDays(30)),
                    nonce());
        }

        /// One that may be passed on once.
        LateralGrant mayGoOn(Member.Professional reader, Slot slot) {
            var g = grantTo(reader, slot);
            return new LateralGrant(
                    g.by(),
                    g.reader(),
                    g.owner(),
                    letter,
                    g.slot(),
                    g.purpose(),
                    g.at(),
                    g.until(),
                    g.nonce(),
                    Optional.empty(),
                    1);
        }

        LateralGrant onward(Member.Professional by, Member.Professional reader, LateralGrant under, Slot slot) {
            return new LateralGrant(
                    by.id(),
                    reader.id(),
                    patient.id(),
                    letter,
                    slot.encoded().sha256(),
                    "referral",
                    under.at(),
                    under.until(),
                    nonce(),
                    Optional.of(under.id()),
                    0);
        }

        LateralGrant granted() {
            var grant = grantTo(colleague, colleaguesSlot);
            keys.grant(doctor.id(), sign(grant, doctor), colleaguesSlot);
            return grant;
        }

        Disclosure opening(PersonId by, Optional<Digest> grant) {
            return new Disclosure(by, patient.id(), letter, grant, "treatment", clock.instant(), nonce());
        }

        Release open(LateralGrant grant) {
            return keys.release(colleague.id(), sign(opening(colleague.id(), Optional.of(grant.id())), colleague));
        }

        Filed end(Member.Patient by, Statement ended) {
            return keys.say(by.id(), sign(ending(by.id(), ended), by));
        }

        Revocation ending(PersonId by, Statement ended) {
            return new Revocation(by, ended.id(), "withdrawn", clock.instant(), nonce());
        }
    }
}
