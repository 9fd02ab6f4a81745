package org.mizuhiki.apps.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Refusal;

class RoleConfigTest {
    private static final String GOOD = """
            role: store
            folder: data
            host: 127.0.0.1
            port: 8443
            names: [localhost]
            region: ../region.json
            """;

    @TempDir
    Path folder;

    @Test
    void relativePathsAreMeantFromTheConfigurationFile() throws Exception {
        var read = RoleConfig.read(write(GOOD));
        assertEquals(folder.resolve("data"), read.folder());
        assertEquals(folder.resolveSibling("region.json"), read.region());
    }

    @Test
    void anUnknownFieldIsNamedInTheRefusal() throws Exception {
        var refusal = assertThrows(Refusal.class, () -> RoleConfig.read(write(GOOD + "prot: 1\n")));
        assertEquals("config-invalid", refusal.code());
        assertTrue(refusal.english().contains("prot"), refusal.english());
    }

    @Test
    void aMissingFieldIsRefused() throws Exception {
        var refusal = assertThrows(Refusal.class, () -> RoleConfig.read(write(GOOD.replace("folder: data\n", ""))));
        assertTrue(refusal.english().contains("folder"), refusal.english());
    }

    @Test
    void aMissingFileIsRefused() {
        var refusal = assertThrows(Refusal.class, () -> RoleConfig.read(folder.resolve("none.yaml")));
        assertEquals("config-missing", refusal.code());
    }

    @FuzzTest
    void anyFileIsReadOrRefused(FuzzedDataProvider data) throws Exception {
        var file = Files.createTempFile("config", ".yaml");
        try {
            Files.writeString(file, data.consumeRemainingAsString());
            RoleConfig.read(file);
        } catch (Refusal refused) {
            assertTrue(refused.code().startsWith("config-"));
        } finally {
            Files.delete(file);
        }
    }

    private Path write(String yaml) throws Exception {
        return Files.writeString(folder.resolve("config.yaml"), yaml);
    }
}
