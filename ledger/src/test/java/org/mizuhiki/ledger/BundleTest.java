package org.mizuhiki.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

@Tag("B2")
class BundleTest {
    @TempDir
    Path folder;

    private record Made(Bundle bundle, LogKeys keys, BundleCheck check) {}

    private Made made(int entries) throws Exception {
        try (var test = new TestLog(folder, 1, 1)) {
            for (int i = 0; i < entries; i++) {
                test.log.append(TestLog.entry("statement " + i));
            }
            var items = new ArrayList<Bundle.Item>();
            TestLog.await(() -> test.log.published() == entries);
            for (int i = 0; i < entries; i++) {
                var evidence = test.log.evidence(TestLog.leaf("statement " + i));
                items.add(
                        i % 2 == 0 ? Bundle.Item.of(evidence, Bytes.utf8("statement " + i)) : Bundle.Item.of(evidence));
            }
            return new Made(new Bundle(items), test.keys, new BundleCheck(test.offline(), Bytes::sha256));
        }
    }

    @Test
    void aBundleGoesThroughAFileAndHolds() throws Exception {
        var made = made(5);
        var read = BundleFile.read(BundleFile.write(made.bundle()));
        assertEquals(made.bundle(), read);
        var findings = made.check().check(read, made.keys());
        assertEquals(5, findings.size());
        for (var finding : findings) {
            assertTrue(finding.held(), finding.english());
            assertEquals("held", finding.code());
            assertEquals(Optional.of(FakeStamps.NOON), finding.stampedAt());
        }
    }

    /// A flipped bit either breaks the form, or the item it touches; a bundle that changed never wholly
    /// holds.
    @Test
    void aBundleWithAnyBitFlippedIsRefused() throws Exception {
        var made = made(2);
        var file = BundleFile.write(made.bundle()).toArray();
        // all bits would be 60,000 signature checks: one moving bit of every fifth byte; NoteTest has the signatures'
        // own
        for (int i = 0; i < file.length; i += 5) {
            for (int bit = i % 8; bit < 8; bit += 8) {
                var broken = file.clone();
                broken[i] ^= (byte) (1 << bit);
                assertFalse(holds(made, Bytes.of(broken)), "byte " + i + " bit " + bit);
            }
        }
    }

    private static boolean holds(Made made, Bytes file) {
        try {
            return made.check().check(BundleFile.read(file), made.keys()).stream()
                    .allMatch(BundleCheck.Finding::held);
        } catch (Refusal r) {
            return false;
        }
    }

    @Test
    void everyBitOfEvidenceCounts() throws Exception {
        var made = made(7);
        var good = made.bundle().items().get(3).evidence();
        var check = made.check().check();
        check.check(good, made.keys());
        for (var broken : alterations(good)) {
            assertThrows(Refusal.class, () -> check.check(broken, made.keys()));
        }
        var stamp = good.checkpoint().stamp().toArray();
        for (int bit = 0; bit < stamp.length * 8; bit++) {
            var cut = stamp.clone();
            cut[bit / 8] ^= (byte) (1 << bit % 8);
            var broken = new SignedCheckpoint(good.checkpoint().note(), Bytes.of(cut));
            assertThrows(
                    Refusal.class,
                    () -> check.check(new Evidence(good.entry(), good.index(), good.path(), broken), made.keys()));
        }
        var note = good.checkpoint().note();
        for (int i = 0; i < note.length(); i += i < 300 ? 1 : 11) {
            int flipped = note.charAt(i) ^ (1 << i % 7);
            var broken = new SignedCheckpoint(
                    note.substring(0, i) + (char) flipped + note.substring(i + 1),
                    good.checkpoint().stamp());
            assertThrows(
                    Refusal.class,
                    () -> check.check(new Evidence(good.entry(), good.index(), good.path(), broken), made.keys()));
        }
    }

    private static List<Evidence> alterations(Evidence good) {
        var all = new ArrayList<Evidence>();
        all.add(new Evidence(new Entry("other", good.entry().record()), good.index(), good.path(), good.checkpoint()));
        all.add(new Evidence(TestLog.entry("other"), good.index(), good.path(), good.checkpoint()));
        for (int bit = 0; bit < 63; bit++) {
            all.add(new Evidence(good.entry(), good.index() ^ (1L << bit), good.path(), good.checkpoint()));
        }
        for (int i = 0; i < good.path().size(); i++) {
            for (int bit = 0; bit < 256; bit += 5) {
                var hash = good.path().get(i).toArray();
                hash[bit / 8] ^= (byte) (1 << bit % 8);
                var path = new ArrayList<>(good.path());
                path.set(i, org.mizuhiki.house.Digest.ofHash(hash));
                all.add(new Evidence(good.entry(), good.index(), path, good.checkpoint()));
            }
        }
        return all;
    }

    @Test
    void aMissingWitnessAnUntrustedStampAndAForeignStatementAreNamed() throws Exception {
        var made = made(1);
        var item = made.bundle().items().getFirst();
        var note = item.evidence().checkpoint().note();
        var lonely = note.substring(0, note.lastIndexOf("\n", note.length() - 2) + 1);
        var bare = new SignedCheckpoint(lonely, item.evidence().checkpoint().stamp());
        var good = item.evidence();
        var without = new Bundle(List.of(Bundle.Item.of(new Evidence(good.entry(), good.index(), good.path(), bare))));
        assertEquals("witness-missing", code(made.check(), without, made.keys()));
        var untrusting = new BundleCheck(
                new OfflineEvidenceCheck(new FakeStamps(), new PinnedStampRoots(List.of())), Bytes::sha256);
        assertEquals("stamp-untrusted", code(untrusting, made.bundle(), made.keys()));
        var swapped = new Bundle(List.of(Bundle.Item.of(good, Bytes.utf8("another statement"))));
        assertEquals("statement-mismatch", code(made.check(), swapped, made.keys()));
        var others =
                LogSigner.generate(TestLog.ORIGIN, TestLog.DIE).keys(made.keys().witnesses(), 1);
        assertEquals("checkpoint-forged", code(made.check(), made.bundle(), others));
    }

    private static String code(BundleCheck check, Bundle bundle, LogKeys keys) {
        return check.check(bundle, keys).getFirst().code();
    }

    @Test
    void bundlesThatAreNotExactlyOursAreRefused() throws Exception {
        var text = BundleFile.write(made(2).bundle()).asUtf8();
        for (var broken : List.of(
                "",
                "{}",
                "null",
                "[]",
                "{\"format\":\"mizuhiki-ledger-bundle/1\"}",
                text + "\n",
                " " + text,
                text + text,
                text.replaceFirst("\\{", "{\"more\":1,"),
                text.replaceFirst("/1\"", "/2\""),
                text.replaceFirst("\"index\":0", "\"index\":\"0\""),
                text.replaceFirst("\"index\":0", "\"index\":0.0"),
                text.replaceFirst("\"checkpoint\":0", "\"checkpoint\":1"),
                text.replaceFirst("\"path\":\\[\"", "\"path\":[null,\""),
                text.replaceFirst("\"checkpoints\":\\[", "\"checkpoints\":[null,"),
                "[".repeat(100_000))) {
            var refusal = assertThrows(Refusal.class, () -> BundleFile.read(Bytes.utf8(broken)));
            assertEquals("bundle-malformed", refusal.code());
        }
    }

    @Test
    void keysGoThroughAFileAndBadOnesAreRefused() throws Exception {
        var made = made(1);
        var file = new KeysFile(made.keys(), List.of()).write();
        assertEquals(made.keys(), KeysFile.read(file).keys());
        var text = file.asUtf8();
        for (var broken : List.of(
                "",
                "{}",
                text.replace("keys/1", "keys/2"),
                text.replaceFirst("\"quorum\" : 1", "\"quorum\" : 2"),
                text.replaceFirst("\"quorum\" : 1", "\"quorum\" : -1"),
                text.replaceFirst("\"classical\" : \"....", "\"classical\" : \"AAAA"))) {
            assertEquals(
                    "log-keys-malformed",
                    assertThrows(Refusal.class, () -> KeysFile.read(Bytes.utf8(broken)))
                            .code());
        }
    }

    @FuzzTest
    void noBytesMakeTheReaderFail(FuzzedDataProvider data) {
        var bytes = Bytes.of(data.consumeRemainingAsBytes());
        try {
            assertEquals(bytes, BundleFile.write(BundleFile.read(bytes)));
        } catch (Refusal r) {
            assertTrue(r.code().startsWith("bundle-"), r.code());
        }
    }

    @FuzzTest
    void noBytesMakeTheKeysReaderFail(FuzzedDataProvider data) {
        try {
            KeysFile.read(Bytes.of(data.consumeRemainingAsBytes()));
        } catch (Refusal r) {
            assertEquals("log-keys-malformed", r.code());
        }
    }
}
