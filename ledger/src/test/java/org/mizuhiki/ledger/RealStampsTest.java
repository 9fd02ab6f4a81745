package org.mizuhiki.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Seals;

@Tag("B2")
class RealStampsTest {
    @TempDir
    Path folder;

    @TempDir
    Path elsewhere;

    @Test
    void aStampOfAPinnedAuthorityHoldsAndOneOfAnotherDoesNot() throws Exception {
        var stamps = TestIdentity.stamps(folder);
        var signer = LogSigner.generate(TestLog.ORIGIN, TestLog.DIE);
        var keys = signer.keys(Map.of(), 0);
        var entry = TestLog.entry("stamped");
        try (var log = TileLog.open(folder.resolve("log"), signer, keys, stamps, List.of(), LedgerSettings.usual())) {
            log.append(entry);
            var evidence = log.evidence(entry.leaf());
            var root = TestIdentity.certificate(folder, "root");
            var file = KeysFile.read(new KeysFile(keys, List.of(root)).write());
            var check = check(file);
            var at = check.check(evidence, file.keys());
            assertTrue(!at.isAfter(root.getNotAfter().toInstant())
                    && !at.isBefore(root.getNotBefore().toInstant()));

            TestIdentity.stamps(elsewhere);
            var other = new KeysFile(keys, List.of(TestIdentity.certificate(elsewhere, "root")));
            assertEquals(
                    "stamp-untrusted",
                    assertThrows(Refusal.class, () -> check(other).check(evidence, keys))
                            .code());
            var old = new SignedCheckpoint(evidence.checkpoint().note(), Bytes.of((byte) 0x30));
            var broken = new Evidence(entry, evidence.index(), evidence.path(), old);
            assertEquals(
                    "stamp-broken",
                    assertThrows(Refusal.class, () -> check.check(broken, keys)).code());
        }
    }

    private static OfflineEvidenceCheck check(KeysFile file) {
        return new OfflineEvidenceCheck(new Seals(TestLog.DIE).stamps(), new PinnedStampRoots(file.stampRoots()));
    }
}
