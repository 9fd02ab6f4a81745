package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.EvidenceCheck;
import org.mizuhiki.ledger.LogKeys;

@ExtendWith(SharedDatabase.class)
@Tag("B1")
class ForeignRootsTest {
    private static final LogKeys LOG = new LogKeys("memory", Bytes.of(), Bytes.of(), Map.of(), 0);

    private static ForeignRoot root(Region region, String name) {
        return new ForeignRoot(
                new ForeignCa(name, region.clock()).root(),
                Set.of(ForeignRoot.Purpose.MAIL_SIGNING, ForeignRoot.Purpose.TLS_CLIENT),
                Set.of("example.jp", ".example.com"),
                Set.of("1.2.392.1"),
                Set.of("crl.example.jp"),
                region.clock().instant().plus(Duration.ofDays(100)));
    }

    private static EvidenceCheck check(Region region) {
        return (evidence, keys) -> region.clock().instant();
    }

    private static KnownForeignRoots known(Region region, Path file) {
        return KnownForeignRoots.open(check(region), LOG, file, region.clock());
    }

    private static ForeignRootBook book(Region region) {
        region.database().inTransaction(rows -> rows.execute("delete from foreign_root_change"));
        return region.authority().foreignRoots();
    }

    @Test
    void whatTheOperatorTrustsReachesClientsThroughTheLedger(Region region, @TempDir Path folder) {
        var book = book(region);
        var known = known(region, folder.resolve("roots.json"));
        known.refresh(book);
        assertEquals(List.of(), known.current().roots());
        var one = root(region, "One");
        var two = root(region, "Two");
        book.add(one, "山田", "県医師会との連携");
        book.add(two, "山田", "試験");
        known.refresh(book);
        assertEquals(List.of(one, two), known.current().roots());
        book.withdraw(two.digest(), "佐藤", "試験終了");
        known.refresh(book);
        assertEquals(List.of(one), known.current().roots());
        for (var change : book.history().changes()) {
            var entry = ForeignRootChange.decode(change).entry();
            assertTrue(region.ledger().entries.contains(entry));
            assertEquals("foreign-root", entry.kind());
        }
        assertEquals(
                List.of(one),
                known(region, folder.resolve("roots.json")).current().roots());
    }

    @Test
    void aChangeThatWaitsForTheLedgerIsNotPublished(Region region) {
        var book = book(region);
        book.add(root(region, "One"), "山田", "連携");
        region.ledger().away.set(true);
        book.add(root(region, "Two"), "山田", "連携");
        assertEquals(1, book.history().changes().size());
        region.ledger().away.set(false);
        book.add(root(region, "Three"), "山田", "連携");
        assertEquals(3, book.history().changes().size());
    }

    @Test
    void aListThatForgetsOrChangesItsPastIsNotTaken(Region region, @TempDir Path folder) {
        var book = book(region);
        var root = root(region, "One");
        book.add(root, "山田", "連携");
        var before = book.history();
        book.withdraw(root.digest(), "山田", "終了");
        var after = book.history();
        var known = known(region, folder.resolve("roots.json"));
        known.refresh(() -> after);
        Refused.with("foreign-roots-forged", () -> known.refresh(() -> before));
        assertEquals(List.of(), known.current().roots());

        var fresh = known(region, folder.resolve("other.json"));
        var swapped = after.changes().reversed();
        var first = after.changes().getFirst();
        var last = after.changes().getLast();
        for (var odd : List.of(swapped, List.of(last), List.of(first), List.of(first, first))) {
            Refused.with(
                    "foreign-roots-forged", () -> fresh.refresh(() -> new ForeignRoots.History(odd, after.evidence())));
        }
        Refused.with(
                "foreign-roots-forged",
                () -> fresh.refresh(() -> new ForeignRoots.History(after.changes(), Optional.empty())));
        assertEquals(0, fresh.current().number());
    }

    @Test
    void aKeptListThatWasChangedIsRefusedWhenLoaded(Region region, @TempDir Path folder) throws IOException {
        var book = book(region);
        book.add(root(region, "One"), "山田", "連携");
        var file = folder.resolve("roots.json");
        known(region, file).refresh(book);
        var text = Files.readString(file);
        Files.writeString(file, text.replaceFirst("\"changes\":\\[\"....", "\"changes\":[\"AAAA"));
        Refused.with("foreign-roots-forged", () -> known(region, file));
    }

    @Test
    void aKeptListIsGoodForTenDaysWithoutANetworkAndCountsFromWhenItWasLastAskedFor(Region region, @TempDir Path folder)
            throws IOException {
        var book = book(region);
        var file = folder.resolve("roots.json");
        known(region, file).mustBeFresh(Freshness.terminal()); // there is none, and nobody is believed
        book.add(root(region, "One"), "山田", "連携");
        var known = known(region, file);
        known.refresh(book);
        var now = region.clock().instant();
        for (var good : List.of(now, now.minus(Duration.ofDays(9)), now.plus(Duration.ofMinutes(4)))) {
            Files.setLastModifiedTime(file, FileTime.from(good));
            known(region, file).mustBeFresh(Freshness.terminal());
        }
        for (var odd : List.of(now.minus(Duration.ofDays(11)), now.plus(Duration.ofMinutes(6)))) {
            Files.setLastModifiedTime(file, FileTime.from(odd));
            Refused.with("foreign-roots-too-old", () -> known(region, file).mustBeFresh(Freshness.terminal()));
        }
        known.refresh(book); // no news, and asked all the same
        known.mustBeFresh(Freshness.terminal());
    }

    @Test
    void onlyWhatIsTrustedCanBeWithdrawnAndOnlyWithAName(Region region) {
        var book = book(region);
        var root = root(region, "One");
        Refused.with("foreign-root-unknown", () -> book.withdraw(root.digest(), "山田", "終了"));
        for (var odd : List.of("", " ", "a\nb", "\u202ex", "x".repeat(201))) {
            Refused.with("foreign-root-malformed", () -> book.add(root, odd, "連携"));
            Refused.with("foreign-root-malformed", () -> book.add(root, "山田", odd));
        }
        assertEquals(0, book.history().changes().size());
    }

    @Test
    void aRootThatSaysTooMuchOrTooLittleIsRefused(Region region) {
        var good = root(region, "One");
        var end = good.until();
        var none = Set.<String>of();
        var mail = Set.of(ForeignRoot.Purpose.MAIL_SIGNING);
        var leaf = new ForeignCa("One", region.clock()).mail("a@example.jp");
        Refused.with(
                "foreign-root-malformed", () -> new ForeignRoot(good.certificate(), Set.of(), none, none, none, end));
        Refused.with("foreign-root-malformed", () -> new ForeignRoot(leaf, mail, none, none, none, end));
        for (var odd : List.of("*", "a..b", "example.jp,b", "EXAMPLE.jp", "http://x", "x".repeat(300))) {
            Refused.with(
                    "foreign-root-malformed",
                    () -> new ForeignRoot(good.certificate(), mail, Set.of(odd), none, none, end));
            Refused.with(
                    "foreign-root-malformed",
                    () -> new ForeignRoot(good.certificate(), mail, none, Set.of(odd), none, end));
        }
    }

    @Test
    void everyFieldOfTheEventStandsOnItsPage(Region region) throws IOException {
        var at = region.clock().instant();
        var root = root(region, "One");
        var add = new ForeignRootChange(1, Optional.empty(), at, "山田", "連携", new ForeignRootChange.Deed.Add(root));
        var end = new ForeignRootChange(
                2,
                Optional.of(add.canonical().digest()),
                at,
                "山田",
                "終了",
                new ForeignRootChange.Deed.Withdraw(root.digest()));
        var page = Path.of("").toAbsolutePath();
        while (!Files.exists(page.resolve("docs/events.md"))) {
            page = java.util.Objects.requireNonNull(page.getParent());
        }
        var text = Files.readString(page.resolve("docs/events.md"));
        var section = text.substring(text.indexOf("`foreign-root`"));
        for (var change : List.of(add, end)) {
            assertEquals(change, ForeignRootChange.decode(change.canonical().encode()));
            change.canonical().fields().keySet().forEach(f -> assertTrue(section.contains("`" + f + "`"), f));
        }
        assertTrue(section.contains(add.canonical().get("form")));
    }

    @FuzzTest
    void whateverIsSentAsAChangeIsReadOrRefused(byte[] input) {
        try {
            ForeignRootChange.decode(Bytes.utf8(new String(input, StandardCharsets.UTF_8)));
        } catch (Refusal e) {
            assertEquals("foreign-root-malformed", e.code());
        }
    }
}
