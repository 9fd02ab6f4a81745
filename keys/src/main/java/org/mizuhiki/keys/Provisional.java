package org.mizuhiki.keys;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.SignedStatements;
import org.mizuhiki.consent.Statement.ProvisionalConfirmation;
import org.mizuhiki.consent.Statement.ProvisionalRegistration;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.KeyServer.Filed;
import org.mizuhiki.seal.Slot;
import org.mizuhiki.trust.Member;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the key server does about persons who were registered provisionally: keeps the slots that the
/// printed activation secret opens, and lets go of them when they were activated, suspended or lapsed.
record Provisional(Database database, Court court, Filing filing, Registrations registrations) {
    private static final Logger LOG = LoggerFactory.getLogger(Provisional.class);

    Filed register(Attested<ProvisionalRegistration> attested, Map<PersonId, Slot> slots) {
        var s = attested.statement();
        if (!court.now().isBefore(s.until())) {
            throw No.statementOver();
        }
        var patients = slots.get(s.patient());
        if (patients == null || !slots.keySet().equals(Set.of(s.patient(), s.supervisor()))) {
            throw No.slotMissing();
        }
        if (!patients.keyId().equals(s.key())) {
            throw No.slotMismatch();
        }
        if (!registrations.isOnFile(s.patient(), s.id())) {
            throw No.registrationUnknown();
        }
        return filing.file(attested, slots);
    }

    /// @throws org.mizuhiki.house.Refusal `owner-key-retired` when the owner's slot is for a key that is
    /// over
    void mustBeInUse(Optional<Slot> owners) {
        if (owners.isPresent()
                && database.inTransaction(
                        tx -> new KeyRows(tx).isRetired(owners.get().keyId()))) {
            throw No.ownerKeyRetired();
        }
    }

    void mustBeInUse(Slot owners) {
        mustBeInUse(Optional.of(owners));
    }

    void replace(PersonId caller, Digest letter, Slot slot) {
        mustBeInUse(slot);
        boolean done = database.inTransaction(tx -> {
            var rows = new KeyRows(tx);
            return rows.letter(letter)
                    .filter(l -> l.owner().equals(caller))
                    .map(l -> rows.replaceSlot(l.statement(), caller, slot))
                    .orElse(false);
        });
        if (!done) {
            throw No.letterUnknown();
        }
    }

    /// The patient confirms by activating; anybody else is a professional of another institution than the
    /// registrar's: who lied once would confirm it too.
    void checkConfirmation(Attested<?> attested, ProvisionalConfirmation s) {
        var row = database.inTransaction(tx -> new KeyRows(tx).statement(s.registration()))
                .orElseThrow(No::statementUnknown);
        var registered = court.check(row.signed());
        if (!(registered.statement() instanceof ProvisionalRegistration r)
                || !r.patient().equals(s.patient())) {
            throw No.statementUnknown();
        }
        if (s.by().equals(s.patient())) {
            boolean open = database.inTransaction(tx -> new KeyRows(tx).isProvisional(r.id()));
            if (!open) {
                throw No.statementOver();
            }
        } else if (!(attested.signer() instanceof Member.Professional by)
                || !(registered.signer() instanceof Member.Professional registrar)
                || by.institution().equals(registrar.institution())) {
            throw No.notIndependent();
        }
    }

    /// Asks the authority which registrations ended that this server was not told of. Without an answer
    /// the next minute asks again: what is asked for is on this server's disk.
    ///
    /// @return how many ended
    int follow() {
        int all = 0;
        var after = "";
        try {
            while (true) {
                var from = after;
                var since = court.now().minus(SignedStatements.LONGEST_GRANT);
                var asked =
                        database.inTransaction(tx -> new KeyRows(tx).followed(since, from, Registrations.MAX_ASKED));
                if (asked.isEmpty()) {
                    return all;
                }
                after = asked.getLast().hex();
                var ended = registrations.ended(asked);
                ended.stream().filter(asked::contains).forEach(this::end);
                all += ended.size();
            }
        } catch (Refusal away) {
            LOG.warn("which registrations ended is asked again: {}", away.code());
            return all;
        }
    }

    private void end(Digest registration) {
        database.inTransaction(tx -> {
            var rows = new KeyRows(tx);
            rows.endedByAuthority(registration, court.now());
            court.dropEnded(registration, rows);
            return true;
        });
    }

    /// @return how many registrations lapsed now: their keys open nothing any more
    int lapse() {
        return database.inTransaction(tx -> {
            var rows = new KeyRows(tx);
            var lapsed = rows.lapsed(court.now());
            lapsed.forEach(rows::endProvisional);
            return lapsed.size();
        });
    }
}
