package org.mizuhiki.apps.command;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.trust.Directory.Listing;
import org.mizuhiki.trust.Validator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Somebody's keys, now or before.
@Command(
        name = "show",
        description = {
            "個人IDの今の鍵、過去の鍵。答えはすべて台帳で検証する",
            "Somebody's keys by ID, now or before; every answer is verified against the ledger"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES)
final class DirectoryShow implements Callable<Integer> {
    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "ID", description = "個人ID / the person's ID", converter = Arguments.Person.class)
    @SuppressWarnings("NullAway.Init")
    private PersonId id;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "その時点の鍵（例 2026-11-22T10:30） / the keys of that time, like 2026-11-22T10:30",
            converter = Arguments.Time.class)
    private @Nullable Instant at;

    @Option(names = "--past", description = "過去の鍵もすべて（新しい順） / all keys of before too, the latest first")
    private boolean past;

    /// A line of `--json`.
    ///
    /// @param standing `standing`, `past`, or with `--at` why the key did not count then
    record Row(
            String id,
            int number,
            String who,
            String signing,
            String sealing,
            String record,
            String from,
            String until,
            String standing,
            long ledger) {}

    @Override
    public Integer call() throws Exception {
        return device.useRegion((_, region) -> {
            var current = current(region);
            var all = new ArrayList<>(current);
            if (past || at != null) {
                all.addAll(region.directory().past(id));
                region.directoryCheck().history(id, all);
            }
            if (all.isEmpty()) {
                throw Refusal.of("person-unknown", "この個人IDの登録は見つかりません", "No registration has this person's ID");
            }
            if (at == null) {
                all.forEach(l -> tell(l, current.contains(l) ? "standing" : "past"));
            } else {
                var then = of(all, at);
                tell(then, standing(region, then, at));
            }
            return Exit.OK;
        });
    }

    private List<Listing> current(Region region) {
        try {
            var found = region.directory().find(id);
            region.directoryCheck().check(id, found);
            return List.of(found);
        } catch (Refusal refusal) {
            if ((past || at != null) && refusal.code().equals("person-unknown")) {
                return List.of();
            }
            throw refusal;
        }
    }

    private static Listing of(List<Listing> all, Instant time) {
        return all.stream()
                .filter(l -> !l.signing().getFirst().getNotBefore().toInstant().isAfter(time))
                .findFirst()
                .orElseThrow(() ->
                        Refusal.of("person-unknown", "その時点では、まだ登録がありません", "Nothing was registered yet at that time"));
    }

    private static String standing(Region region, Listing listing, Instant time) {
        try {
            region.validator().check(listing.signing(), Validator.Purpose.SIGN_RECORD, time);
            return "standing";
        } catch (Refusal refusal) {
            return refusal.code();
        }
    }

    private void tell(Listing l, String standing) {
        var own = l.signing().getFirst();
        var row = new Row(
                l.member().identity(),
                l.place().number(),
                Arguments.who(l.member()),
                Fingerprint.of(own),
                Fingerprint.of(l.sealing()),
                l.record().digest().hex(),
                Arguments.when(own.getNotBefore().toInstant()),
                Arguments.when(own.getNotAfter().toInstant()),
                standing,
                l.evidence().index());
        output.tell(
                row,
                "%s%n  %d番目の鍵 / key no. %d: %s%n  署名鍵 / signing: %s%n  封緘鍵 / sealing: %s%n  期間 / life: %s – %s%n"
                                .formatted(
                                        row.who,
                                        row.number,
                                        row.number,
                                        words(standing),
                                        row.signing,
                                        row.sealing,
                                        row.from,
                                        row.until)
                        + "  台帳 / ledger: 記録 %d、検証済み / entry %d, verified".formatted(row.ledger, row.ledger));
    }

    private static String words(String standing) {
        return switch (standing) {
            case "standing" -> "有効 / standing";
            case "past" -> "過去の鍵 / of the past";
            default -> "その時点では使えない / did not count then: " + standing;
        };
    }
}
