package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.LogKeys;

@ExtendWith(SharedDatabase.class)
class RegionTrustTest {
    private static final LogKeys LOG =
            new LogKeys("ledger.example/1", Bytes.utf8("a"), Bytes.utf8("b"), Map.of("w", Bytes.utf8("c")), 1);

    @Test
    void itSurvivesItsFileForm(Region region, @TempDir Path folder) {
        var trust = new RegionTrust("みずひき", region.accreditation().roots(), LOG);
        trust.write(folder.resolve("region.trust"));
        assertEquals(trust, RegionTrust.read(folder.resolve("region.trust")));
        Refused.with("region-trust-malformed", () -> RegionTrust.read(folder.resolve("missing")));
    }

    @Test
    void aRootThatDidNotSignItselfIsRefused(Region region) {
        var ca = region.accreditation().certificate("person");
        Refused.with("region-trust-malformed", () -> new RegionTrust("r", List.of(ca), LOG));
        Refused.with("region-trust-malformed", () -> new RegionTrust("r", List.of(), LOG));
    }

    @Test
    void anAccreditationIsFoundedOnceAndOpenedAgainWithoutItsRootKey(Region region) throws Exception {
        var folder = region.folder();
        Refused.with(
                "region-exists",
                () -> Accreditation.found(folder, "x", Region.PUBLICATIONS, region.clock(), Region.DIE));
        java.nio.file.Files.delete(folder.resolve("root/root.key"));
        var again = Accreditation.open(folder, Region.DIE);
        assertEquals("みずひき", again.region());
        assertEquals(region.accreditation().roots(), again.roots());
        assertEquals(
                "rw-------",
                java.nio.file.attribute.PosixFilePermissions.toString(
                        java.nio.file.Files.getPosixFilePermissions(folder.resolve("authority/person.key"))));
        Refused.with("region-missing", () -> Accreditation.open(folder.resolve("root"), Region.DIE));
    }

    @FuzzTest
    void whateverIsInTheFileIsReadOrRefused(byte[] input) {
        try {
            RegionTrust.decode(Bytes.of(input));
        } catch (Refusal e) {
            assertTrue(e.code().equals("region-trust-malformed"));
        }
    }
}
