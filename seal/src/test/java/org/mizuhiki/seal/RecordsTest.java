package org.mizuhiki.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Refusal;

class RecordsTest {
    private static final TestPki PKI = new TestPki();
    private static final Seals SEALS = new Seals(PKI.die);
    private static final Author AUTHOR = PKI.author("Dr A");
    private static final Canonical RECORD = Canonical.of(Map.of("kind", "care-relation", "note", "認証"));

    private static String code(org.junit.jupiter.api.function.Executable action) {
        return assertThrows(Refusal.class, action).code();
    }

    @Test
    void aSignedRecordSaysWhatWhoAndWhen() {
        var verified = SEALS.records().verify(SEALS.records().sign(RECORD, AUTHOR, PKI.stamps()));
        assertEquals(RECORD, verified.record());
        assertEquals(AUTHOR.chain(), verified.signature().chain());
        assertEquals(TestPki.CLOCK.instant(), verified.signature().stampedAt());
        assertEquals(List.of(PKI.tsa), verified.signature().stampChain());
        var again = SEALS.stamps()
                .verify(
                        verified.signature().token(),
                        verified.signature().value().sha256());
        assertEquals(TestPki.CLOCK.instant(), again.at());
    }

    @Test
    void everyFlippedBitIsRefused() {
        var signed = SEALS.records().sign(RECORD, AUTHOR, PKI.stamps()).toArray();
        var accepted = new java.util.ArrayList<Integer>();
        for (int bit = 0; bit < signed.length * 8; bit++) {
            signed[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                SEALS.records().verify(Bytes.of(signed));
                accepted.add(bit);
            } catch (Refusal e) {
                // as it should be
            }
            signed[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertEquals(List.of(), accepted);
    }

    @Test
    void everyTruncationIsRefused() {
        var signed = SEALS.records().sign(RECORD, AUTHOR, PKI.stamps()).toArray();
        for (int size = 0; size < signed.length; size++) {
            var cut = Bytes.of(java.util.Arrays.copyOf(signed, size));
            assertEquals("record-malformed", code(() -> SEALS.records().verify(cut)));
        }
    }

    @Test
    void theSignatureInsideALetterIsNoStatement() {
        var inside =
                new CadesSignatures(PKI.die).sign(RECORD.encode(), CmsLetters.SUITE, List.of(), AUTHOR, PKI.stamps());
        assertEquals("signature-broken", code(() -> SEALS.records().verify(inside)));
    }

    @Test
    void aStampOverSomethingElseIsNeverBuiltIn() {
        var other = PKI.stamps().stamp(Bytes.utf8("other").sha256());
        assertEquals("stamp-broken", code(() -> SEALS.records().sign(RECORD, AUTHOR, imprint -> other)));
    }

    @Test
    void anAuthorityThatIsAwayIsSaidSo() {
        StampAuthority away = imprint -> {
            throw Refusal.of("stamp-unavailable", "タイムスタンプ局に接続できません", "The authority is away");
        };
        assertEquals("stamp-unavailable", code(() -> SEALS.records().sign(RECORD, AUTHOR, away)));
    }
}
