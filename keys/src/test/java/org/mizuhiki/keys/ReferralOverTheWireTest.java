package org.mizuhiki.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.consent.Statement.CareRelation;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.consent.Statement.Revocation;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.Live.Device;
import org.mizuhiki.seal.SealedLetter;
import org.mizuhiki.seal.Slot;
import org.mizuhiki.trust.Registrar;

/// The key server's part of referral case 1, with real certificates, seals, ledger, database and TLS.
@Tag("V2")
@Tag("V3")
@Tag("V6")
@Tag("V7")
@Tag("B2")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReferralOverTheWireTest {
    private static final Bytes CONTENT = Bytes.utf8("紹介状 MARKER-7f3a 肺炎の疑い");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private Live live;

    @BeforeAll
    void open() throws IOException {
        live = new Live(folder);
    }

    @AfterAll
    void close() throws IOException {
        live.close();
    }

    /// A letter on file, and who has to do with it.
    private record Case(Device doctor, Device colleague, Device patient, SealedLetter letter) {}

    private Case letter() {
        var c = new Object() {
            final Device doctor = live.doctor("医師 A");
            final Device patient = live.patient();
        };
        for (var by : List.of(c.doctor, c.patient)) {
            var at = Live.now();
            var half = new CareRelation(
                    by.id(), c.doctor.id(), c.patient.id(), at, at.plus(Duration.ofDays(365)), Live.nonce());
            by.keys().say(by.id(), live.sign(half, by));
        }
        var letter = Live.SEALS
                .letters()
                .close(
                        CONTENT,
                        Canonical.of(Map.of("title", "MARKER-7f3a")),
                        c.doctor.author(),
                        live.stamps,
                        List.of(c.doctor.reader(), c.patient.reader()));
        var slots = new HashMap<PersonId, Slot>();
        for (var who : List.of(c.doctor, c.patient)) {
            slots.put(who.id(), slotOf(letter, who));
        }
        var sealed = new LetterSealed(c.doctor.id(), c.patient.id(), letter.id(), List.of(), Live.now(), Live.nonce());
        c.doctor.keys().file(c.doctor.id(), live.sign(sealed, c.doctor), slots);
        return new Case(c.doctor, live.doctor("医師 B"), c.patient, letter);
    }

    private static Slot slotOf(SealedLetter letter, Device who) {
        return letter.slots().stream()
                .filter(s -> s.keyId().equals(who.reader().keyId()))
                .findFirst()
                .orElseThrow();
    }

    private LateralGrant grant(Case c) {
        var slot = Live.SEALS.letters().addSlot(c.letter, c.doctor.opener(), c.colleague.reader());
        var at = Live.now();
        var grant = new LateralGrant(
                c.doctor.id(),
                c.colleague.id(),
                c.patient.id(),
                c.letter.id(),
                slot.encoded().sha256(),
                "referral",
                at,
                at.plus(Duration.ofDays(30)),
                Live.nonce());
        c.doctor.keys().grant(c.doctor.id(), live.sign(grant, c.doctor), slot);
        return grant;
    }

    private Disclosure opening(Case c, Device by, Optional<LateralGrant> grant) {
        return new Disclosure(
                by.id(),
                c.patient.id(),
                c.letter.id(),
                grant.map(LateralGrant::id),
                "treatment",
                Live.now(),
                Live.nonce());
    }

    @Test
    void theReaderOpensTheLetterTheOwnerSeesItAndTheLedgerProvesIt() {
        var c = letter();
        var grant = grant(c);
        var said = opening(c, c.colleague, Optional.of(grant));
        var release = c.colleague.keys().release(c.colleague.id(), live.sign(said, c.colleague));

        var opened = Live.SEALS
                .letters()
                .open(new SealedLetter(c.letter.body(), List.of(release.slot())), c.colleague.opener());
        assertEquals(CONTENT, opened.content());
        assertEquals(
                said.entry(),
                live.ledger.evidence(release.disclosure().receipt().leaf()).entry());

        var seen = c.patient.keys().aboutLetter(c.patient.id(), c.letter.id());
        assertEquals(said, live.statements.check(seen.getLast().signed()).statement());
        assertEquals(
                seen.getLast(),
                c.patient.keys().involving(c.patient.id(), 1, Long.MAX_VALUE).getFirst());
        assertEquals(
                List.of("letter-sealed", "lateral-grant", "care-relation", "care-relation"),
                release.about().stream()
                        .map(f -> live.statements.check(f.signed()).statement().kind())
                        .toList());
    }

    @Test
    void aThirdDoctorIsRefused() {
        var c = letter();
        var grant = grant(c);
        var third = live.doctor("医師 C");
        var said = live.sign(opening(c, third, Optional.of(grant)), third);
        var refusal = assertThrows(Refusal.class, () -> third.keys().release(third.id(), said));
        assertEquals("letter-unknown", refusal.code());
        var stolen = live.sign(opening(c, c.colleague, Optional.of(grant)), c.colleague);
        refusal = assertThrows(Refusal.class, () -> third.keys().release(c.colleague.id(), stolen));
        assertEquals("statement-signer", refusal.code());
    }

    @Test
    void whatThePatientEndsOpensNoMore() {
        var c = letter();
        var grant = grant(c);
        var end = new Revocation(c.patient.id(), grant.id(), "withdrawn", Live.now(), Live.nonce());
        c.patient.keys().say(c.patient.id(), live.sign(end, c.patient));
        var said = live.sign(opening(c, c.colleague, Optional.of(grant)), c.colleague);
        var refusal = assertThrows(Refusal.class, () -> c.colleague.keys().release(c.colleague.id(), said));
        assertEquals("grant-revoked", refusal.code());
    }

    /// A key server that remembered its answer would give the slot again for a day.
    @Test
    void theSameRequestAgainOpensNoMoreEither() throws Exception {
        var c = letter();
        var grant = grant(c);
        var said = live.sign(opening(c, c.colleague, Optional.of(grant)), c.colleague);
        var first = live.disclose(c.colleague, said, "a-key-of-16-chars-1");
        assertEquals(200, first.statusCode(), first.body());
        var end = new Revocation(c.patient.id(), grant.id(), "withdrawn", Live.now(), Live.nonce());
        c.patient.keys().say(c.patient.id(), live.sign(end, c.patient));
        var second = live.disclose(c.colleague, said, "a-key-of-16-chars-1");
        assertEquals(403, second.statusCode(), second.body());
        assertTrue(second.body().contains("grant-revoked"), second.body());
    }

    @Test
    void aReaderWhoseCertificateWasRevokedGetsNothing() {
        var c = letter();
        var grant = grant(c);
        var said = live.sign(opening(c, c.colleague, Optional.of(grant)), c.colleague);
        live.authority
                .revocation(new Registrar.Operator())
                .revoke(c.colleague.member(), org.mizuhiki.trust.Revocation.Reason.KEY_COMPROMISE);
        live.lists.refresh();
        var refusal = assertThrows(Refusal.class, () -> c.colleague.keys().release(c.colleague.id(), said));
        assertEquals("certificate-revoked", refusal.code());
    }

    /// Every table as text, and every file of the database server: no plaintext and no private key is in
    /// them.
    @Test
    void theKeyServerHoldsNeitherPlaintextNorPrivateKeys() throws IOException {
        var c = letter();
        var grant = grant(c);
        c.colleague
                .keys()
                .release(c.colleague.id(), live.sign(opening(c, c.colleague, Optional.of(grant)), c.colleague));
        live.keysDatabase.inTransaction(tx -> tx.execute("checkpoint"));
        live.keysDatabase.backup(folder.resolve("backup"));
        var secrets = Stream.of(c.doctor, c.patient, c.colleague)
                .flatMap(d -> Stream.of(
                        d.opener().seed().lend(Bytes::of),
                        Bytes.of(d.author().key().getEncoded())))
                .toList();
        boolean sawSlot = false;
        for (var place : List.of("backup", "keys-rows")) {
            try (var files = Files.walk(folder.resolve(place))) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    var text = Files.readString(file, StandardCharsets.ISO_8859_1);
                    var lower = text.toLowerCase(Locale.ROOT);
                    assertFalse(text.contains("MARKER-7f3a"), file.toString());
                    for (var secret : secrets) {
                        assertFalse(
                                text.contains(new String(secret.toArray(), StandardCharsets.ISO_8859_1)),
                                file.toString());
                        assertFalse(lower.contains(secret.asHex()), file.toString());
                        assertFalse(text.contains(secret.asBase64()), file.toString());
                    }
                    sawSlot |= text.contains(grant.slot().hex())
                            || lower.contains(c.letter.id().hex());
                }
            }
        }
        assertTrue(sawSlot, "the search must find what is there");
    }

    @Test
    void everyByteOfASignedStatementChangedIsRefused() {
        var c = letter();
        var statement = opening(c, c.patient, Optional.empty());
        var signed = live.sign(statement, c.patient).toArray();
        for (int i = 0; i < signed.length; i++) {
            byte was = signed[i];
            signed[i] ^= (byte) (1 << Live.DIE.nextInt(8));
            var changed = Bytes.of(signed);
            signed[i] = was;
            assertThrows(Refusal.class, () -> live.statements.check(changed), "byte " + i);
        }
    }
}
