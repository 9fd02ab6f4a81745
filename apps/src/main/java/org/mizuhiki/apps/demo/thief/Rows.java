package org.mizuhiki.apps.demo.thief;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.mizuhiki.house.Bytes;

/// One table as PostgreSQL's COPY writes it (text format: a line a row, tabs between columns).
///
/// @param all row by row
public record Rows(List<List<String>> all) {
    private static final String BINARY = "\\\\x";

    public Rows {
        all = List.copyOf(all);
    }

    /// @param backup of one server
    public static Rows of(Path backup, String table) throws IOException {
        return new Rows(Files.readAllLines(backup.resolve("rows").resolve(table + ".copy")).stream()
                .map(line -> List.of(line.split("\t", -1)))
                .toList());
    }

    /// Those that have this in this column, counted from 0.
    public Rows with(int column, String value) {
        return new Rows(
                all.stream().filter(row -> row.get(column).equals(value)).toList());
    }

    /// A column of bytes.
    public List<Bytes> bytes(int column) {
        return all.stream()
                .map(row -> row.get(column))
                .filter(field -> field.startsWith(BINARY))
                .map(field -> Bytes.of(HexFormat.of().parseHex(field.substring(BINARY.length()))))
                .toList();
    }
}
