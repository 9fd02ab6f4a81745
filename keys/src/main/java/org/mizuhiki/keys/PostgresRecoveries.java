package org.mizuhiki.keys;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;

/// Recoveries in the key server's database.
///
/// @param delay between asking and opening: the time in which the person, or a guardian who knows better,
/// can object
public record PostgresRecoveries(Database database, Clock clock, Duration delay, SecureRandom die)
        implements Recoveries {
    /// Three days.
    public static final Duration USUAL_DELAY = Duration.ofDays(3);

    /// Notices are kept for so long.
    private static final Duration NOTICES = Duration.ofDays(400);

    /// That no guardian has approved: of one person, of one person from one place, and from one place.
    private static final int MOST_UNAPPROVED = 100;

    private static final int MOST_OF_PERSON_FROM_PLACE = 3;
    private static final int MOST_FROM_PLACE = 30;

    private Instant since() {
        return clock.instant().minus(LIFE);
    }

    @Override
    public Begun begin(PersonId person, Bytes key, String place) {
        if (key.size() != KEY) {
            throw No.approvalForged();
        }
        var id = Digest.ofHash(drawn());
        var secret = drawn();
        var now = clock.instant();
        var opens = now.plus(delay);
        database.inTransaction(tx -> {
            var rows = new RecoveryRows(tx);
            var slot = rows.guarded(person);
            rows.add(new RecoveryRows.Row(id, person, slot, key, Digest.of(secret), opens, false), place, now);
            rows.crowd(person, MOST_OF_PERSON_FROM_PLACE, MOST_UNAPPROVED);
            if (rows.unapprovedFrom(place, now.minus(UNAPPROVED)) > MOST_FROM_PLACE) {
                throw No.recoveriesTooMany();
            }
            slot.ifPresent(guarded -> {
                var account = new AccountRows(tx);
                account.tellOnce(person, "recovery-asked", now);
                rows.guardians(person, guarded).forEach(g -> account.tellOnce(g, "guarding-asked", now));
            });
            return true;
        });
        return new Begun(id, Bytes.of(secret), opens);
    }

    private byte[] drawn() {
        var random = new byte[Digest.of().toArray().length];
        die.nextBytes(random);
        return random;
    }

    @Override
    public Standing standing(Digest id, Bytes secret) {
        return database.inTransaction(tx -> {
            var rows = new RecoveryRows(tx);
            var row = rows.find(id, since())
                    .filter(r -> MessageDigest.isEqual(
                            r.secret().toArray(), Digest.of(secret.toArray()).toArray()))
                    .orElseThrow(No::recoveryUnknown);
            if (row.vetoed()) {
                throw No.recoveryOver();
            }
            var given = rows.given(id);
            return clock.instant().isBefore(row.opens())
                    ? new Standing(row.opens(), given.size(), Optional.empty(), List.of())
                    : new Standing(row.opens(), given.size(), row.slot(), given);
        });
    }

    @Override
    public List<Asked> asked(PersonId guardian) {
        return database.inTransaction(tx -> new RecoveryRows(tx).asked(guardian, since()));
    }

    @Override
    public void approve(PersonId guardian, X509Certificate certificate, Approval approval) {
        database.inTransaction(tx -> {
            var rows = new RecoveryRows(tx);
            var asked = rows.asked(guardian, approval.recovery(), since()).orElseThrow(No::recoveryUnknown);
            var statement = Recoveries.statement(asked.id(), asked.person(), guardian, asked.key(), approval.share());
            boolean fits = approval.share().size() <= KeyServer.MAX_SLOT
                    && approval.chain().size() <= Approval.MAX_CHAIN
                    && startsWith(approval.chain(), encoded(certificate));
            if (!fits || !Crypto.verifies(certificate.getPublicKey(), statement.encode(), approval.signature())) {
                throw No.approvalForged();
            }
            if (rows.approve(asked, guardian, approval, clock.instant())) {
                new AccountRows(tx).tell(asked.person(), "recovery-approved", 1, clock.instant());
            }
            return true;
        });
    }

    private static boolean startsWith(Bytes chain, Bytes first) {
        return chain.size() >= first.size()
                && Bytes.of(Arrays.copyOf(chain.toArray(), first.size())).equals(first);
    }

    private static Bytes encoded(X509Certificate certificate) {
        try {
            return Bytes.of(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has an encoding", e);
        }
    }

    private <T> T within(Bytes token, BiFunction<RecoveryRows, PersonId, T> work) {
        return database.inTransaction(tx -> {
            var person = new AccountRows(tx)
                    .owner(Digest.of(token.toArray()), clock.instant())
                    .orElseThrow(No::sessionOver);
            return work.apply(new RecoveryRows(tx), person);
        });
    }

    @Override
    public List<Begun> under(Bytes token) {
        return within(
                token,
                (rows, person) -> rows.under(person, since()).stream()
                        .map(row -> new Begun(row.id(), Bytes.of(), row.opens()))
                        .toList());
    }

    @Override
    public int veto(Bytes token) {
        return within(token, (rows, person) -> {
            var now = clock.instant();
            var guardians = rows.askedGuardians(person, since());
            int ended = rows.veto(person, now);
            if (ended > 0) {
                var account = new AccountRows(rows.rows());
                account.tell(person, "recovery-vetoed", ended, now);
                // whoever asked may still be talking to them
                guardians.forEach(g -> account.tellOnce(g, "guarding-vetoed", now));
            }
            return ended;
        });
    }

    /// Forgets what is over; to be called now and then.
    public void sweep() {
        database.inTransaction(tx -> {
            var now = clock.instant();
            new RecoveryRows(tx).dropBefore(since(), now.minus(UNAPPROVED));
            new AccountRows(tx).dropNotices(now.minus(NOTICES));
            return true;
        });
    }
}
