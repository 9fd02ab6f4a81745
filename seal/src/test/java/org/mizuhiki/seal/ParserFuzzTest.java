package org.mizuhiki.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// One fuzzer for every parser behind the door: a clear refusal, or the one spelling of what was read.
class ParserFuzzTest {
    private static final Seals SEALS = new Seals(new SecureRandom());
    private static final Digest IMPRINT = Digest.of(new byte[0]);

    private static void refusedAtMost(Runnable parser) {
        try {
            parser.run();
        } catch (Refusal e) {
            assertFalse(e.code().isEmpty());
        }
    }

    @FuzzTest(maxDuration = "60s")
    void aLetterHasOneSpelling(byte[] input) {
        var file = Bytes.of(input);
        refusedAtMost(
                () -> assertEquals(file, SEALS.letters().encode(SEALS.letters().decode(file))));
    }

    @FuzzTest(maxDuration = "60s")
    void aRecordIsRefusedOrVerified(byte[] input) {
        refusedAtMost(() -> SEALS.records().verify(Bytes.of(input)));
    }

    @FuzzTest(maxDuration = "60s")
    void aTokenIsRefusedOrVerified(byte[] input) {
        refusedAtMost(() -> SEALS.stamps().verify(Bytes.of(input), IMPRINT));
    }

    @FuzzTest(maxDuration = "60s")
    void aStampResponseIsRefusedOrAccepted(byte[] input) {
        refusedAtMost(() -> SEALS.stamps().accept(SEALS.stamps().request(IMPRINT), Bytes.of(input)));
    }

    @FuzzTest(maxDuration = "60s")
    void aBoxIsRefused(byte[] input) {
        refusedAtMost(() -> SEALS.boxes().open(Bytes.of(input), Secret.taking(new byte[1])));
    }

    @FuzzTest(maxDuration = "60s")
    void aStreamIsRefused(byte[] input) throws IOException {
        try {
            SEALS.streams()
                    .open(new ByteArrayInputStream(input), SEALS.streams().newKey(), Bytes.utf8("c"))
                    .readAllBytes();
        } catch (Refusal e) {
            assertEquals("seal-broken", e.code());
        }
    }

    @FuzzTest(maxDuration = "60s")
    void aFileIsRefusedOrLookedAt(byte[] input) throws IOException {
        var file = Files.createTempFile("mizuhiki-fuzz", ".seal");
        try {
            Files.write(file, input);
            SEALS.files().inspect(file);
        } catch (Refusal e) {
            assertFalse(e.code().isEmpty());
        } finally {
            Files.delete(file);
        }
    }
}
