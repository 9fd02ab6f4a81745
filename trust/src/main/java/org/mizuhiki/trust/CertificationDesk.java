package org.mizuhiki.trust;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// Certification over the authority's database. Whatever is issued is one transaction with a ticket that
/// was given out and redeemed in the same moment, so that all rows of a member hang together in one way.
final class CertificationDesk {
    private final Issuance issuance;
    private final Database database;
    private final KeyEntries keyEntries;
    private final Revocations revocations;
    private final Clock clock;
    private final SecureRandom die;

    CertificationDesk(
            Issuance issuance,
            Database database,
            KeyEntries keyEntries,
            Revocations revocations,
            Clock clock,
            SecureRandom die) {
        this.issuance = issuance;
        this.database = database;
        this.keyEntries = keyEntries;
        this.revocations = revocations;
        this.clock = clock;
        this.die = die;
    }

    /// The desk as this registrar sees it.
    Certification of(Registrar by) {
        return new Certification() {
            @Override
            public Enrolment.Enrolled certify(Member member, Bytes pkcs10) {
                return first(by, member, pkcs10);
            }

            @Override
            public Enrolment.Enrolled renew(X509Certificate current, Enrolment.Request request, Origin origin) {
                return next(current, request, origin);
            }

            @Override
            public Enrolment.Enrolled certify(Member member, Bytes pkcs10, Order order) {
                return ordered(by, member, pkcs10, order);
            }

            @Override
            public Optional<Known> known(X509Certificate certificate) {
                return database.inTransaction(rows -> CertificateRows.known(rows, certificate)
                        .map(own -> new Known(own.ticket().member(), CertificateRows.isRevoked(rows, certificate))));
            }

            @Override
            public void revoke(X509Certificate certificate, Revocation.Reason reason) {
                var member = known(certificate)
                        .orElseThrow(CertificationDesk::unknown)
                        .member();
                mustBeItsRegistrar(by, member);
                revocations.end(certificate, reason);
            }
        };
    }

    private static void mustBeItsRegistrar(Registrar by, Member member) {
        if (!EnrolmentDesk.mayName(by, member)) {
            throw EnrolmentDesk.notAllowed();
        }
        if (EnrolmentDesk.isPerson(member)) {
            throw RequestCheck.personNotHere();
        }
    }

    Renewals renewals() {
        return asked -> {
            if (!asked.isProven()) {
                throw RequestCheck.unproven();
            }
            return next(asked.current(), asked.request(), Origin.NOT_SHOWN);
        };
    }

    /// Certificates for mailboxes of this region, whose addresses end so.
    Mailboxes mailboxes(String domain) {
        return asked -> {
            if (!asked.isProven()) {
                throw RequestCheck.unproven();
            }
            return database.inTransaction(rows -> mailbox(rows, asked, domain));
        };
    }

    private List<X509Certificate> mailbox(Handle rows, Mailboxes.Asked asked, String domain) {
        var now = clock.instant();
        // 1. whose it is: a person whose certificate stands
        var own = CertificateRows.known(rows, asked.current()).orElseThrow(CertificationDesk::unknown);
        var member = own.ticket().member();
        CertificateRows.lock(rows, member);
        mustStand(own, false, asked.current(), now);
        if (now.isAfter(asked.current().getNotAfter().toInstant())) {
            throw Refusal.of(
                    "certificate-expired", "証明書の有効期限が切れています。先に更新してください", "The certificate has expired; renew it first");
        }
        issuance.mustNotBeOfEnded(rows, own.ca());
        var person = Mailboxes.personOf(member);
        var wanted = new RequestCheck.Wanted(RequestCheck.named(asked.pkcs10(), member), Optional.empty());
        // 2. a lost answer is given again
        var registrar = own.ticket().registrar();
        var digest = Bytes.of(Digest.of(asked.pkcs10().toArray()).toArray());
        var before = TicketRows.answered(rows, member, registrar, digest, now);
        if (before.isPresent()) {
            return issuance.mailboxOn(rows, before.get());
        }
        // 3. not in a loop
        if (CertificateRows.running(rows, member, "mail", now) >= Mailboxes.MOST) {
            throw Mailboxes.tooMany();
        }
        var ticket = TicketRows.add(rows, member, registrar, now, die);
        var order = new Issuance.Order(
                ticket.id(), member, wanted, Optional.empty(), digest, Optional.empty(), key -> false);
        return issuance.mailbox(rows, order, Mailboxes.address(person, domain));
    }

    private Enrolment.Enrolled first(Registrar by, Member member, Bytes pkcs10) {
        return database.inTransaction(rows -> first(rows, by, member, pkcs10));
    }

    /// The same in a transaction of the caller's.
    Enrolment.Enrolled first(Handle rows, Registrar by, Member member, Bytes pkcs10) {
        mustBeItsRegistrar(by, member);
        var wanted = new RequestCheck.Wanted(RequestCheck.named(pkcs10, member), Optional.empty());
        var registrar = EnrolmentDesk.text(by);
        var digest = EnrolmentDesk.digest(new Enrolment.Request(pkcs10, Optional.empty(), Optional.empty()));
        CertificateRows.lock(rows, member);
        var before = TicketRows.answered(rows, member, registrar, digest, clock.instant());
        if (before.isPresent()) {
            return issuance.issuedOn(rows, before.get());
        }
        return issue(rows, registrar, member, wanted, digest, Optional.empty(), key -> false);
    }

    /// Certificates for a patient whom the caller has recognised by what the patient or the registrar showed.
    ///
    /// @param registrarCa whose count goes up, at a first registration; the person-CA puts what it issues in
    /// the place of that, which is revoked
    Enrolment.Enrolled person(
            Handle rows,
            Registrar.Accredited by,
            Member.Patient patient,
            Enrolment.Request request,
            Optional<String> registrarCa) {
        var registrar = EnrolmentDesk.text(by);
        var digest = EnrolmentDesk.digest(request);
        CertificateRows.lock(rows, patient);
        // 1. a lost answer is given again
        var before = TicketRows.answered(rows, patient, registrar, digest, clock.instant());
        if (before.isPresent()) {
            return issuance.issuedOn(rows, before.get());
        }
        // 2. who registers is accredited, and takes nobody's ID over
        if (EnrolmentDesk.isExpelled(rows, registrar, clock.instant())) {
            throw EnrolmentDesk.notAllowed();
        }
        if (registrarCa.isPresent()
                && !CertificateRows.registrars(rows, patient).isEmpty()) {
            throw EnrolmentDesk.exists();
        }
        // 3. the request is fit before anything ends for it
        var wanted = RequestCheck.of(request, patient);
        if (registrarCa.isEmpty()) {
            revocations.end(rows, new Registrar.Operator(), patient, Revocation.Reason.SUPERSEDED);
        }
        // 4. issued on a ticket that nobody ever held
        var ticket = TicketRows.add(rows, patient, registrar, clock.instant(), die);
        registrarCa.ifPresent(ca -> TicketRows.issuedBy(rows, ticket, ca));
        var order =
                new Issuance.Order(ticket.id(), patient, wanted, registrarCa, digest, Optional.empty(), key -> false);
        return issuance.issue(rows, List.of(order)).getFirst();
    }

    private Enrolment.Enrolled ordered(Registrar by, Member member, Bytes pkcs10, Certification.Order order) {
        mustBeItsRegistrar(by, member);
        var wanted = new RequestCheck.Wanted(RequestCheck.named(pkcs10, member), Optional.empty());
        var registrar = EnrolmentDesk.text(by);
        var digest = Bytes.of(Canonical.of(Map.of("order", order.id())).digest().toArray());
        return database.inTransaction(rows -> {
            // 1. nobody is revoked between the look and the signature
            CertificateRows.lock(rows, member);
            if (CertificateRows.withdrawnSince(rows, member, order.since())) {
                throw withdrawn();
            }
            // 2. a lost answer is given again
            var before = TicketRows.answered(rows, member, registrar, digest, clock.instant());
            if (before.isPresent()) {
                return sameKey(issuance.issuedOn(rows, before.get()), wanted);
            }
            // 3. a new key, or one that it has
            var kept = CertificateRows.keysOf(rows, member);
            return issue(rows, registrar, member, wanted, digest, Optional.empty(), kept::contains);
        });
    }

    /// On a ticket that nobody ever held: given out and redeemed in this moment.
    private Enrolment.Enrolled issue(
            Handle rows,
            String registrar,
            Member member,
            RequestCheck.Wanted wanted,
            Bytes digest,
            Optional<String> renews,
            Predicate<Bytes> kept) {
        var ticket = TicketRows.add(rows, member, registrar, clock.instant(), die);
        var order = new Issuance.Order(ticket.id(), member, wanted, Optional.empty(), digest, renews, kept);
        return issuance.issue(rows, List.of(order)).getFirst();
    }

    private static Enrolment.Enrolled sameKey(Enrolment.Enrolled given, RequestCheck.Wanted wanted) {
        var key = given.signing().getFirst().getPublicKey().getEncoded();
        if (!Issuance.encoded(wanted.signing()).equals(Bytes.of(key))) {
            throw Refusal.of(
                    "order-answered",
                    "この注文には、別の鍵の証明書を既に発行しています。新しい注文をしてください",
                    "This order was answered with a certificate for another key; make a new order");
        }
        return given;
    }

    private Enrolment.Enrolled next(X509Certificate current, Enrolment.Request request, Origin origin) {
        var done = database.inTransaction(rows -> next(rows, current, request, origin));
        if (done.sealing().isPresent()) { // only persons stand in the directory
            keyEntries.tryToLog();
        }
        return done;
    }

    private Enrolment.Enrolled next(Handle rows, X509Certificate current, Enrolment.Request request, Origin origin) {
        var now = clock.instant();
        // 1. whose it is, by our rows and not by what the caller says
        var own = CertificateRows.known(rows, current).orElseThrow(CertificationDesk::unknown);
        var known = own.ticket();
        var member = known.member();
        CertificateRows.lock(rows, member);
        boolean replaced = issuance.isRetired(own.ca());
        mustStand(own, replaced, current, now);
        mustBeTheLast(rows, member, current, now);
        issuance.mustNotBeOfEnded(rows, own.ca());
        boolean expelled = member instanceof Member.Professional p
                && EnrolmentDesk.isExpelled(rows, p.institution().value(), now);
        if (expelled) {
            throw EnrolmentDesk.notAllowed(); // who works for nobody accredited is no professional here
        }
        // 2. a lost answer is given again
        var digest = EnrolmentDesk.digest(request);
        var serial = current.getSerialNumber().toString(16);
        var before = TicketRows.renewed(rows, serial, digest);
        if (before.isPresent()) {
            return issuance.issuedOn(rows, before.get());
        }
        // 3. in time, and not in a loop
        if (!replaced) {
            mustBeTime(current, now);
        }
        mustNotBeTooOften(rows, serial);
        // 4. the request; what the member may keep of its keys
        var wanted = RequestCheck.of(request, member);
        if (!Issuance.encoded(wanted.signing())
                .equals(Bytes.of(current.getPublicKey().getEncoded()))) {
            RequestCheck.mustLieInItsChip(rows, origin, member, request);
        }
        // 5. the next certificates; the directory answers with them from now on
        var kept = kept(rows, member, current);
        return issue(rows, known.registrar(), member, wanted, digest, Optional.of(serial), kept);
    }

    /// A person makes a new signing key each time, for it lies on a device that gets lost; the sealing key
    /// may stay, or letters on their way to it would need a second one at hand. Chips and servers may keep
    /// theirs.
    private static Predicate<Bytes> kept(Handle rows, Member member, X509Certificate current) {
        if (!EnrolmentDesk.isPerson(member)) {
            var own = Bytes.of(current.getPublicKey().getEncoded());
            return own::equals;
        }
        return key -> CertificateRows.sealedFor(rows, member).stream()
                .anyMatch(c -> XWingKeys.publicKey(c).equals(key));
    }

    /// Who lost a certificate with its CA's key, and not with their own, gets the next one for it: our rows
    /// know which certificates we issued, so what a thief of the CA's key issued is none of them.
    private static void mustStand(CertificateRows.Own own, boolean replaced, X509Certificate current, Instant now) {
        boolean withItsCa = replaced && own.reason().equals(Optional.of(CaErrands.CA_COMPROMISE));
        if (own.reason().isPresent() && !withItsCa) {
            throw RevocationList.revoked();
        }
        if (now.isAfter(current.getNotAfter().toInstant().plus(Renewal.GRACE))) {
            throw Refusal.of(
                    "certificate-expired",
                    "証明書の有効期限が切れてから30日を過ぎたため更新できません。登録券で登録し直してください",
                    "The certificate expired more than 30 days ago and cannot be renewed; enrol again with a ticket");
        }
    }

    /// Who enrolled anew after the end of a certificate gave up what it was for: a device that comes late with
    /// it would take the person's entry in the directory over.
    private static void mustBeTheLast(Handle rows, Member member, X509Certificate current, Instant now) {
        boolean late = now.isAfter(current.getNotAfter().toInstant());
        if (late && EnrolmentDesk.isPerson(member) && CertificateRows.stands(rows, member, now)) {
            throw Refusal.of(
                    "certificate-expired",
                    "この証明書は期限が切れ、その後に新しい鍵が登録されています。新しい登録を使ってください",
                    "This certificate expired, and its holder enrolled anew since: use the newer enrolment");
        }
    }

    private static void mustBeTime(X509Certificate current, Instant now) {
        if (!Renewal.allowed(current, now)) {
            throw Refusal.of(
                    "renewal-too-early",
                    "更新はまだできません。証明書の有効期間の半分を過ぎてからお試しください",
                    "It is too early to renew; try again when half of the certificate's life is over");
        }
    }

    private static void mustNotBeTooOften(Handle rows, String serial) {
        if (TicketRows.renewals(rows, serial) >= Renewal.MOST) {
            throw Refusal.of(
                    "renewal-too-often",
                    "この証明書は既に更新されています。新しい証明書を使ってください",
                    "This certificate was renewed several times already; use and renew the newer one");
        }
    }

    private static Refusal withdrawn() {
        return Refusal.of(
                "member-revoked",
                "このサーバーの登録は運営者が失効させました。運営者に確認してください",
                "The operator revoked this member since it was registered; ask the operator");
    }

    static Refusal unknown() {
        return Refusal.of(
                "certificate-unknown", "この地域が発行した証明書ではありません", "This certificate is not one that this region issued");
    }
}
