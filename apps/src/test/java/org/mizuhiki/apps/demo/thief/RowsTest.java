package org.mizuhiki.apps.demo.thief;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;

@Tag("V2")
class RowsTest {
    @Test
    void aTableIsReadAsCopyWroteIt(@TempDir Path backup) throws Exception {
        Files.createDirectory(backup.resolve("rows"));
        Files.writeString(
                backup.resolve("rows/share.copy"), "P-1\t\\\\x00ff\tkept\nP-2\t\\\\x01\tover\nP-1\t\\N\tover\n");
        var rows = Rows.of(backup, "share");
        assertEquals(
                List.of(Bytes.of((byte) 0, (byte) 255)), rows.with(0, "P-1").bytes(1));
        assertEquals(1, rows.with(0, "P-2").with(2, "over").all().size());
    }
}
