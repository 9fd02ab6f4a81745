package org.mizuhiki.trust;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Contradiction;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.ledger.KeysFile;
import org.mizuhiki.ledger.OfflineEvidenceCheck;
import org.mizuhiki.ledger.SignedCheckpoint;
import org.mizuhiki.wire.Json;

/// A monitor's alarms as a file that somebody else checks with nothing but the region's public keys: what
/// was answered, signed by those who answered it. Its file form is JSON.
public record WatchEvidence(String format, Instant at, List<Item> items) {
    private static final String FORMAT = "mizuhiki-watch-evidence-1";

    /// Compare [WatchAlarm].
    ///
    /// @param code of the alarm
    /// @param checkpoints none, or two that do not go together
    public record Item(
            String code,
            String japanese,
            String english,
            Optional<PersonId> id,
            List<AuthorityRoutes.ListingBody> listings,
            List<Evidence> entries,
            List<SignedCheckpoint> checkpoints) {
        public Item {
            listings = List.copyOf(listings);
            entries = List.copyOf(entries);
            checkpoints = List.copyOf(checkpoints);
        }

        static Item of(WatchAlarm alarm) {
            return new Item(
                    alarm.why().code(),
                    alarm.why().japanese(),
                    alarm.why().english(),
                    alarm.id(),
                    alarm.listings().stream()
                            .map(AuthorityRoutes.ListingBody::of)
                            .toList(),
                    alarm.entries(),
                    alarm.checkpoints()
                            .map(c -> List.of(c.earlier(), c.later()))
                            .orElse(List.of()));
        }
    }

    /// What the file shows about one thing in it.
    ///
    /// @param proven whether it holds without trusting whoever wrote the file
    public record Finding(String alarm, boolean proven, String japanese, String english) {}

    public WatchEvidence {
        items = List.copyOf(items);
    }

    public static WatchEvidence of(Instant at, List<WatchAlarm> alarms) {
        return new WatchEvidence(FORMAT, at, alarms.stream().map(Item::of).toList());
    }

    /// @throws Refusal `watch-evidence-malformed`
    public static WatchEvidence open(Path file) {
        return read(WatchFile.read(file));
    }

    public void write(Path file) {
        WatchFile.write(file, this);
    }

    /// @throws Refusal `watch-evidence-malformed`
    public static WatchEvidence read(Bytes file) {
        try {
            if (file.size() <= WatchFile.MAX_BYTES) {
                var read = Json.read(file, WatchEvidence.class);
                if (read.format.equals(FORMAT)) {
                    return read;
                }
            }
            throw malformed(Optional.empty());
        } catch (Refusal refusal) {
            throw malformed(Optional.of(refusal));
        }
    }

    /// Checks everything offline, with the region's keys and roots only.
    public List<Finding> check(OfflineEvidenceCheck check, KeysFile known) {
        var findings = new ArrayList<Finding>();
        for (var item : items) {
            if (item.checkpoints().size() == 2) {
                findings.add(checkpoints(item, check, known));
            }
            item.entries().forEach(e -> findings.add(entry(item, e, check, known)));
            item.listings().forEach(l -> findings.add(listing(item, l, check, known)));
        }
        return findings;
    }

    private static Finding checkpoints(Item item, OfflineEvidenceCheck check, KeysFile known) {
        var two = item.checkpoints();
        var met = new Contradiction(two.getFirst(), two.getLast(), Refusal.of(item.code(), "", ""));
        try {
            return switch (met.proves(check, known.keys())) {
                case TWO_TREES ->
                    new Finding(
                            item.code(),
                            true,
                            "台帳の署名者は、同じ件数の2つの異なる台帳に署名した",
                            "The ledger's signer signed two different trees of as many entries");
                case SHRUNK ->
                    new Finding(
                            item.code(),
                            true,
                            "台帳の署名者は、後の時刻に、前より短い台帳に署名した",
                            "The ledger's signer signed a shorter ledger at a later time");
                case NOTHING ->
                    new Finding(
                            item.code(),
                            false,
                            "2つのチェックポイントはどちらも本物。食い違いは、台帳に両者の間の証明を求めて確かめる",
                            "Both checkpoints are genuine; ask the ledger for the proof between them to see that it has"
                                    + " none");
            };
        } catch (Refusal refusal) {
            return not(item, refusal);
        }
    }

    private static Finding entry(Item item, Evidence entry, OfflineEvidenceCheck check, KeysFile known) {
        try {
            var at = check.check(entry, known.keys());
            boolean his =
                    item.id().filter(id -> Directory.isOf(id, entry.entry())).isPresent();
            return new Finding(
                    item.code(),
                    his,
                    "台帳の " + entry.index() + " 番の記録は、" + at + " までに登録された" + (his ? "、この個人IDの鍵の記録である" : ""),
                    "Entry " + entry.index() + " was in the ledger by " + at
                            + (his ? " and is an entry of keys for this ID" : "; it is not about this ID"));
        } catch (Refusal refusal) {
            return not(item, refusal);
        }
    }

    /// Proven is what the ledger holds: the reporter wrote the file, and a listing whose proof does not hold may as
    /// well have been changed by the reporter as by the directory.
    private static Finding listing(
            Item item, AuthorityRoutes.ListingBody body, OfflineEvidenceCheck check, KeysFile known) {
        try {
            var listing = body.listing();
            if (!isCertified(listing, known.stampRoots())) {
                return new Finding(
                        item.code(),
                        false,
                        "この回答の証明書は、この地域の認証局がこの人に発行したものではない",
                        "The answer's certificates were not issued to this person by this region's authority");
            }
            var broken = entered(item, listing, check, known);
            var who = listing.member().identity() + " no. " + listing.place().number();
            return new Finding(
                    item.code(),
                    broken.isEmpty(),
                    who + "：地域の認証局が証明した鍵である。台帳の証明は"
                            + broken.map(code -> "成り立たない（" + code + "）。この回答があったことは報告者の言葉でしかない")
                                    .orElse("成り立つ"),
                    who + ": keys that the region's authority certified; the ledger's proof "
                            + broken.map(code ->
                                            "does not hold (" + code + "): that it was answered is the reporter's word")
                                    .orElse("holds"));
        } catch (Refusal refusal) {
            return not(item, refusal);
        }
    }

    private static Optional<String> entered(
            Item item, Directory.Listing listing, OfflineEvidenceCheck check, KeysFile known) {
        try {
            check.check(listing.evidence(), known.keys());
            boolean same = listing.evidence().entry().equals(Directory.entry(listing.record()))
                    && item.id()
                            .filter(id -> id.value().equals(listing.member().identity()))
                            .isPresent();
            return same ? Optional.empty() : Optional.of("listing-forged");
        } catch (Refusal refusal) {
            return Optional.of(refusal.code());
        }
    }

    /// Both keys, to whom the listing names, by a path of CAs to one of the roots. Whatever the time: this is about
    /// who did it, not whether to rely on it.
    private static boolean isCertified(Directory.Listing listing, List<X509Certificate> roots) {
        try {
            return !listing.signing().isEmpty()
                    && PathValidator.issuedTo(listing.signing(), Validator.Purpose.SIGN_RECORD, roots)
                            .equals(listing.member())
                    && PathValidator.issuedTo(DirectoryCheck.sealingChain(listing), Validator.Purpose.SEAL_FOR, roots)
                            .equals(listing.member());
        } catch (Refusal refusal) {
            return false;
        }
    }

    private static Finding not(Item item, Refusal refusal) {
        return new Finding(item.code(), false, refusal.japanese(), refusal.english());
    }

    private static Refusal malformed(Optional<Refusal> cause) {
        var ja = "監視の証拠ファイルの形式が正しくありません";
        var en = "The monitor's evidence file is malformed";
        return cause.map(c -> Refusal.of("watch-evidence-malformed", ja, en, c))
                .orElseGet(() -> Refusal.of("watch-evidence-malformed", ja, en));
    }
}
