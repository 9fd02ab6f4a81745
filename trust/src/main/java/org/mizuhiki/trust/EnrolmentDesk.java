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

/// Enrolment over the authority's database: who may give out which ticket.
final class EnrolmentDesk {
    /// The operator among registrars' texts; no institution's code reads so.
    private static final String OPERATOR = "operator";

    private final Redemption redemption;
    private final Database database;
    private final Clock clock;
    private final SecureRandom die;

    EnrolmentDesk(Issuance issuance, Database database, KeyEntries keyEntries, Clock clock, SecureRandom die) {
        this.redemption = new Redemption(issuance, database, keyEntries, this, clock);
        this.database = database;
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
            public Enrolled enrol(Ticket ticket, Request request, Origin origin) {
                return redemption.redeem(ticket, request, origin);
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
    void mustBeFree(Handle rows, String registrar, Member member) {
        if (isPerson(member) && CertificateRows.stands(rows, member, clock.instant())) {
            throw exists();
        }
        if (member instanceof Member.Institution i && !CertificateRows.bearsOnly(rows, i, clock.instant())) {
            throw Refusal.of(
                    "institution-name-differs",
                    "このコードには、別の名称の有効な証明書があります。コードを確認してください（改称の場合は先に失効してください）",
                    "An institution of another name has certificates with this code that stand: check the code; if it was"
                            + " renamed, revoke it first");
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

    static Refusal exists() {
        return Refusal.of("person-exists", "この個人IDには既に有効な鍵が登録されています", "This person's ID has keys that stand already");
    }

    static Refusal notAllowed() {
        return Refusal.of(
                "registrar-not-allowed",
                "この登録・失効を行う権限がありません。自機関の医療従事者と、自機関が登録した患者のみ対象です",
                "You may not register or revoke this member: an institution does so for its own professionals and its own patients only");
    }
}
