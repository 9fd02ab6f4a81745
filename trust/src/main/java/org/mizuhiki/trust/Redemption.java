package org.mizuhiki.trust;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.Together;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Redeems tickets. A redemption is in one transaction: ticket, certificates, directory entry and the order
/// to log it exist together or not at all. Devices and servers that come at the same time share one.
final class Redemption {
    private static final int MOST_FAILURES = 10;
    private static final int MOST_TOGETHER = 32;

    /// As few as keep two processors busy while one of them waits for the disk: the more are under way, the
    /// smaller are the batches.
    private static final int AT_ONCE = 3;

    private final Issuance issuance;
    private final Database database;
    private final KeyEntries keyEntries;
    private final EnrolmentDesk desk;
    private final Clock clock;
    private final Together<Asked, Outcome> together;

    Redemption(Issuance issuance, Database database, KeyEntries keyEntries, EnrolmentDesk desk, Clock clock) {
        this.issuance = issuance;
        this.database = database;
        this.keyEntries = keyEntries;
        this.desk = desk;
        this.clock = clock;
        this.together =
                new Together<>(MOST_TOGETHER, AT_ONCE, asked -> asked.ticket().id(), this::redeem);
    }

    private record Asked(Ticket ticket, Enrolment.Request request, Origin origin) {}

    private sealed interface Outcome {
        record Issued(Enrolment.Enrolled enrolled) implements Outcome {}

        /// Refused, and what was counted is committed.
        record Refused(Refusal refusal) implements Outcome {}

        /// Nothing stands against a certificate but its key, if that is known.
        record Due(Issuance.Order order) implements Outcome {}
    }

    Enrolment.Enrolled redeem(Ticket ticket, Enrolment.Request request, Origin origin) {
        var asked = new Asked(ticket, request, origin);
        boolean person = request.sealing().isPresent(); // goes alone: it may change more than its ticket
        var outcome = person ? redeem(List.of(asked)).getFirst() : together.ask(asked);
        return switch (outcome) {
            case Outcome.Refused(var refusal) -> throw refusal;
            case Outcome.Issued(var enrolled) -> {
                if (person) { // only persons stand in the directory
                    keyEntries.tryToLog();
                }
                yield enrolled;
            }
            case Outcome.Due _ -> throw new IllegalStateException("what is due is issued in the same transaction");
        };
    }

    private List<Outcome> redeem(List<Asked> all) {
        return database.inTransaction(rows -> redeem(rows, all));
    }

    private List<Outcome> redeem(Handle rows, List<Asked> all) {
        // 1. the tickets, and the members that they are for, are ours until the transaction ends
        var tickets =
                TicketRows.locked(rows, all.stream().map(a -> a.ticket().id()).toList());
        // 2. whoever is refused, or was answered before
        var outcomes = new ArrayList<Outcome>();
        for (var asked : all) {
            outcomes.add(outcome(rows, tickets, asked));
        }
        // 3. certificates for the others
        var due = outcomes.stream()
                .filter(Outcome.Due.class::isInstance)
                .map(o -> ((Outcome.Due) o).order())
                .toList();
        var issued = issuance.issue(rows, due).iterator();
        outcomes.replaceAll(o -> o instanceof Outcome.Due ? new Outcome.Issued(issued.next()) : o);
        return outcomes;
    }

    private Outcome outcome(Handle rows, Map<String, TicketRows.Kept> tickets, Asked asked) {
        var found = Optional.ofNullable(tickets.get(asked.ticket().id()));
        if (found.isEmpty() || found.get().failures() >= MOST_FAILURES) {
            return new Outcome.Refused(unknown());
        }
        var kept = found.get();
        if (!kept.opensWith(asked.ticket().secret())) {
            TicketRows.countFailure(rows, kept.id());
            return new Outcome.Refused(unknown());
        }
        if (kept.member() instanceof Member.Service s
                && !asked.origin().device().equals(Optional.of(s.device()))) {
            return new Outcome.Refused(deviceNotShown());
        }
        if (!(kept.member() instanceof Member.Service)
                && asked.origin().device().isPresent()) {
            // a device that has its certificate asks for its services only: another device's ticket would put a
            // second identity into one of its slots
            return new Outcome.Refused(notOfService());
        }
        var digest = EnrolmentDesk.digest(asked.request());
        if (kept.request().isPresent()) {
            return kept.request().get().equals(digest)
                    ? new Outcome.Issued(issuance.issuedOn(rows, kept.id()))
                    : new Outcome.Refused(used());
        }
        if (!clock.instant().isBefore(kept.expires())) {
            return new Outcome.Refused(expired());
        }
        try {
            return due(rows, kept, asked, digest);
        } catch (Refusal e) { // nothing of it counts but what its chip has shown
            return new Outcome.Refused(e);
        }
    }

    private Outcome due(Handle rows, TicketRows.Kept kept, Asked asked, Bytes digest) {
        var wanted = RequestCheck.of(asked.request(), kept.member()); // what could not be issued binds nothing
        RequestCheck.mustLieInItsChip(rows, asked.origin(), kept.member(), asked.request());
        if (kept.invitation().isPresent()) {
            var waiting = InvitationDesk.keptWaiting(rows, kept, digest);
            if (waiting.isPresent()) {
                return new Outcome.Refused(waiting.get());
            }
        }
        desk.mustBeFree(rows, kept.registrar(), kept.member());
        return new Outcome.Due(new Issuance.Order(
                kept.id(), kept.member(), wanted, kept.registrarCa(), digest, Optional.empty(), key -> false));
    }

    private static Refusal unknown() {
        return Refusal.of(
                "ticket-unknown",
                "登録券が見つからないか、誤りがあります。印刷された文字列を確認してください",
                "There is no such ticket, or it is mistyped; compare it with the print");
    }

    private static Refusal deviceNotShown() {
        return Refusal.of(
                "device-not-shown",
                "サービスの登録券は、その機器の証明書（1階層目）を示すTLS接続でのみ使えます",
                "A service's ticket is redeemed over TLS with the certificate of its own device (tier 1), and no other way");
    }

    private static Refusal notOfService() {
        return Refusal.of(
                "ticket-not-of-service",
                "機器の証明書を示す接続で使えるのは、サービスの登録券だけです。登録券とスロットの組み合わせを確認してください（機器自身の登録券はスロット0用です）",
                "Over a connection that shows a device's certificate only a service's ticket is redeemed: check which"
                        + " ticket goes into which slot (a device's own is for slot 0)");
    }

    static Refusal used() {
        return Refusal.of(
                "ticket-used",
                "この登録券は既に使われています。心当たりがなければ発行元の医療機関に連絡してください",
                "The ticket was used already; if not by you, tell the institution that gave it out");
    }

    static Refusal expired() {
        return Refusal.of(
                "ticket-expired", "登録券の有効期限が切れています。新しいものを発行してもらってください", "The ticket has expired; ask for a new one");
    }
}
