package org.mizuhiki.vpn;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.SignedRecords;
import org.mizuhiki.seal.StampAuthority;
import org.mizuhiki.trust.Affiliation;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Validator;
import org.mizuhiki.wire.Json;

/// Declarations as CAdES-T signed canonical records, believed only when signer and time fit what they say:
/// nobody who stores or carries them, the centre least of all, can make one.
public record Declarations(SignedRecords records, Validator validator, Clock clock) {
    /// How far the clocks of signer, stamp authority and reader may differ.
    public static final Duration TOLERANCE = Duration.ofMinutes(5);

    /// A declaration whose signature, stamp and signer were checked.
    ///
    /// @param id its digest, computed once
    /// @param signed CAdES-T, as it travels and is kept
    /// @param signer of the institution that it speaks for
    public record Said<D extends Declaration>(
            D declaration, org.mizuhiki.house.Digest id, Bytes signed, Member signer) {
        /// @throws Refusal `declaration-kind`
        public <E extends Declaration> Said<E> as(Class<E> kind) {
            if (!kind.isInstance(declaration)) {
                throw Refusal.of(
                        "declaration-kind", "この操作には別の種類のポリシーが必要です", "This needs a declaration of another kind");
            }
            return new Said<>(kind.cast(declaration), id, signed, signer);
        }
    }

    /// @throws Refusal `declaration-malformed`, `stamp-unavailable`
    public Bytes sign(Declaration declaration, Author author, StampAuthority stamps) {
        // nothing is signed that the other side would refuse, or would read as something else
        return records.sign(read(declaration.canonical()).canonical(), author, stamps);
    }

    /// @throws Refusal `declaration-malformed`, `declaration-signer` (signed by somebody else than it says),
    /// `declaration-time`, `declaration-early` (not said yet by this machine's clock), and those of signature,
    /// stamp and [Validator], which asks whether the signer stood when the stamp was made
    public Said<Declaration> check(Bytes signed) {
        Words.need(signed.size() <= SignedRecords.MAX_BYTES, "size");
        // 1. signature and stamp
        var verified = records.verify(signed);
        // 2. one meaning
        var declaration = read(verified.record());
        // 3. the signer speaks for whom it says
        var signer = validator.check(verified.signature());
        mustSpeakFor(declaration, signer);
        // 4. it was said when it says
        mustBeOf(declaration, verified.signature().stampedAt());
        return new Said<>(declaration, verified.record().digest(), signed, signer);
    }

    private static void mustSpeakFor(Declaration declaration, Member signer) {
        // some words are a person's own: the institution cannot say them in that person's place
        var person = switch (declaration) {
            case Approval a -> Optional.of(a.person());
            case MaintenanceWork w -> Optional.of(w.person());
            case UniformPolicy _, SubscriberPolicy _, Membership _, MaintenanceAgreement _ ->
                Optional.<PersonId>empty();
        };
        boolean speaks = Affiliation.of(signer).code().equals(declaration.by())
                && person.map(id -> signer instanceof Member.Professional p && p.id().equals(id))
                        .orElse(true);
        if (!speaks) {
            throw Refusal.of(
                    "declaration-signer",
                    "ポリシーに書かれた機関・本人の署名ではありません",
                    "The declaration was signed by somebody else than it says");
        }
    }

    private void mustBeOf(Declaration declaration, Instant stampedAt) {
        var apart = Duration.between(declaration.at(), stampedAt).abs();
        if (apart.compareTo(TOLERANCE) > 0) {
            throw Refusal.of(
                    "declaration-time",
                    "ポリシーの時刻がタイムスタンプと5分以上ずれています。端末の時計を合わせて署名し直してください",
                    "The declaration's time is more than five minutes from its stamp; set the clock, sign again");
        }
        if (stampedAt.isAfter(clock.instant().plus(TOLERANCE))) {
            throw Refusal.of(
                    "declaration-early",
                    "ポリシーのタイムスタンプが現在時刻より5分以上先です。この機器の時計を合わせてください",
                    "The declaration was stamped more than five minutes from now; set this machine's clock");
        }
    }

    /// One declaration has one record and one record is one declaration: every other spelling is refused, so
    /// that two parties can never read one signature in two ways.
    ///
    /// @throws Refusal `declaration-malformed`
    static Declaration read(Canonical record) {
        try {
            Words.need(Declaration.FORM.equals(record.get("form")), "form");
            var declaration = Json.read(Bytes.utf8(record.get("content")), kind(record.get("kind")));
            Words.need(declaration.canonical().equals(record), "form");
            return declaration;
        } catch (Refusal e) {
            throw e.code().equals("declaration-malformed") ? e : Words.malformed("content", e);
        }
    }

    private static Class<? extends Declaration> kind(String named) {
        return switch (named) {
            case UniformPolicy.KIND -> UniformPolicy.class;
            case SubscriberPolicy.KIND -> SubscriberPolicy.class;
            case Membership.KIND -> Membership.class;
            case Approval.KIND -> Approval.class;
            case MaintenanceAgreement.KIND -> MaintenanceAgreement.class;
            case MaintenanceWork.KIND -> MaintenanceWork.class;
            default -> throw Words.malformed("kind");
        };
    }
}
