package org.mizuhiki.trust;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.EvidenceCheck;
import org.mizuhiki.ledger.LogKeys;
import org.mizuhiki.seal.Reader;

/// What a device checks before it seals for anybody, and what a monitor checks of the past: a directory (or somebody in
/// its place) that answers
/// with another key than the person's own must be noticed. This is the classic break of every network of
/// this kind.
public final class DirectoryCheck {
    private final Validator validator;
    private final EvidenceCheck evidence;
    private final LogKeys log;
    private final Clock clock;

    public DirectoryCheck(Validator validator, EvidenceCheck evidence, LogKeys log, Clock clock) {
        this.validator = validator;
        this.evidence = evidence;
        this.log = log;
        this.clock = clock;
    }

    /// 1. Both certificates lead to the root, are valid now and not revoked. 2. Both name whom we asked
    /// for. 3. The person's own signing key bound the sealing key. 4. The ledger holds exactly this entry,
    /// witnessed.
    ///
    /// @return for whom to make the slot
    /// @throws Refusal `listing-forged`, and those of [Validator] and [EvidenceCheck]
    public Reader.XWing check(PersonId asked, Directory.Listing listing) {
        var now = clock.instant();
        if (listing.signing().isEmpty()) {
            throw forged();
        }
        var signer = validator.check(listing.signing(), Validator.Purpose.SIGN_RECORD, now);
        var reader = validator.check(sealingChain(listing), Validator.Purpose.SEAL_FOR, now);
        if (!signer.equals(listing.member()) || !reader.equals(signer)) {
            throw forged();
        }
        return mustBeEntered(asked, listing);
    }

    /// What a directory answers of somebody's past: keys that nobody is to use any more, whose certificates
    /// may have ended since. 1. Each entry names whom we asked for, is bound by its own signing key and in
    /// the ledger, witnessed. 2. Each names the one before it, down to the first: none was left out.
    ///
    /// @param entries the latest first, as [Directory#past] gives them, the standing one ahead of them if
    /// there is one
    /// @throws Refusal `listing-forged`, `history-incomplete`, and those of [EvidenceCheck]
    public void history(PersonId asked, List<Directory.Listing> entries) {
        for (int i = 0; i < entries.size(); i++) {
            var entry = entries.get(i);
            if (entry.signing().isEmpty()
                    || !Subjects.read(entry.signing().getFirst()).equals(entry.member())
                    || !Subjects.read(entry.sealing()).equals(entry.member())) {
                throw forged();
            }
            mustBeEntered(asked, entry);
            if (i > 0 && !isBefore(entry, entries.get(i - 1))) {
                throw incomplete();
            }
        }
        boolean whole =
                entries.isEmpty() || entries.getLast().place().number() == 1 || entries.size() >= Directory.MOST_PAST;
        if (!whole) {
            throw incomplete();
        }
    }

    private static boolean isBefore(Directory.Listing entry, Directory.Listing next) {
        return next.place()
                .equals(Directory.Place.after(
                        entry.place().number(), entry.record().digest()));
    }

    private Reader.XWing mustBeEntered(PersonId asked, Directory.Listing listing) {
        Bytes key = XWingKeys.publicKey(listing.sealing());
        if (!listing.member().identity().equals(asked.value())
                || !EnrolmentRequests.bound(listing.signing().getFirst().getPublicKey(), key, listing.binding())) {
            throw forged();
        }
        // the entry's label is computed from the ID: who is asked for can find it in the ledger too
        if (!listing.evidence().entry().equals(Directory.entry(listing.record()))) {
            throw forged();
        }
        evidence.check(listing.evidence(), log);
        return new Reader.XWing(key);
    }

    static List<java.security.cert.X509Certificate> sealingChain(Directory.Listing listing) {
        var chain = new ArrayList<>(listing.signing());
        chain.set(0, listing.sealing());
        return chain;
    }

    private static Refusal incomplete() {
        return Refusal.of(
                "history-incomplete",
                "鍵台帳の回答から、過去の鍵の記録が抜けているか、入れ替えられています。運営者に連絡してください",
                "Past entries are missing from the directory's answer, or were exchanged; tell the operator");
    }

    static Refusal forged() {
        return Refusal.of(
                "listing-forged",
                "鍵台帳の回答が本人の鍵と一致しません。すり替えの可能性があるため使用を中止しました。運営者に連絡してください",
                "The directory's answer does not match the person's own key; it may have been substituted and is not used. Tell the operator");
    }
}
