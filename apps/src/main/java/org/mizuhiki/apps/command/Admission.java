package org.mizuhiki.apps.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.UnaryOperator;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Json;

/// What a terminal shows to cards before its institution authenticates itself: nothing secret.
///
/// @param certificate [InstitutionForms#certificate]
/// @param signature of the root that cards believe
record Admission(Bytes certificate, Bytes signature) {
    private static final int LARGEST = 4096;

    Admission(Bytes certificate, UnaryOperator<Bytes> root) {
        this(certificate, root.apply(certificate));
    }

    void write(Path file) throws IOException {
        Files.write(file, Json.write(this).toArray(), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    /// @throws Refusal `option-malformed`
    static Admission read(Path file) throws IOException {
        if (!Files.exists(file) || Files.size(file) > LARGEST) {
            throw Refusal.of(
                    "option-malformed",
                    "--admission のファイルを読めません: " + file,
                    "The file of --admission cannot be read: " + file);
        }
        return Json.read(Bytes.of(Files.readAllBytes(file)), Admission.class);
    }
}
