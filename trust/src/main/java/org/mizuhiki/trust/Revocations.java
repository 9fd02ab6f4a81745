package org.mizuhiki.trust;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.issue.Issuer;
import org.mizuhiki.trust.status.Delegate;
import org.mizuhiki.trust.status.Known;
import org.mizuhiki.trust.status.OcspResponder;

/// Revocation over the authority's rows.
final class Revocations {
    private final Accreditation accreditation;
    private final Map<String, Issuer> issuers = new ConcurrentHashMap<>();
    private final Database database;
    private final Clock clock;
    private final OcspResponder ocsp;
    private final List<Delegate> usual;
    private final Map<String, Delegate> registrarDelegates = new ConcurrentHashMap<>();
    private final RevocationLists lists;
    private final CaErrands errands;

    Revocations(Accreditation accreditation, Database database, Clock clock) {
        this.accreditation = accreditation;
        this.database = database;
        this.clock = clock;
        // the status signer of a lost CA goes on: its key is another one
        this.usual = accreditation.issuing().stream()
                .filter(ca -> accreditation.holdsKey(ca + Accreditation.STATUS))
                .map(this::delegate)
                .toList();
        this.lists = new RevocationLists(database, clock, this::signing);
        this.errands = new CaErrands(database, this, clock);
        this.ocsp = new OcspResponder(this::delegates, this::status, clock);
    }

    private Known status(String ca, BigInteger serial) {
        var known = database.reading(rows -> CertificateRows.find(rows, ca, serial));
        return known instanceof Known.Good
                ? errands.compromised(ca)
                        .<Known>map(at -> new Known.Revoked(at, CaErrands.CA_COMPROMISE))
                        .orElse(known)
                : known;
    }

    private Delegate delegate(String ca) {
        var status = ca + Accreditation.STATUS;
        return new Delegate(
                ca, accreditation.certificate(ca), accreditation.certificate(status), accreditation.key(status));
    }

    /// The database is asked only about what none of the usual CAs issued.
    private Stream<Delegate> delegates() {
        return Stream.concat(
                usual.stream(),
                Stream.of(this)
                        .flatMap(r -> r.registrars().stream()
                                .map(ca -> r.registrarDelegates.computeIfAbsent(ca, r::delegate))));
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

    /// While this is open nobody is answered from memory, and all of it is forgotten at its end.
    OcspResponder.Revoking suspended() {
        return ocsp.revoking();
    }

    OcspResponder responder() {
        return ocsp;
    }

    Revocation of(Registrar by) {
        return new Revocation() {
            @Override
            public void revoke(Member member, Reason reason) {
                end(by, member, reason);
            }

            @Override
            public Bytes ocsp(Bytes request) {
                return ocsp.answer(request.toArray()).der();
            }

            @Override
            public Bytes certificate(String ca) {
                return KeyFiles.encoded(accreditation.certificate(known(ca)));
            }

            @Override
            public Bytes crl(String ca) {
                return ca.equals(CaName.ROOT.text())
                        ? accreditation.rootCrl()
                        : lists.whole(known(ca)).der();
            }

            @Override
            public Optional<CaList> caList() {
                return Optional.of(accreditation.caList());
            }
        };
    }

    private void end(Registrar by, Member member, Revocation.Reason reason) {
        database.inTransaction(rows -> end(rows, by, member, reason));
    }

    /// The same in a transaction of the caller's: whatever ends it, no answer from before it is given after.
    int end(Handle rows, Registrar by, Member member, Revocation.Reason reason) {
        var now = clock.instant();
        CertificateRows.lock(rows, member); // what is issued at this moment is revoked with the rest
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
        var at = now.truncatedTo(ChronoUnit.SECONDS);
        if (reason != Revocation.Reason.SUPERSEDED) {
            CertificateRows.endTickets(rows, member, now);
        }
        return ending(rows, () -> CertificateRows.revoke(rows, member, at, now, reason.code()));
    }

    /// @throws Refusal `certificate-revoked` when it was already
    void end(X509Certificate certificate, Revocation.Reason reason) {
        var at = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        int done = database.inTransaction(
                rows -> ending(rows, () -> CertificateRows.revoke(rows, certificate, at, reason.code())));
        if (done == 0) {
            throw RevocationList.revoked();
        }
    }

    /// @param deed revokes in this transaction
    /// @return how many were revoked now
    int ending(Handle rows, Supplier<List<CertificateRows.Revoked>> deed) {
        var revoking = ocsp.revoking();
        rows.afterRollback(() -> {
            lists.forgetAll(); // a connection that broke at the commit may have committed
            revoking.close();
        });
        var revoked = deed.get();
        rows.afterCommit(() -> {
            lists.forget(revoked);
            revoking.ended(revoked.stream()
                    .map(r -> new OcspResponder.Ended(r.ca(), r.serial()))
                    .toList());
            revoking.close();
        });
        return revoked.size();
    }

    /// @throws Refusal `ca-unknown`
    void mustIssueCertificates(String ca) {
        if (!accreditation.issuing().contains(ca)) {
            throw unknown();
        }
    }

    CaErrands errands() {
        return errands;
    }

    /// The lists that are made here: all but the root's.
    RevocationLists lists() {
        return lists;
    }

    private RevocationLists.Signing signing(String ca) {
        if (known(ca).equals(CaName.ROOT.text())) {
            throw unknown();
        }
        var retired = accreditation.retired(ca);
        if (retired.isPresent() && !accreditation.holdsKey(ca)) {
            var successor = accreditation.current(CaName.bearing(ca).orElseThrow());
            return new RevocationLists.Signing(issuer(successor), Optional.of(accreditation.certificate(ca)));
        }
        return new RevocationLists.Signing(issuer(ca), Optional.empty());
    }

    private Issuer issuer(String ca) {
        return issuers.computeIfAbsent(
                ca,
                name -> CaName.bearing(name).isPresent()
                        ? accreditation.issuer(name)
                        : accreditation.registrarIssuer(name));
    }

    /// Names of CAs are names of files: only those there are.
    private String known(String ca) {
        boolean is = ca.equals(CaName.ROOT.text())
                || accreditation.issuing().contains(ca)
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
