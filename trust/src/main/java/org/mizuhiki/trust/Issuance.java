package org.mizuhiki.trust;

import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.issue.Draft;
import org.mizuhiki.trust.issue.Issuer;
import org.mizuhiki.trust.issue.Profile;

/// Issues what was decided upon: certificates, rows and the directory's entry, in the caller's transaction.
/// All ways in (tickets, protocols, renewal) end here.
final class Issuance {
    private final Accreditation accreditation;
    private final Map<String, Issuer> issuers;
    private final CaErrands errands;
    private final Clock clock;
    private final SecureRandom die;

    Issuance(Accreditation accreditation, CaErrands errands, Clock clock, SecureRandom die) {
        this.accreditation = accreditation;
        this.issuers = accreditation.issuers();
        this.errands = errands;
        this.clock = clock;
        this.die = die;
    }

    /// What is to be issued.
    ///
    /// @param ticket its identifier; redeemed with this
    /// @param registrarCa who issues, if not the usual CA; its count goes up
    /// @param digest of the request
    /// @param renews serial number of the certificate that is renewed, hexadecimal
    /// @param kept keys that this member may go on using; all others must be new
    record Order(
            String ticket,
            Member member,
            RequestCheck.Wanted wanted,
            Optional<String> registrarCa,
            Bytes digest,
            Optional<String> renews,
            Predicate<Bytes> kept) {
        private TicketRows.Use use() {
            var sealing = wanted.sealing().map(RequestCheck.Bound::key).stream();
            var keys = Stream.concat(Stream.of(encoded(wanted.signing())), sealing)
                    .filter(kept.negate())
                    .toList();
            return new TicketRows.Use(ticket, digest, renews, keys);
        }
    }

    /// All of them, or none.
    ///
    /// @throws org.mizuhiki.house.Refusal `key-unfit` when one of the keys was certified before, for whomever;
    /// `ca-unavailable`, those of [RegistrarRows#use]; the caller's transaction is undone then
    List<Enrolment.Enrolled> issue(Handle rows, List<Order> orders) {
        if (orders.isEmpty()) {
            return List.of();
        }
        // 1. the tickets are used up, and the keys: before anything is signed
        if (!TicketRows.redeem(rows, orders.stream().map(Order::use).toList(), clock.instant())) {
            throw RequestCheck.unfit();
        }
        // 2. certificates
        var made = orders.stream().map(order -> certified(rows, order)).toList();
        // 3. rows, with the directory's entries
        CertificateRows.add(rows, made.stream().flatMap(Made::all).toList());
        made.forEach(m -> m.list(rows, clock.instant()));
        return made.stream().map(this::enrolled).toList();
    }

    /// What came of an order.
    private record Made(Order order, CertificateRows.New signing, Optional<CertificateRows.New> sealing) {
        Stream<CertificateRows.New> all() {
            return Stream.concat(Stream.of(signing), sealing.stream());
        }

        /// The directory answers with these from now on.
        void list(Handle rows, Instant now) {
            sealing.ifPresent(s -> {
                KeyEntries.end(rows, order.member(), now);
                KeyEntries.add(
                        rows,
                        order.ticket(),
                        order.member(),
                        signing.certificate(),
                        s.certificate(),
                        order.wanted().sealing().orElseThrow().binding());
            });
        }
    }

    private Made certified(Handle rows, Order order) {
        order.registrarCa().ifPresent(ca -> RegistrarRows.use(rows, ca, clock.instant()));
        var member = order.member();
        var ca = order.registrarCa().orElseGet(() -> accreditation.current(CaName.of(member)));
        errands.mustIssue(rows, ca);
        var wanted = order.wanted();
        return new Made(
                order,
                certify(ca, order, signingProfile(member), wanted.signing(), "signing"),
                wanted.sealing().map(bound -> certify(ca, order, sealingProfile(member), info(bound), "sealing")));
    }

    private static SubjectPublicKeyInfo info(RequestCheck.Bound sealing) {
        return SubjectPublicKeyInfo.getInstance(XWingKeys.info(sealing.key()).toArray());
    }

    /// What was issued on this ticket.
    Enrolment.Enrolled issuedOn(Handle rows, String ticket) {
        var signing = CertificateRows.ofTicket(rows, ticket, "signing").orElseThrow();
        var sealing = CertificateRows.ofTicket(rows, ticket, "sealing").map(CertificateRows.Issued::certificate);
        return enrolled(signing.ca(), signing.certificate(), sealing);
    }

    /// A certificate for a person's mailbox; the directory does not name it.
    ///
    /// @throws org.mizuhiki.house.Refusal as [#issue]
    List<X509Certificate> mailbox(Handle rows, Order order, String address) {
        if (!TicketRows.redeem(rows, List.of(order.use()), clock.instant())) {
            throw RequestCheck.unfit();
        }
        var ca = accreditation.current(CaName.of(order.member()));
        errands.mustIssue(rows, ca);
        var draft = Draft.of(
                        Profile.MAIL,
                        Subjects.of(order.member()),
                        order.wanted().signing(),
                        clock,
                        die)
                .on(address);
        var made = certify(ca, order, draft, "mail");
        CertificateRows.add(rows, List.of(made));
        return enrolled(ca, made.certificate(), Optional.empty()).signing();
    }

    /// What was issued for a mailbox on this ticket.
    List<X509Certificate> mailboxOn(Handle rows, String ticket) {
        var made = CertificateRows.ofTicket(rows, ticket, "mail").orElseThrow();
        return enrolled(made.ca(), made.certificate(), Optional.empty()).signing();
    }

    private CertificateRows.New certify(String ca, Order order, Profile profile, SubjectPublicKeyInfo key, String use) {
        var member = order.member();
        var draft = Draft.of(profile, Subjects.of(member), key, clock, die);
        return certify(ca, order, member instanceof Member.Server s ? draft.on(s.host()) : draft, use);
    }

    private CertificateRows.New certify(String ca, Order order, Draft named, String use) {
        var member = order.member();
        var issuer = issuer(ca);
        var certificate = issuer.issue(named, die);
        return new CertificateRows.New(ca, issuer.part(certificate), member, use, certificate, order.ticket());
    }

    private Issuer issuer(String ca) {
        var usual = issuers.get(ca);
        return usual == null ? accreditation.registrarIssuer(ca) : usual;
    }

    /// Whether this CA's key is used no more, so that whoever has a certificate of it needs another.
    boolean isRetired(String ca) {
        return accreditation.retired(ca).isPresent() || errands.compromised(ca).isPresent();
    }

    /// What an institution's CA issued ends with it: the operator found that it lied. One that ended because a
    /// CA above it lost its key lied about nobody.
    ///
    /// @throws org.mizuhiki.house.Refusal `certificate-revoked`
    void mustNotBeOfEnded(Handle rows, String ca) {
        if (CaName.bearing(ca).isPresent()) {
            return; // none of an institution's
        }
        var lostAbove = errands.compromised(ca);
        boolean forItself = RegistrarRows.find(rows, ca)
                .flatMap(RegistrarCas.Standing::ended)
                .filter(ended -> lostAbove.isEmpty() || ended.isBefore(lostAbove.get()))
                .isPresent();
        if (forItself) {
            throw RevocationList.revoked();
        }
    }

    private Enrolment.Enrolled enrolled(Made made) {
        var sealing = made.sealing().map(CertificateRows.New::certificate);
        return enrolled(made.signing().ca(), made.signing().certificate(), sealing);
    }

    private Enrolment.Enrolled enrolled(String ca, X509Certificate signing, Optional<X509Certificate> sealing) {
        var chain = new ArrayList<X509Certificate>();
        chain.add(signing);
        chain.addAll(accreditation.chain(ca));
        return new Enrolment.Enrolled(chain, sealing);
    }

    private static Profile signingProfile(Member member) {
        return switch (member) {
            case Member.Patient p -> Profile.PATIENT;
            case Member.Professional p -> Profile.PROFESSIONAL;
            case Member.Institution i -> Profile.INSTITUTION;
            case Member.Server s -> Profile.SERVER;
            case Member.Device d -> Profile.DEVICE;
            case Member.Service s -> Profile.SERVICE;
        };
    }

    private static Profile sealingProfile(Member member) {
        return member instanceof Member.Patient ? Profile.PATIENT_SEALING : Profile.PROFESSIONAL_SEALING;
    }

    static Bytes encoded(SubjectPublicKeyInfo key) {
        try {
            return Bytes.of(key.getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException("a parsed key has an encoding", e);
        }
    }
}
