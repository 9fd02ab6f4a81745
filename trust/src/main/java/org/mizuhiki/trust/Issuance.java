package org.mizuhiki.trust;

import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
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

    /// @param ticket the redeemed ticket's identifier
    /// @param registrarCa who issues, if not the usual CA; its count goes up
    Enrolment.Enrolled issue(
            Handle rows, String ticket, Member member, RequestCheck.Wanted wanted, Optional<String> registrarCa) {
        registrarCa.ifPresent(ca -> RegistrarRows.use(rows, ca, clock.instant()));
        var ca = registrarCa.orElseGet(() -> accreditation.current(CaName.of(member)));
        errands.mustIssue(rows, ca);
        var signing = certify(rows, ca, ticket, member, signingProfile(member), wanted.signing(), "signing");
        var sealing = wanted.sealing().map(bound -> {
            var info =
                    SubjectPublicKeyInfo.getInstance(XWingKeys.info(bound.key()).toArray());
            var made = certify(rows, ca, ticket, member, sealingProfile(member), info, "sealing");
            KeyEntries.add(rows, ticket, member, signing, made, bound.binding());
            return made;
        });
        return enrolled(ca, signing, sealing);
    }

    /// @param kept keys that this member may go on using
    static void mustBeNew(Handle rows, RequestCheck.Wanted wanted, Predicate<Bytes> kept) {
        var signing = encoded(wanted.signing());
        boolean fresh = (kept.test(signing) || CertificateRows.firstUse(rows, signing))
                && wanted.sealing()
                        .map(s -> kept.test(s.key()) || CertificateRows.firstUse(rows, s.key()))
                        .orElse(true);
        if (!fresh) {
            throw RequestCheck.unfit();
        }
    }

    /// What was issued on this ticket.
    Enrolment.Enrolled issuedOn(Handle rows, String ticket) {
        var signing = CertificateRows.ofTicket(rows, ticket, "signing").orElseThrow();
        var sealing = CertificateRows.ofTicket(rows, ticket, "sealing").map(CertificateRows.Issued::certificate);
        return enrolled(signing.ca(), signing.certificate(), sealing);
    }

    private X509Certificate certify(
            Handle rows,
            String ca,
            String ticket,
            Member member,
            Profile profile,
            SubjectPublicKeyInfo key,
            String use) {
        var draft = Draft.of(profile, Subjects.of(member), key, clock, die);
        var named = member instanceof Member.Server s ? draft.on(s.host()) : draft;
        var issuer = issuer(ca);
        var certificate = issuer.issue(named, die);
        CertificateRows.add(rows, ca, issuer.part(certificate), member, use, certificate, ticket);
        return certificate;
    }

    private Issuer issuer(String ca) {
        var usual = issuers.get(ca);
        return usual == null ? accreditation.registrarIssuer(ca) : usual;
    }

    /// Whether this CA's key is used no more, so that whoever has a certificate of it needs another.
    boolean isRetired(String ca) {
        return accreditation.retired(ca).isPresent() || errands.compromised(ca).isPresent();
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
