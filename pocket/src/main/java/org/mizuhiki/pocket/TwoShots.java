package org.mizuhiki.pocket;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Decision;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.consent.Statement.ProvisionalRegistration;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.SealedLetter;
import org.mizuhiki.trust.Member;

/// Two-shot evidence (2ショット認証): the sealed picture of registrar and patient, for the patient and the
/// registrar's supervisor. Opening it is a disclosure like any other.
public final class TwoShots {
    private final Desk desk;
    private final Envelopes envelopes;

    TwoShots(Desk desk, Envelopes envelopes) {
        this.desk = desk;
        this.envelopes = envelopes;
    }

    /// A picture that is the one of the registrar's statement.
    ///
    /// @param type `image/jpeg` or `image/png`
    public record Shown(ProvisionalRegistration statement, Member.Professional registrar, String type, Bytes picture) {
        /// Sizes only.
        @Override
        public String toString() {
            return "Shown[" + picture.size() + " B]";
        }
    }

    /// @param evidence the sealed picture's name
    /// @throws Refusal `letter-unknown`, `not-a-reader`, `slot-swapped`, `store-swapped`,
    /// `picture-differs`, and those of seal, trust and ledger
    public Shown open(Digest evidence) {
        // 1. the registration that names it
        var said = desk.about(evidence).all();
        var registered = registration(evidence, said);
        var statement = registered.statement();
        boolean patient = statement.patient().equals(desk.me());
        if (desk.region().statute().mayOpen(desk.me(), evidence, desk.now(), said) instanceof Decision.Denied denied) {
            throw Refusal.of(denied.rule(), denied.japanese(), denied.english());
        }
        // 2. who looks says so first
        var disclosure = new Disclosure(
                desk.me(),
                statement.patient(),
                evidence,
                patient ? Optional.empty() : Optional.of(statement.id()),
                "supervision",
                desk.now(),
                desk.nonce());
        var body = envelopes.body(evidence);
        var release = desk.region().keys().release(desk.me(), desk.sign(disclosure));
        if (!release.slot().keyId().equals(desk.device().opener().keyId())) {
            throw Envelopes.slotSwapped();
        }
        // 3. it is what the registrar signed
        var opened = desk.seals()
                .letters()
                .open(
                        new SealedLetter(body, List.of(release.slot())),
                        desk.device().opener());
        if (!(desk.region().validator().check(opened.signature()) instanceof Member.Professional registrar)
                || !registrar.id().equals(statement.by())
                || !opened.content().sha256().equals(statement.picture())
                || !opened.metadata()
                        .find("patient")
                        .equals(Optional.of(statement.patient().value()))) {
            throw Refusal.of(
                    "picture-differs",
                    "写真が登録者の申告したものと違います。運用者に連絡してください",
                    "The picture is not the one that the registrar stated; tell the operator");
        }
        // 4. the ledger has the statement
        desk.prove(registered, desk.servers());
        return new Shown(statement, registrar, opened.metadata().get("type"), opened.content());
    }

    private static Attested<ProvisionalRegistration> registration(Digest evidence, List<Attested<?>> said) {
        return new Said(said)
                .of(ProvisionalRegistration.class).stream()
                        .filter(r -> r.statement().evidence().equals(evidence))
                        .findFirst()
                        .orElseThrow(() ->
                                Refusal.of("letter-unknown", "その写真はないか、あなたには開けません", "No such picture, or not for you"));
    }
}
