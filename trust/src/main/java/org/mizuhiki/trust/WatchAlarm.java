package org.mizuhiki.trust;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Contradiction;
import org.mizuhiki.ledger.Evidence;

/// Something that an honest authority never does, with what there is to show for it.
///
/// @param why stable code and words
/// @param id whose keys; absent when it is about the ledger as a whole
/// @param listings what the directory answered
/// @param entries the ledger's proofs of entries that the directory does not show
/// @param checkpoints two that do not go together
public record WatchAlarm(
        Refusal why,
        Optional<PersonId> id,
        List<Directory.Listing> listings,
        List<Evidence> entries,
        Optional<Contradiction> checkpoints) {
    public WatchAlarm {
        listings = List.copyOf(listings);
        entries = List.copyOf(entries);
    }

    static WatchAlarm of(Contradiction contradiction) {
        return new WatchAlarm(contradiction.why(), Optional.empty(), List.of(), List.of(), Optional.of(contradiction));
    }

    /// With nothing to show: a checkpoint that is not signed as it should be proves nothing of anybody.
    static WatchAlarm of(Refusal why) {
        return new WatchAlarm(why, Optional.empty(), List.of(), List.of(), Optional.empty());
    }

    static WatchAlarm listing(Refusal why, PersonId id, List<Directory.Listing> answered) {
        return new WatchAlarm(why, Optional.of(id), answered, List.of(), Optional.empty());
    }

    static WatchAlarm hidden(PersonId id, List<Directory.Listing> answered, List<Evidence> entries) {
        var why = Refusal.of(
                "entry-hidden",
                "台帳に、この個人IDの鍵の記録がありますが、鍵台帳はそれを見せません。別の相手にだけ見せている可能性があります",
                "The ledger holds an entry of keys for this ID which the directory does not show; it may be shown to"
                        + " others only");
        return new WatchAlarm(why, Optional.of(id), answered, entries, Optional.empty());
    }

    static WatchAlarm unlogged(PersonId id, List<Directory.Listing> answered) {
        return listing(
                Refusal.of(
                        "entry-not-in-ledger",
                        "鍵台帳が、公開台帳にない鍵の記録を答えました",
                        "The directory answered with an entry of keys that is not in the public ledger"),
                id,
                answered);
    }

    static WatchAlarm foreignKey(PersonId id, List<Directory.Listing> strange) {
        return listing(
                Refusal.of(
                        "key-not-yours",
                        "あなたの個人IDに、この端末で作っていない鍵が登録されています。以前の端末のものなら --accept で認め、心当たりがなければ直ちに運営者と登録した医療機関に連絡してください",
                        "Keys that were not made on this device are entered for your ID; if they are an earlier device's,"
                                + " accept them with --accept, else tell the operator and your institution at once"),
                id,
                strange);
    }

    static WatchAlarm memoriesDiffer(PersonId id) {
        return listing(
                Refusal.of(
                        "watch-states-differ",
                        "二つの監視の記録が、同じ台帳について食い違っています。どちらかのファイルが書き換えられています",
                        "The two monitors' states differ about one ledger; one of the files was changed"),
                id,
                List.of());
    }
}
