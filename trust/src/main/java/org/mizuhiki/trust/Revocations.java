package org.mizuhiki.trust;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Map<CaName, Made> cached = new ConcurrentHashMap<>();

    private record Made(Instant at, Bytes der) {}

    Revocations(Accreditation accreditation, Database database, Clock clock) {
        this.accreditation = accreditation;
        this.issuers = accreditation.issuers();
        this.database = database;
        this.clock = clock;
        this.ocsp = new OcspResponder(
                CaName.issuing().stream().map(this::delegate).toList(),
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
                return KeyFiles.encoded(accreditation.certificate(named(ca)));
            }

            @Override
            public Bytes crl(String ca) {
                var name = named(ca);
                return name == CaName.ROOT ? accreditation.rootCrl() : current(name);
            }
        };
    }

    private void end(Registrar by, Member member, Revocation.Reason reason) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        database.inTransaction(rows -> {
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
        });
        forget(CaName.of(member));
    }

    /// After a list under way was kept: it may have been made before the revocation.
    private synchronized void forget(CaName ca) {
        cached.remove(ca);
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

    private synchronized Bytes current(CaName ca) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var made = cached.get(ca);
        if (made != null && now.isBefore(made.at().plus(RESIGN))) {
            return made.der();
        }
        var issuer = java.util.Objects.requireNonNull(issuers.get(ca));
        var fresh = database.inTransaction(rows -> {
            var number =
                    CertificateRows.nextCrlNumber(rows, ca.text()); // locks: lists are numbered in the order they see
            return Bytes.of(issuer.crl(number, now, CRL_LIFE, CertificateRows.ended(rows, ca.text())));
        });
        cached.put(ca, new Made(now, fresh));
        return fresh;
    }

    private static CaName named(String ca) {
        return CaName.find(ca).orElseThrow(Revocations::unknown);
    }

    private static Refusal unknown() {
        return Refusal.of("ca-unknown", "そのような認証局はありません", "There is no CA of this name");
    }
}
