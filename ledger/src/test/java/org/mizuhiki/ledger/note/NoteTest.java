package org.mizuhiki.ledger.note;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

@Tag("B2")
class NoteTest {
    private static final SecureRandom DIE = new SecureRandom();

    /// The example of C2SP tlog-cosignature: a log's and a witness's line.
    private static final String EXAMPLE = """
            example.com/behind-the-sofa
            20852163
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

            — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
            — witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
            """;

    @Test
    void theSpecificationsExampleIsRead() {
        var note = Note.parse(EXAMPLE);
        assertEquals(2, note.lines().size());
        var checkpoint = Checkpoint.parse(note.text());
        assertEquals("example.com/behind-the-sofa", checkpoint.origin());
        assertEquals(20_852_163, checkpoint.size());
        assertEquals(EXAMPLE, note.encode());
    }

    @Test
    void malformedNotesAreRefused() {
        var line = "— a AAAAAAA=\n";
        for (var broken : List.of(
                "",
                "\n\n",
                "text\n",
                "text\n\n",
                "text\n\n" + line + "\n",
                "text\n\n-- a AAAAAAA=\n",
                "text\n\n— a b+ AA==\n",
                "text\n\n— a+b AAAAAAA=\n",
                "text\n\n— a AAAA\n",
                "text\n\n— a AAAAAAB=\n",
                "text\n\n— a AAAAAAA=",
                "te\txt\n\n" + line,
                "text\r\n\n" + line,
                "text\n\n" + line.repeat(33),
                "x".repeat(Note.MAX) + "\n\n" + line)) {
            assertEquals(
                    "checkpoint-forged",
                    assertThrows(Refusal.class, () -> Note.parse(broken)).code(),
                    broken);
        }
        for (var broken : List.of(
                "",
                "o\n1\n",
                "o\n01\n" + root(),
                "o\n-1\n" + root(),
                "o\n1\n" + root() + "more\n",
                "o o\n1\n" + root(),
                "o\n1\nAAAA\n",
                "o\n9999999999999999999\n" + root(),
                "o\n1\n" + root().replace("=", ""))) {
            assertThrows(Refusal.class, () -> Checkpoint.parse(broken), broken);
        }
    }

    private static String root() {
        return java.util.Base64.getEncoder().encodeToString(new byte[32]) + "\n";
    }

    @Test
    void everyKindOfLineIsVerifiedAndEveryFlippedBitOfItRefused() {
        var text = new Checkpoint("o.example", 7, Digest.of((byte) 1)).encode();
        for (var kind : NoteKey.Kind.values()) {
            var pair = SigningKeys.generate(kind, DIE);
            var key = new NoteKey("o.example", kind, Bytes.of(pair.getPublic().getEncoded()));
            var line = key.sign(text, pair.getPrivate(), Instant.EPOCH, DIE);
            assertEquals(Optional.of(line), key.find(new Note(text, List.of(line))));
            assertEquals(Optional.of(line), key.find(Note.parse(new Note(text, List.of(line)).encode())));
            var signature = line.signature().toArray();
            int step = signature.length > 1000 ? 13 : 1;
            for (int bit = 0; bit < signature.length * 8; bit += step) {
                var broken = signature.clone();
                broken[bit / 8] ^= (byte) (1 << bit % 8);
                var note = new Note(text, List.of(new Note.Line(line.name(), line.keyId(), Bytes.of(broken))));
                assertThrows(Refusal.class, () -> key.find(note));
            }
            var other = new Checkpoint("o.example", 8, Digest.of((byte) 1)).encode();
            assertThrows(Refusal.class, () -> key.find(new Note(other, List.of(line))));
            assertThrows(Refusal.class, () -> key.find(new Note(text, List.of(line, line))));
            assertTrue(new NoteKey("p.example", kind, key.spki())
                    .find(new Note(text, List.of(line)))
                    .isEmpty());
        }
    }

    @FuzzTest
    void everyNoteThatParsesIsSpelledOneWay(FuzzedDataProvider data) {
        var text = data.consumeRemainingAsString();
        try {
            var note = Note.parse(text);
            assertEquals(text, note.encode());
            assertEquals(note.text(), Checkpoint.parse(note.text()).encode());
        } catch (Refusal r) {
            assertEquals("checkpoint-forged", r.code());
        }
    }
}
