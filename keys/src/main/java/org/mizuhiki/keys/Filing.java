package org.mizuhiki.keys;

import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.consent.Statement.ProvisionalRegistration;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.KeyServer.Filed;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.ledger.Receipt;
import org.mizuhiki.seal.Slot;
import org.mizuhiki.trust.Member;
import org.mizuhiki.usage.Measure;
import org.mizuhiki.usage.Tally;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings an accepted statement into the ledger and then onto file, exactly once, whenever the process
/// dies:
///
/// 1. outbox and slots, one transaction; 2. ledger, idempotent; 3. file, effects, out of the outbox, one
/// transaction.
///
/// Dead after 1 or 2: [#settle] or the caller's own retry finishes, from the same bytes, with the same
/// receipt.
final class Filing {
    private static final Logger LOG = LoggerFactory.getLogger(Filing.class);
    private static final int BATCH = 100;

    /// Of one registration, by one person each: the patient's trail is not to be buried under them.
    private static final int MOST_CONFIRMATIONS = 20;

    private final Database database;
    private final Ledger ledger;
    private final Court court;

    Filing(Database database, Ledger ledger, Court court) {
        this.database = database;
        this.ledger = ledger;
        this.court = court;
    }

    Filed file(Attested<? extends Statement> attested, Map<PersonId, Slot> slots) {
        var id = attested.statement().id();
        var signed = database.inTransaction(tx -> {
            var rows = new KeyRows(tx);
            if (attested.statement() instanceof Statement.LetterSealed s
                    && !rows.reserve(new KeyRows.Letter(s.letter(), id, s.by(), s.owner()))
                            .statement()
                            .equals(id)) {
                throw No.letterExists();
            }
            if (attested.statement() instanceof ProvisionalRegistration s) {
                var shown = new KeyRows.Letter(s.evidence(), id, s.by(), s.patient());
                if (!rows.reserve(shown).statement().equals(id)) {
                    throw No.letterExists();
                }
                rows.keepProvisional(id, s.patient(), s.key(), s.until());
            }
            if (attested.statement() instanceof Statement.ProvisionalConfirmation s
                    && !rows.reserveConfirmation(s.registration(), s.by(), id, MOST_CONFIRMATIONS)) {
                throw No.confirmedAlready();
            }
            letter(attested.statement()).ifPresent(letter -> rows.keepSlots(id, letter, slots));
            rows.post(id, attested.signed());
            // the same statement signed again has other bytes: those that came first are the ones that are kept
            return rows.posted(id).orElse(attested.signed());
        });
        return finish(attested, signed);
    }

    /// A disclosure, once, and not more than [PostgresKeyServer#MOST_OPENINGS] of a letter in a day.
    Filed disclose(Attested<Statement.Disclosure> attested) {
        var s = attested.statement();
        return database.inTransaction(tx -> new KeyRows(tx).statement(s.id()))
                .map(Filing::filed)
                .orElseGet(() -> {
                    mustNotFlood(s);
                    return file(attested, Map.of());
                });
    }

    /// What waits for the ledger was counted when it came.
    private void mustNotFlood(Statement.Disclosure s) {
        var day = court.now().atOffset(ZoneOffset.UTC).toLocalDate();
        boolean few = database.inTransaction(tx -> {
            var rows = new KeyRows(tx);
            return rows.posted(s.id()).isPresent()
                    || rows.countOpening(s.letter(), s.by(), day, PostgresKeyServer.MOST_OPENINGS);
        });
        if (!few) {
            throw No.openingsTooMany();
        }
    }

    private Filed finish(Attested<? extends Statement> attested, Bytes signed) {
        var statement = attested.statement();
        var entry = statement.entry();
        var receipt = ledger.append(entry);
        if (!receipt.leaf().equals(entry.leaf())) {
            throw Refusal.of(
                    "ledger-unavailable",
                    "台帳の受領証が申告と一致しません。管理者に連絡してください",
                    "The ledger's receipt is for something else");
        }
        return database.inTransaction(tx -> {
            var rows = new KeyRows(tx);
            boolean fresh =
                    rows.file(statement.id(), statement.kind(), court.topic(statement, rows), signed, receipt.index());
            if (fresh) {
                court.dropWhatFell(statement, rows);
                if (statement instanceof Statement.EmergencyOpening s) {
                    new EmergencyRows(tx).tell(s.patient(), court.now());
                }
                count(attested, new Tally(tx));
            }
            return filed(rows.statement(statement.id()).orElseThrow());
        });
    }

    /// For where its signer works. Last in its transaction.
    private void count(Attested<? extends Statement> attested, Tally tally) {
        if (attested.signer() instanceof Member.Professional p) {
            switch (attested.statement()) {
                case Statement.LateralGrant _ -> tally.add(p.institution(), Measure.GRANTS, 1, court.now());
                case Statement.Disclosure _ -> tally.add(p.institution(), Measure.OPENINGS, 1, court.now());
                case Statement.LetterSealed _, // the store counts letters
                        Statement.LetterResealed _,
                        Statement.CareRelation _,
                        Statement.Revocation _,
                        Statement.Veto _,
                        Statement.VetoLifted _,
                        Statement.ProvisionalConfirmation _,
                        Statement.EmergencyAccess _,
                        Statement.EmergencyOpening _,
                        ProvisionalRegistration _ -> {}
            }
        }
    }

    /// Finishes what is in the outbox; stops at the first sign that the ledger or the database is away.
    ///
    /// @return how many statements were finished
    int settle() {
        int done = 0;
        var after = "";
        while (true) {
            var from = after;
            var batch = database.inTransaction(tx -> new KeyRows(tx).outbox(from, BATCH));
            for (var posted : batch) {
                after = posted.id().hex();
                try {
                    finish(court.check(posted.signed()), posted.signed());
                    done++;
                } catch (Refusal e) {
                    LOG.warn("a statement stays in the outbox: {}", e.code());
                    if (e.code().equals("ledger-unavailable") || e.code().equals("database-away")) {
                        return done;
                    }
                }
            }
            if (batch.size() < BATCH) {
                return done;
            }
        }
    }

    private static Optional<Digest> letter(Statement statement) {
        return switch (statement) {
            case Statement.LetterSealed s -> Optional.of(s.letter());
            case Statement.LetterResealed s -> Optional.of(s.letter());
            case Statement.LateralGrant s -> Optional.of(s.letter());
            case ProvisionalRegistration s -> Optional.of(s.evidence());
            case Statement.CareRelation _,
                    Statement.Revocation _,
                    Statement.Disclosure _,
                    Statement.Veto _,
                    Statement.VetoLifted _,
                    Statement.EmergencyAccess _,
                    Statement.EmergencyOpening _,
                    Statement.ProvisionalConfirmation _ -> Optional.empty();
        };
    }

    static Filed filed(KeyRows.Row row) {
        var leaf = new Entry(row.kind(), row.id()).leaf();
        return new Filed(row.number(), row.signed(), new Receipt(row.ledgerIndex(), leaf));
    }
}
