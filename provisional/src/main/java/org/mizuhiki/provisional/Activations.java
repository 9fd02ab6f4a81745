package org.mizuhiki.provisional;

import java.security.MessageDigest;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.Issuing;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Registrar;
import org.mizuhiki.trust.Ticket;

/// Takes the printed secret once, for the device that shows it first.
record Activations(Database database, Issuing issuing, Clock clock) {
    /// Wrong secrets for one sheet. Its number comes out of the secret, so nobody else can use them up.
    private static final int MOST_WRONG = 10;

    private sealed interface Outcome {
        record Issued(Enrolment.Enrolled enrolled) implements Outcome {}

        /// Refused, and what was counted is committed.
        record Refused(Refusal refusal) implements Outcome {}
    }

    Enrolment.Enrolled activate(Ticket ticket, Enrolment.Request request) {
        return switch (database.inTransaction(tx -> outcome(tx, ticket, request))) {
            case Outcome.Issued(var enrolled) -> enrolled;
            case Outcome.Refused(var refusal) -> throw refusal;
        };
    }

    private Outcome outcome(Handle tx, Ticket ticket, Enrolment.Request request) {
        var rows = new ProvisionalRows(tx);
        var found = rows.ofTicket(ticket.id());
        if (found.isEmpty() || found.get().standing().wrong() >= MOST_WRONG) {
            return new Outcome.Refused(No.activationUnknown());
        }
        var kept = found.get();
        var shown = hashed(kept.salt(), ticket.secret());
        if (!MessageDigest.isEqual(kept.hash().toArray(), shown.toArray())) {
            rows.countWrong(kept.patient());
            return new Outcome.Refused(No.activationUnknown());
        }
        if (kept.ended()) {
            return new Outcome.Refused(No.over());
        }
        var digest = digest(request);
        boolean again = kept.activation().filter(digest::equals).isPresent();
        if (kept.activation().isPresent() && !again) {
            rows.countOther(kept.patient());
            return new Outcome.Refused(No.activationUsed());
        }
        if (!again && !clock.instant().isBefore(kept.standing().until())) {
            return new Outcome.Refused(No.over());
        }
        var by = new Registrar.Accredited(kept.standing().institution(), kept.institutionName());
        var enrolled = issuing.activate(tx, by, new Member.Patient(kept.patient()), request);
        if (!again) {
            rows.activate(kept.patient(), digest, clock.instant().truncatedTo(ChronoUnit.SECONDS));
        }
        return new Outcome.Issued(enrolled);
    }

    static Bytes hashed(Bytes salt, Secret secret) {
        var hash = Digest.sha256();
        hash.update(salt.toArray());
        return Bytes.of(secret.lend(hash::digest));
    }

    private static Bytes digest(Enrolment.Request request) {
        var fields = Canonical.of(Map.of(
                "signing", request.signing().asBase64(),
                "sealing", request.sealing().map(Bytes::asBase64).orElse(""),
                "binding", request.binding().map(Bytes::asBase64).orElse("")));
        return Bytes.of(fields.digest().toArray());
    }
}
