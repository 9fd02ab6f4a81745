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

/// What a device checks before it seals for anybody: a directory (or somebody in its place) that answers
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
        boolean same = signer.equals(listing.member())
                && reader.equals(signer)
                && signer.identity().equals(asked.value());
        Bytes key = XWingKeys.publicKey(listing.sealing());
        if (!same || !EnrolmentRequests.bound(listing.signing().getFirst().getPublicKey(), key, listing.binding())) {
            throw forged();
        }
        if (!listing.evidence().entry().equals(Directory.entry(listing.record()))) {
            throw forged();
        }
        evidence.check(listing.evidence(), log);
        return new Reader.XWing(key);
    }

    private static List<java.security.cert.X509Certificate> sealingChain(Directory.Listing listing) {
        var chain = new ArrayList<>(listing.signing());
        chain.set(0, listing.sealing());
        return chain;
    }

    private static Refusal forged() {
        return Refusal.of(
                "listing-forged",
                "鍵台帳の回答が本人の鍵と一致しません。すり替えの可能性があるため使用を中止しました。運営者に連絡してください",
                "The directory's answer does not match the person's own key; it may have been substituted and is not used. Tell the operator");
    }
}
