package org.mizuhiki.records;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.records.bounded.PackageArchive;

/// One fuzzer per parser: a plain test run repeats the inputs kept beside it, `JAZZER_FUZZ=1` looks for
/// new ones.
@Tag("V9")
class LetterFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void theLetterCheckAlwaysAnswers(byte[] json) {
        new DocumentRules().check(Bytes.of(json));
    }

    @FuzzTest(maxDuration = "1m")
    void theDicomReaderReadsOrRefuses(byte[] file) {
        try {
            var header = DicomHeader.read(new ByteArrayInputStream(file));
            require(header.describe().length() < 1000);
        } catch (Refusal refusal) {
            require(refusal.code().equals("dicom-unreadable"));
        }
    }

    @FuzzTest(maxDuration = "1m")
    void thePackageReaderReadsOrRefuses(byte[] file) {
        try {
            var files = PackageArchive.read(new ByteArrayInputStream(file));
            require(files.keySet().stream().allMatch(name -> name.startsWith("package/") && !name.contains("/../")));
        } catch (IOException refused) {
            // refusing is the other right answer
        }
    }

    @FuzzTest(maxDuration = "1m")
    void thePdfCheckAlwaysAnswers(byte[] tail) throws IOException {
        var file = Files.createTempFile("fuzz", ".pdf");
        try {
            Files.write(file, Bytes.utf8("%PDF-1.7\n").toArray());
            Files.write(file, tail, java.nio.file.StandardOpenOption.APPEND);
            AttachmentReading.check(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new AssertionError("a parser answered what it must not");
        }
    }
}
