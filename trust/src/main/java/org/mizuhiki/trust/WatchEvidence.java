package org.mizuhiki.trust;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
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

    private static Finding listing(
            Item item, AuthorityRoutes.ListingBody body, OfflineEvidenceCheck check, KeysFile known) {
        try {
            var listing = body.listing();
            if (!isCertified(listing.signing(), known.stampRoots())) {
                return new Finding(
                        item.code(),
                        false,
                        "この回答の証明書は、この地域の認証局が発行したものではない",
                        "The answer's certificate was not issued by this region's authority");
            }
            var held = entered(listing, check, known);
            var who = listing.member().identity() + " no. " + listing.place().number();
            return new Finding(
                    item.code(),
                    true,
                    who + "：地域の認証局が証明した鍵である。台帳の証明は" + (held.isEmpty() ? "成り立つ" : "成り立たない（" + held.get() + "）"),
                    who + ": keys that the region's authority certified; the ledger's proof "
                            + held.map(code -> "does not hold (" + code + ")").orElse("holds"));
        } catch (Refusal refusal) {
            return not(item, refusal);
        }
    }

    private static Optional<String> entered(Directory.Listing listing, OfflineEvidenceCheck check, KeysFile known) {
        try {
            check.check(listing.evidence(), known.keys());
            boolean same = listing.evidence().entry().equals(Directory.entry(listing.record()));
            return same ? Optional.empty() : Optional.of("listing-forged");
        } catch (Refusal refusal) {
            return Optional.of(refusal.code());
        }
    }

    /// Signed up to one of the roots, whatever the time: this is about who did it, not whether to rely on
    /// it.
    private static boolean isCertified(List<X509Certificate> chain, List<X509Certificate> roots) {
        try {
            for (int i = 0; i + 1 < chain.size(); i++) {
                chain.get(i).verify(chain.get(i + 1).getPublicKey());
            }
            return !chain.isEmpty() && roots.contains(chain.getLast());
        } catch (GeneralSecurityException e) {
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
