package org.mizuhiki.trust;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.issue.Issuer;
import org.mizuhiki.trust.status.OcspResponder;

/// Revocation over the authority's rows. A CRL is signed anew after every revocation and every hour.
final class Revocations {
    private static final Duration CRL_LIFE = Duration.ofHours(24);
    private static final Duration RESIGN = Duration.ofHours(1);

    private final Accreditation accreditation;
    private final Map<CaName, Issuer> issuers;
    private final Database database;
    private final Clock clock;
    private final OcspResponder ocsp;
    private final List<OcspResponder.Delegate> usual;
    private final Map<String, OcspResponder.Delegate> registrarDelegates = new ConcurrentHashMap<>();
    private final Map<String, Made> cached = new ConcurrentHashMap<>();

    private record Made(Instant at, Bytes der) {}

    Revocations(Accreditation accreditation, Database database, Clock clock) {
        this.accreditation = accreditation;
        this.issuers = accreditation.issuers();
        this.database = database;
        this.clock = clock;
        this.usual = CaName.issuing().stream().map(this::delegate).toList();
        this.ocsp = new OcspResponder(
                this::delegates,
                (ca, serial) -> database.inTransaction(rows -> CertificateRows.find(rows, ca, serial)),
                clock);
    }

    private OcspResponder.Delegate delegate(CaName ca) {
        return new OcspResponder.Delegate(
                ca.text(),
                accreditation.certificate(ca),
                accreditation.certificate(ca.status()),
                accreditation.key(ca.status()));
    }

    /// The database is asked only about what none of the usual CAs issued.
    private Stream<OcspResponder.Delegate> delegates() {
        return Stream.concat(
                usual.stream(),
                Stream.of(this).flatMap(r -> r.registrars().stream().map(r::delegate)));
    }

    private OcspResponder.Delegate delegate(String registrarCa) {
        return registrarDelegates.computeIfAbsent(registrarCa, ca -> {
            var status = ca + Accreditation.STATUS;
            return new OcspResponder.Delegate(
                    ca, accreditation.certificate(ca), accreditation.certificate(status), accreditation.key(status));
        });
    }

    /// Those whose certificates can still be good.
    private List<String> registrars() {
        var now = clock.instant();
        return database.inTransaction(RegistrarRows::all).stream()
                .filter(ca -> now.isBefore(ca.expires()))
                .map(RegistrarCas.Standing::name)
                .filter(accreditation::holds) // rows restored without its key speak for nobody
                .toList();
    }

    Revocation of(Registrar by) {
        return new Revocation() {
            @Override
            public void revoke(Member member, Reason reason) {
                end(by, member, reason);
            }

            @Override
            public Bytes ocsp(Bytes request) {
                return Bytes.of(ocsp.answer(request.toArray()));
            }

            @Override
            public Bytes certificate(String ca) {
                return KeyFiles.encoded(accreditation.certificate(known(ca)));
            }

            @Override
            public Bytes crl(String ca) {
                return ca.equals(CaName.ROOT.text()) ? accreditation.rootCrl() : current(known(ca));
            }

            @Override
            public Optional<CaList> caList() {
                return Optional.of(accreditation.caList());
            }

            @Override
            public List<String> registrars() {
                return Revocations.this.registrars();
            }
        };
    }

    private void end(Registrar by, Member member, Revocation.Reason reason) {
        database.inTransaction(rows -> end(rows, by, member, reason));
        forgetAll();
    }

    /// The same in a transaction of the caller's, who calls [#forgetAll] after the commit.
    int end(Handle rows, Registrar by, Member member, Revocation.Reason reason) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var registrars = CertificateRows.registrars(rows, member);
        if (registrars.isEmpty()) {
            throw Refusal.of(
                    "member-unknown",
                    "該当する登録が見つかりません。失効したものはありません",
                    "No such member was ever enrolled; nothing was revoked");
        }
        if (by instanceof Registrar.Accredited
                && !(EnrolmentDesk.mayName(by, member) && registrars.contains(EnrolmentDesk.text(by)))) {
            throw EnrolmentDesk.notAllowed();
        }
        return CertificateRows.revoke(rows, member, now, code(reason));
    }

    /// After a list under way was kept: it may have been made before the revocation. All of them, for a
    /// person's certificates may come from several CAs.
    synchronized void forgetAll() {
        cached.clear();
    }

    /// RFC 5280, 5.3.1.
    private static int code(Revocation.Reason reason) {
        return switch (reason) {
            case KEY_COMPROMISE -> 1;
            case SUPERSEDED -> 4;
            case CESSATION -> 5;
            case PRIVILEGE_WITHDRAWN -> 9;
        };
    }

    private synchronized Bytes current(String ca) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var made = cached.get(ca);
        if (made != null && now.isBefore(made.at().plus(RESIGN))) {
            return made.der();
        }
        var issuer = CaName.find(ca)
                .map(name -> java.util.Objects.requireNonNull(issuers.get(name)))
                .orElseGet(() -> accreditation.registrarIssuer(ca));
        var fresh = database.inTransaction(rows -> {
            var number = CertificateRows.nextCrlNumber(rows, ca); // locks: lists are numbered in the order they see
            return Bytes.of(issuer.crl(number, now, CRL_LIFE, CertificateRows.ended(rows, ca)));
        });
        cached.put(ca, new Made(now, fresh));
        return fresh;
    }

    /// Names of CAs are names of files: only those there are.
    private String known(String ca) {
        boolean is = CaName.find(ca).isPresent()
                || database.inTransaction(rows -> RegistrarRows.find(rows, ca)).isPresent();
        if (!is) {
            throw unknown();
        }
        return ca;
    }

    static Refusal unknown() {
        return Refusal.of("ca-unknown", "そのような認証局はありません", "There is no CA of this name");
    }
}
