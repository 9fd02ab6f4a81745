package org.mizuhiki.trust;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;

/// Enrolment over the authority's database. A redemption is one transaction: ticket, certificates,
/// directory entry and the order to log it exist together or not at all.
final class EnrolmentDesk {
    private static final int MOST_FAILURES = 10;

    /// The operator among registrars' texts; no institution's code reads so.
    private static final String OPERATOR = "operator";

    private final Issuance issuance;
    private final Database database;
    private final KeyEntries keyEntries;
    private final Clock clock;
    private final SecureRandom die;

    EnrolmentDesk(Issuance issuance, Database database, KeyEntries keyEntries, Clock clock, SecureRandom die) {
        this.issuance = issuance;
        this.database = database;
        this.keyEntries = keyEntries;
        this.clock = clock;
        this.die = die;
    }

    /// The desk as this registrar sees it.
    Enrolment of(Registrar by) {
        return new Enrolment() {
            @Override
            public Ticket ticket(Member member, Duration life) {
                return give(by, member, life, Optional.empty());
            }

            @Override
            public Enrolled enrol(Ticket ticket, Request request) {
                return redeem(ticket, request);
            }
        };
    }

    /// A ticket that waits for the desk once a device has shown it, see [InvitationDesk].
    Ticket invite(Registrar by, Member member) {
        return give(by, member, Invitations.LIFE, TicketRows::invites);
    }

    /// @param registrarCa who is to issue, if not the usual CA
    Ticket give(Registrar by, Member member, Duration life, Optional<String> registrarCa) {
        return give(
                by, member, life, (rows, ticket) -> registrarCa.ifPresent(ca -> TicketRows.issuedBy(rows, ticket, ca)));
    }

    private Ticket give(Registrar by, Member member, Duration life, BiConsumer<Handle, Ticket> more) {
        if (!mayName(by, member)) {
            throw notAllowed();
        }
        mustNameItself(by, member);
        if (!life.isPositive() || life.compareTo(Enrolment.LONGEST_LIFE) > 0) {
            throw Refusal.of(
                    "ticket-life", "登録券の有効期間は31日以内で指定してください", "A ticket lives at most 31 days, and more than nothing");
        }
        var now = clock.instant();
        return database.inTransaction(rows -> {
            mustBeFree(rows, text(by), member);
            var ticket = TicketRows.add(rows, member, text(by), now.plus(life), die);
            more.accept(rows, ticket);
            return ticket;
        });
    }

    /// Everybody reads the institution's name on a professional's letters, few its code: with another's
    /// name a doctor of one clinic would pass for one of the university hospital. To revoke, the code is
    /// enough.
    private static void mustNameItself(Registrar by, Member member) {
        if (by instanceof Registrar.Accredited a
                && member instanceof Member.Professional p
                && !p.institutionName().equals(a.name())) {
            throw Refusal.of(
                    "institution-name-differs",
                    "医療機関名が、この医療機関の証明書にある名称「" + a.name() + "」と違います",
                    "The institution's name is not the one in its certificate, " + a.name());
        }
    }

    static boolean mayName(Registrar by, Member member) {
        return switch (by) {
            case Registrar.Operator() -> true;
            case Registrar.Accredited a ->
                switch (member) {
                    case Member.Patient p -> true;
                    case Member.Professional p -> p.institution().equals(a.code());
                    case Member.Institution i -> false;
                    case Member.Server s -> false;
                    case Member.Device d -> false;
                    case Member.Service s -> false;
                };
        };
    }

    static String text(Registrar by) {
        return switch (by) {
            case Registrar.Operator() -> OPERATOR;
            case Registrar.Accredited a -> a.code().value();
        };
    }

    /// A person has one set of keys; and an institution that did not enrol somebody may not take their ID
    /// over, not even after a revocation. Asked when a ticket is given out and again when it is redeemed:
    /// a ticket kept from before another institution enrolled the person must not get round this.
    ///
    /// @param registrar whose ticket it is, as [#text] writes it
    private void mustBeFree(Handle rows, String registrar, Member member) {
        if (isPerson(member) && CertificateRows.stands(rows, member, clock.instant())) {
            throw exists();
        }
        boolean others = !registrar.equals(OPERATOR)
                && (!List.of(registrar).containsAll(CertificateRows.registrars(rows, member))
                        || isExpelled(rows, registrar, clock.instant()));
        if (others) {
            throw notAllowed();
        }
    }

    /// An institution that the operator revoked, or that let its own certificate end, enrols nobody any more,
    /// not with tickets from before either.
    static boolean isExpelled(Handle rows, String registrar, Instant now) {
        var institution = new Member.Institution(new InstitutionCode(registrar), registrar);
        return !CertificateRows.registrars(rows, institution).isEmpty()
                && !CertificateRows.stands(rows, institution, now);
    }

    private sealed interface Outcome {
        record Issued(Enrolment.Enrolled enrolled) implements Outcome {}

        /// Refused, and what was counted is committed.
        record Refused(Refusal refusal) implements Outcome {}
    }

    private Enrolment.Enrolled redeem(Ticket ticket, Enrolment.Request request) {
        var outcome = database.inTransaction(rows -> redeem(rows, ticket, request));
        return switch (outcome) {
            case Outcome.Refused(var refusal) -> throw refusal;
            case Outcome.Issued(var enrolled) -> {
                if (enrolled.sealing().isPresent()) { // only persons stand in the directory
                    keyEntries.tryToLog();
                }
                yield enrolled;
            }
        };
    }

    private Outcome redeem(Handle rows, Ticket ticket, Enrolment.Request request) {
        var found = TicketRows.locked(rows, ticket.id());
        if (found.isEmpty() || found.get().failures() >= MOST_FAILURES) {
            return new Outcome.Refused(unknown());
        }
        var kept = found.get();
        if (!kept.opensWith(ticket.secret())) {
            TicketRows.countFailure(rows, kept.id());
            return new Outcome.Refused(unknown());
        }
        var digest = digest(request);
        if (kept.request().isPresent()) {
            return kept.request().get().equals(digest)
                    ? new Outcome.Issued(issuance.issuedOn(rows, kept.id()))
                    : new Outcome.Refused(used());
        }
        if (!clock.instant().isBefore(kept.expires())) {
            return new Outcome.Refused(expired());
        }
        if (kept.invitation().isPresent()) {
            RequestCheck.of(request, kept.member()); // what could not be issued binds nothing
            var waiting = InvitationDesk.keptWaiting(rows, kept, digest);
            if (waiting.isPresent()) {
                return new Outcome.Refused(waiting.get());
            }
        }
        return new Outcome.Issued(issue(rows, kept, request, digest));
    }

    private Enrolment.Enrolled issue(Handle rows, TicketRows.Kept kept, Enrolment.Request request, Bytes digest) {
        var member = kept.member();
        var wanted = RequestCheck.of(request, member);
        mustBeFree(rows, kept.registrar(), member);
        Issuance.mustBeNew(rows, wanted, key -> false);
        TicketRows.redeem(rows, kept.id(), digest, clock.instant());
        return issuance.issue(rows, kept.id(), member, wanted, kept.registrarCa());
    }

    static boolean isPerson(Member member) {
        return member instanceof Member.Patient || member instanceof Member.Professional;
    }

    static Bytes digest(Enrolment.Request request) {
        var fields = Canonical.of(Map.of("signing", request.signing().asBase64()));
        if (request.sealing().isPresent()) {
            fields = fields.with("sealing", request.sealing().get().asBase64());
        }
        if (request.binding().isPresent()) {
            fields = fields.with("binding", request.binding().get().asBase64());
        }
        return Bytes.of(fields.digest().toArray());
    }

    private static Refusal unknown() {
        return Refusal.of(
                "ticket-unknown",
                "登録券が見つからないか、誤りがあります。印刷された文字列を確認してください",
                "There is no such ticket, or it is mistyped; compare it with the print");
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

    private static Refusal exists() {
        return Refusal.of("person-exists", "この個人IDには既に有効な鍵が登録されています", "This person's ID has keys that stand already");
    }

    static Refusal notAllowed() {
        return Refusal.of(
                "registrar-not-allowed",
                "この登録・失効を行う権限がありません。自機関の医療従事者と、自機関が登録した患者のみ対象です",
                "You may not register or revoke this member: an institution does so for its own professionals and its own patients only");
    }
}
