package org.mizuhiki.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.mizuhiki.account.ClosedSlot.Way;
import org.mizuhiki.chip.JpkiSimulator;
import org.mizuhiki.chip.MunicipalitySimulator;
import org.mizuhiki.chip.NationalCard;
import org.mizuhiki.chip.NationalCard.Credential;
import org.mizuhiki.chip.Programs;
import org.mizuhiki.chip.SoftCard;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.Account;

/// Slots, codes and cards by themselves.
@Tag("V4")
class SlotsTest {
    private final PersonId person = PersonId.random(BothServers.DIE);

    private static String refusal(Executable work) {
        return assertThrows(Refusal.class, work).code();
    }

    private static Secret random(int size) {
        var bytes = new byte[size];
        BothServers.DIE.nextBytes(bytes);
        return Secret.taking(bytes);
    }

    private Way way(WayIn in, String name) {
        var key = in.key(person, name, Optional.empty(), BothServers.SEALS);
        return new Way(
                in.kind(),
                name,
                key.opener().publicKey(),
                key.binder(),
                "",
                "2026-11-23T09:00:00Z",
                Canonical.of(Map.of()));
    }

    @Test
    void aSlotOpensForItsPersonKindNameAndSecretOnlyAndNoBitMayDiffer() {
        var in = new WayIn.Code(random(16));
        var master = MasterKey.fresh(person, 7, BothServers.DIE);
        var closed = ClosedSlot.close(master, way(in, "recovery-code-1"), BothServers.SEALS);
        var key = in.key(person, "recovery-code-1", Optional.empty(), BothServers.SEALS);
        assertEquals(master.key(), closed.open(person, key, BothServers.SEALS).key());
        assertTrue(closed.encode().size() <= Account.MAX_WRAPPED);
        // another person, kind, name or secret derives another key
        var other = PersonId.random(BothServers.DIE);
        assertEquals("account-damaged", refusal(() -> closed.open(other, key, BothServers.SEALS)));
        for (var wrong : new WayIn.WayKey[] {
            in.key(other, "recovery-code-1", Optional.empty(), BothServers.SEALS),
            in.key(person, "recovery-code-2", Optional.empty(), BothServers.SEALS),
            in.key(person, "recovery-code-1", Optional.of(Bytes.of(new byte[32])), BothServers.SEALS),
            new WayIn.Password(in.secret()).key(person, "recovery-code-1", Optional.empty(), BothServers.SEALS),
        }) {
            assertEquals("account-damaged", refusal(() -> closed.open(person, wrong, BothServers.SEALS)));
        }
        // another epoch or name on the same bytes
        var renamed = new ClosedSlot(
                closed.kind(),
                "x",
                closed.epoch(),
                closed.publicKey(),
                closed.wrapped(),
                closed.content(),
                closed.notes());
        var older = new ClosedSlot(
                closed.kind(),
                closed.name(),
                6,
                closed.publicKey(),
                closed.wrapped(),
                closed.content(),
                closed.notes());
        assertEquals("account-damaged", refusal(() -> renamed.open(person, key, BothServers.SEALS)));
        assertEquals("account-damaged", refusal(() -> older.open(person, key, BothServers.SEALS)));
        var encoded = closed.encode();
        assertEquals(encoded, ClosedSlot.decode(encoded).encode());
        for (int bit = 0; bit < 8 * encoded.size(); bit += 3) {
            var bytes = encoded.toArray();
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            var bent = Bytes.of(bytes);
            assertEquals(
                    "account-damaged",
                    refusal(() -> ClosedSlot.decode(bent).open(person, key, BothServers.SEALS)),
                    "bit " + bit);
        }
    }

    @Test
    void theKeyringAndTheHeadOpenInTheirPlaceOnlyAndNoBitMayDiffer() {
        var master = MasterKey.fresh(person, 7, BothServers.DIE);
        var vault = new Vault(java.util.List.of(), BothServers.secret("keys")).close(master, 3, BothServers.DIE);
        assertEquals(BothServers.secret("keys"), Vault.open(master, 3, vault).keyring());
        assertEquals("account-damaged", refusal(() -> Vault.open(master, 2, vault)));
        var head = new Head(3, vault.sha256(), Optional.of(MasterKey.fresh(person, 6, BothServers.DIE)));
        var closed = head.close(master, 9, BothServers.DIE);
        assertEquals(3, Head.open(master, 9, closed).keyring());
        assertEquals("account-damaged", refusal(() -> Head.open(master, 8, closed)));
        assertEquals("account-damaged", refusal(() -> Vault.open(master, 9, closed)));
        for (var whole : new Bytes[] {vault, closed}) {
            for (int bit = 0; bit < 8 * whole.size(); bit++) {
                var bytes = whole.toArray();
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
                var bent = Bytes.of(bytes);
                assertEquals("account-damaged", refusal(() -> Vault.open(master, 3, bent)));
                assertEquals("account-damaged", refusal(() -> Head.open(master, 9, bent)));
            }
        }
    }

    @Test
    @Tag("F11")
    void aRecoveryCodeIsReadBackHoweverItIsTypedAndEveryWrongCharacterIsNoticed() {
        for (int i = 0; i < 50; i++) {
            var code = RecoveryCode.fresh(BothServers.DIE);
            var text = RecoveryCode.revealed(code);
            assertTrue(text.matches("([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}"), text);
            var typed = text.toLowerCase(java.util.Locale.ROOT)
                    .replace('-', ' ')
                    .replace('0', 'o')
                    .replace('1', 'l');
            assertEquals(
                    code.secret(), RecoveryCode.read(BothServers.secret(typed)).secret());
            int at = BothServers.DIE.nextInt(text.length());
            if (text.charAt(at) != '-') {
                char wrong = text.charAt(at) == 'Z' ? 'Y' : 'Z';
                var mistyped = text.substring(0, at) + wrong + text.substring(at + 1);
                assertNotEquals(text, mistyped);
                // 12 bits of checksum: one slip in 4096 passes, and then the account does not open
                try {
                    assertNotEquals(
                            code.secret(),
                            RecoveryCode.read(BothServers.secret(mistyped)).secret());
                } catch (Refusal refusal) {
                    assertEquals("recovery-code-mistyped", refusal.code());
                }
            }
        }
        for (var wrong : new String[] {"", "7KQ2", "U".repeat(28), "0".repeat(29), "0".repeat(300), "復旧"}) {
            assertEquals("recovery-code-mistyped", refusal(() -> RecoveryCode.read(BothServers.secret(wrong))));
        }
    }

    @FuzzTest
    void whateverIsTypedIsACodeOrRefused(byte[] typed) {
        try {
            assertEquals(
                    RecoveryCode.BYTES,
                    RecoveryCode.read(Secret.taking(typed)).secret().size());
        } catch (Refusal refusal) {
            assertEquals("recovery-code-mistyped", refusal.code());
        }
    }

    @FuzzTest
    void whateverAServerAnswersIsASlotOrRefused(byte[] encoded) {
        try {
            assertEquals(Bytes.of(encoded), ClosedSlot.decode(Bytes.of(encoded)).encode());
        } catch (Refusal refusal) {
            assertEquals("account-damaged", refusal.code());
        }
    }

    private static NationalCard card(JpkiSimulator jpki) throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), BothServers.DIE);
        var card = SoftCard.inMemory(BothServers.DIE);
        card.install(Programs.NATIONAL_CARD_SIMULATOR, Bytes.of());
        var resident = new JpkiSimulator.Resident("模擬 花子", LocalDate.of(1970, 1, 2), 2, "模擬県見本市1-2-3", "Mihon-shi");
        new MunicipalitySimulator(jpki, generator.generateKeyPair().getPublic())
                .personalise(card, resident, BothServers.secret("1234"), BothServers.secret("ABC123"));
        return NationalCard.on(card);
    }

    @Test
    void aCardMakesTheSameSecretAgainAndOpensNothingWithoutTheServersShare() throws Exception {
        var jpki = new JpkiSimulator(Clock.systemUTC(), BothServers.DIE);
        try (var mine = card(jpki);
                var another = card(jpki)) {
            assertEquals("card-not-permitted", refusal(() -> CardSignature.of(mine, person)));
            // the right to the other key, which admitted terminals have without a PIN, makes nothing
            mine.verify(Credential.AUTHENTICATION, BothServers.secret("1234"));
            assertEquals("card-not-permitted", refusal(() -> CardSignature.of(mine, person)));
            mine.verify(Credential.SIGNATURE, BothServers.secret("ABC123"));
            another.verify(Credential.SIGNATURE, BothServers.secret("ABC123"));
            var first = CardSignature.of(mine, person);
            assertEquals(
                    first.way().secret(), CardSignature.of(mine, person).way().secret());
            assertNotEquals(
                    first.way().secret(),
                    CardSignature.of(another, person).way().secret());
            var others = CardSignature.of(mine, PersonId.random(BothServers.DIE));
            assertNotEquals(first.way().secret(), others.way().secret());
            var share = Optional.of(CardSignature.share(BothServers.DIE));
            var key = first.way().key(person, "card-1", share, BothServers.SEALS);
            var alone = first.way().key(person, "card-1", Optional.empty(), BothServers.SEALS);
            assertNotEquals(key.opener().publicKey(), alone.opener().publicKey());
        }
    }
}
