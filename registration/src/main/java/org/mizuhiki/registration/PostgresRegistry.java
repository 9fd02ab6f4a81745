package org.mizuhiki.registration;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.trust.Affiliation;
import org.mizuhiki.trust.Issuing;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Validator;

/// The registration over the authority's database, which is opened with the authority's own migrations: the
/// scripts of this room lie in the same folder of the class path.
public final class PostgresRegistry {
    /// An act is handed in soon after it was signed: what somebody kept in a drawer is not what they want
    /// today.
    private static final Duration LONGEST_WAY = Duration.ofDays(1);

    private final Database database;
    private final Issuing issuing;
    private final SignedActs acts;
    private final Optional<InstitutionCode> body;
    private final Clock clock;
    private final ActEntries entries;
    private final LicenceDesk licences;
    private final CaseDesk cases;

    /// @param body the accreditation body; without one nobody can be accredited
    public PostgresRegistry(
            Database database,
            Issuing issuing,
            Ledger ledger,
            SignedActs acts,
            Optional<InstitutionCode> body,
            Clock clock) {
        this.database = database;
        this.issuing = issuing;
        this.acts = acts;
        this.body = body;
        this.clock = clock;
        this.entries = new ActEntries(database, ledger);
        this.licences = new LicenceDesk(body, clock);
        this.cases = new CaseDesk(issuing, clock);
    }

    /// Appends to the ledger what a crash or an absent ledger left undone; to be called at start and every
    /// minute. Who tries again gets the same done for themselves.
    public void settle() {
        entries.tryToLog();
    }

    /// The registration as this institution may see and use it; that it is this institution was recognised
    /// by the caller.
    public Registry of(InstitutionCode reader) {
        return new Registry() {
            @Override
            public Filed hand(Bytes signed) {
                return take(reader, signed);
            }

            @Override
            public Dossier dossier(Digest file) {
                return show(reader, file);
            }

            @Override
            public List<Waiting> waiting() {
                return database.inTransaction(rows -> RegistryRows.waiting(rows, reader));
            }

            @Override
            public List<Summary> files() {
                return database.inTransaction(rows -> RegistryRows.files(rows, reader, isBody(reader)));
            }

            @Override
            public List<Licence> licences() {
                return database.inTransaction(rows -> LicenceRows.visible(rows, reader, isBody(reader)));
            }
        };
    }

    /// Whether a service is in service: provided, neither it nor its device revoked or expired, its provider
    /// accredited. What does not stand here does not connect.
    public boolean inService(Member.Service service) {
        return database.inTransaction(rows -> RegistryRows.inService(rows, service.identity())
                .map(file -> new Case(RegistryRows.done(rows, file)))
                .filter(c -> issuing.stands(rows, service) && issuing.stands(rows, service.device()))
                .flatMap(Case::provider)
                .filter(p -> LicenceRows.accredited(rows, p, Role.PROVIDER, clock.instant()))
                .isPresent());
    }

    private Registry.Filed take(InstitutionCode poster, Bytes signed) {
        // 1. form, signature, stamp, signer
        var checked = acts.check(signed);
        var act = checked.act();
        // 2. who hands it in is who says it
        if (!act.by().equals(poster)) {
            throw Refusal.of("act-not-yours", "他の機関の手続き書です", "This act is another institution's");
        }
        database.inTransaction(rows -> {
            RegistryRows.lock(rows, act.file().hex());
            // 3. a lost answer is given again
            if (!RegistryRows.has(rows, act.id())) {
                // 4. signer and institution stand now
                mustStand(rows, checked);
                // 5. accepted, with all that follows from it, or not at all
                accept(rows, checked);
            }
            return act.id();
        });
        // 6. the ledger has it, or will have it
        entries.tryToLog();
        return new Registry.Filed(act.file(), act.id());
    }

    private void mustStand(Handle rows, SignedAct checked) {
        var now = clock.instant();
        var signature = checked.signature();
        if (signature.stampedAt().isBefore(now.minus(LONGEST_WAY))
                || signature.stampedAt().isAfter(now.plus(SignedActs.TOLERANCE))) {
            throw SignedActs.time();
        }
        acts.validator().check(signature.chain(), Validator.Purpose.SIGN_RECORD, now);
        if (issuing.isRevoked(rows, signature.signer())) {
            throw Refusal.of("certificate-revoked", "署名者の証明書は失効しています", "The signer's certificate was revoked");
        }
        var affiliation = Affiliation.of(checked.signer());
        if (!issuing.stands(rows, new Member.Institution(affiliation.code(), affiliation.name()))) {
            throw Refusal.of(
                    "institution-unknown",
                    "この機関には有効な機関証明書がありません。運営者に連絡してください",
                    "This institution has no certificate that stands; ask the operator");
        }
    }

    private void accept(Handle rows, SignedAct checked) {
        var act = checked.act();
        boolean accreditation = act.place().isEmpty()
                ? act.kind() == Kind.ACCREDITATION_APPLICATION
                : RegistryRows.isAccreditation(rows, act.file()).orElseThrow(CaseRules::unknown);
        if (accreditation) {
            licences.take(rows, checked);
        } else {
            cases.take(rows, checked);
        }
    }

    private Dossier show(InstitutionCode reader, Digest file) {
        return database.inTransaction(rows -> {
            if (!isBody(reader) && !RegistryRows.isParty(rows, reader, file)) {
                throw CaseRules.unknown();
            }
            var papers = RegistryRows.papers(rows, file);
            if (papers.isEmpty()) {
                throw CaseRules.unknown();
            }
            return new Dossier(file, papers);
        });
    }

    private boolean isBody(InstitutionCode reader) {
        return body.filter(reader::equals).isPresent();
    }
}
