package org.mizuhiki.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.der.Der;
import org.mizuhiki.seal.der.Oids;

@Tag("B1")
class LettersTest {
    private static final TestPki PKI = new TestPki();
    private static final Seals SEALS = new Seals(PKI.die);
    private static final Letters LETTERS = SEALS.letters();
    private static final Author AUTHOR = PKI.author("Dr A");
    private static final Canonical METADATA = Canonical.of(Map.of("kind", "referral", "title", "紹介状"));
    private static final Bytes CONTENT = Bytes.utf8("拝啓 ".repeat(100));
    private static final KeyPair RSA = TestPki.rsa(2048);

    private static String code(org.junit.jupiter.api.function.Executable action) {
        return assertThrows(Refusal.class, action).code();
    }

    private static SealedLetter closed(Reader... readers) {
        return LETTERS.close(CONTENT, METADATA, AUTHOR, PKI.stamps(), List.of(readers));
    }

    private static Reader reader(Opener opener) {
        return switch (opener) {
            case Opener.XWing x -> new Reader.XWing(x.publicKey());
            case Opener.Foreign f -> new Reader.Foreign(f.certificate());
        };
    }

    private static List<Opener> everyKind() {
        return List.of(SEALS.newReaderKey(), PKI.foreign("Dr EC", TestPki.ec()), PKI.foreign("Dr RSA", RSA));
    }

    @Test
    void everyKindOfReaderGetsTheSameContentSignerAndTime() {
        var openers = everyKind();
        var letter = closed(openers.stream().map(LettersTest::reader).toArray(Reader[]::new));
        for (var opener : openers) {
            var opened = LETTERS.open(letter, opener);
            assertEquals(CONTENT, opened.content());
            assertEquals(METADATA, opened.metadata());
            assertEquals(AUTHOR.chain(), opened.signature().chain());
            assertEquals(TestPki.CLOCK.instant(), opened.signature().stampedAt());
        }
    }

    @Test
    void aLetterSurvivesItsFileForm() {
        var openers = everyKind();
        var letter = closed(openers.stream().map(LettersTest::reader).toArray(Reader[]::new));
        var file = LETTERS.encode(letter);
        var read = LETTERS.decode(file);
        assertEquals(letter.body(), read.body());
        assertEquals(letter.id(), read.id());
        assertEquals(java.util.Set.copyOf(letter.slots()), java.util.Set.copyOf(read.slots()));
        assertEquals(file, LETTERS.encode(read));
        openers.forEach(o -> assertEquals(CONTENT, LETTERS.open(read, o).content()));
    }

    @Test
    void anotherReaderIsGrantedWithoutTouchingTheBody() {
        for (var mine : everyKind()) {
            for (var next : everyKind()) {
                var letter = closed(reader(mine));
                var granted = letter.with(LETTERS.addSlot(letter, mine, reader(next)));
                assertEquals(letter.id(), granted.id());
                assertEquals(CONTENT, LETTERS.open(granted, next).content());
                assertEquals(CONTENT, LETTERS.open(granted, mine).content());
            }
        }
    }

    @Test
    void whoHasNoSlotIsRefused() {
        var letter = closed(reader(SEALS.newReaderKey()));
        for (var stranger : everyKind()) {
            assertEquals("seal-not-for-you", code(() -> LETTERS.open(letter, stranger)));
            assertEquals("seal-not-for-you", code(() -> LETTERS.addSlot(letter, stranger, reader(stranger))));
        }
    }

    @Test
    void aSlotOfAnotherLetterOpensNothing() {
        for (var opener : everyKind()) {
            var one = closed(reader(opener));
            var other = closed(reader(opener));
            var mixed = new SealedLetter(one.body(), other.slots());
            assertEquals("seal-broken", code(() -> LETTERS.open(mixed, opener)));
            assertEquals("seal-broken", code(() -> LETTERS.addSlot(mixed, opener, reader(SEALS.newReaderKey()))));
        }
    }

    @Test
    void aWrongPrivateKeyUnderARightNameIsRefused() {
        var right = SEALS.newReaderKey();
        var letter = closed(reader(right));
        var wrong = new Opener.XWing(SEALS.newReaderKey().seed(), right.publicKey());
        assertEquals("seal-broken", code(() -> LETTERS.open(letter, wrong)));
    }

    @Test
    void anUnknownSuiteIsNamedAsSuch() {
        var opener = SEALS.newReaderKey();
        var letter = closed(reader(opener));
        var hex = letter.body().asHex();
        var suite = java.util.HexFormat.of().formatHex(Der.write(Oids.LETTER_1));
        assertTrue(hex.contains(suite));
        var other = suite.substring(0, suite.length() - 2) + "01";
        var odd = new SealedLetter(
                Bytes.of(java.util.HexFormat.of().parseHex(hex.replace(suite, other))), letter.slots());
        assertEquals("suite-unknown", code(() -> LETTERS.open(odd, opener)));
        assertEquals("suite-unknown", code(() -> LETTERS.decode(LETTERS.encode(odd))));
    }

    @Test
    void badRequestsAreRefusedBeforeAnythingIsSigned() {
        StampAuthority never = imprint -> {
            throw new AssertionError("must not be asked");
        };
        var opener = SEALS.newReaderKey();
        assertEquals("readers-missing", code(() -> LETTERS.close(CONTENT, METADATA, AUTHOR, never, List.of())));
        var big = Bytes.of(new byte[Letters.MAX_CONTENT + 1]);
        assertEquals(
                "letter-too-large", code(() -> LETTERS.close(big, METADATA, AUTHOR, never, List.of(reader(opener)))));
        var rsa = PKI.foreign("RSA author", RSA);
        var unfit = new Author(rsa.key(), List.of(rsa.certificate()));
        assertEquals(
                "author-key-unusable",
                code(() -> LETTERS.close(CONTENT, METADATA, unfit, never, List.of(reader(opener)))));
    }

    @Test
    void anUnusableReaderKeyIsRefused() {
        var weak = PKI.foreign("weak", TestPki.rsa(1024));
        assertEquals("reader-key-malformed", code(() -> closed(reader(weak))));
        assertEquals("reader-key-malformed", code(() -> closed(new Reader.XWing(Bytes.of(ones())))));
    }

    private static byte[] ones() {
        var bytes = new byte[Reader.XWing.SIZE];
        java.util.Arrays.fill(bytes, (byte) 0xff);
        return bytes;
    }

    @Test
    void theLargestLetterTravels() {
        var opener = SEALS.newReaderKey();
        var content = Bytes.of(new byte[Letters.MAX_CONTENT]);
        var letter = LETTERS.close(content, METADATA, AUTHOR, PKI.stamps(), List.of(reader(opener)));
        assertEquals(
                content,
                LETTERS.open(LETTERS.decode(LETTERS.encode(letter)), opener).content());
    }

    @Test
    void everyFlippedBitOfTheFileFormIsRefused() {
        var opener = SEALS.newReaderKey();
        var letter = LETTERS.close(Bytes.utf8("x"), METADATA, AUTHOR, PKI.stamps(), List.of(reader(opener)));
        var file = LETTERS.encode(letter).toArray();
        for (int bit = 0; bit < file.length * 8; bit++) {
            file[bit / 8] ^= (byte) (1 << bit % 8);
            var flipped = Bytes.of(file);
            assertThrows(Refusal.class, () -> LETTERS.open(LETTERS.decode(flipped), opener), "bit " + bit);
            file[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    @Test
    void everyTruncationAndExtensionIsRefused() {
        var opener = SEALS.newReaderKey();
        var file = LETTERS.encode(closed(reader(opener))).toArray();
        for (int size = 0; size < file.length; size++) {
            var cut = Bytes.of(java.util.Arrays.copyOf(file, size));
            assertEquals("seal-malformed", code(() -> LETTERS.decode(cut)));
        }
        var longer = Bytes.of(java.util.Arrays.copyOf(file, file.length + 1));
        assertEquals("seal-malformed", code(() -> LETTERS.decode(longer)));
    }
}
