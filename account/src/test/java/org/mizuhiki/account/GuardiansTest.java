package org.mizuhiki.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.Recoveries.Begun;
import org.mizuhiki.keys.Recoveries.Given;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.seal.Seals;

/// Two of three guardians, over the key server's insides.
@Tag("V4")
@Tag("F11")
class GuardiansTest {
    @TempDir
    private static Path folder;

    private static BothServers both;
    private static final List<Guardian> GUARDIANS = new ArrayList<>();

    /// Somebody with a sealing key, a signing key and a certificate.
    private record Guardian(PersonId id, Opener.XWing opener, PrivateKey key, X509Certificate certificate) {
        Author author() {
            return new Author(key, List.of(certificate));
        }
    }

    /// What the region's roots are on a real device: who it is whom a certificate was issued to.
    private static final Guardians.Identity REGION = chain -> GUARDIANS.stream()
            .filter(g -> g.certificate().equals(chain.getFirst()))
            .findFirst()
            .orElseThrow(() -> Refusal.of("certificate-untrusted", "不明", "not of the region"))
            .id();

    private final PersonId person = PersonId.random(BothServers.DIE);
    private final Opener.XWing asking = BothServers.SEALS.newReaderKey();

    @BeforeAll
    static void start() throws Exception {
        both = new BothServers(folder);
        for (int i = 0; i < 3; i++) {
            GUARDIANS.add(guardian(folder.resolve("guardian-" + i)));
        }
    }

    @AfterAll
    static void stop() {
        both.close();
    }

    private static Guardian guardian(Path file) throws Exception {
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var made = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-alias",
                        "g",
                        "-dname",
                        "CN=guardian",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        made.getInputStream().readAllBytes();
        assertEquals(0, made.waitFor());
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, "changeit".toCharArray());
        }
        return new Guardian(
                PersonId.random(BothServers.DIE),
                BothServers.SEALS.newReaderKey(),
                (PrivateKey) store.getKey("g", "changeit".toCharArray()),
                (X509Certificate) store.getCertificate("g"));
    }

    private static String refusal(Executable work) {
        return assertThrows(Refusal.class, work).code();
    }

    private PersonAccount guarded() {
        var keys = new TreeMap<PersonId, Reader.XWing>();
        GUARDIANS.forEach(g -> keys.put(g.id(), new Reader.XWing(g.opener().publicKey())));
        var account = both.made(person, "forgotten horse", "keys");
        account.addGuardians(keys);
        return account;
    }

    private void approve(Guardian guardian, Begun begun, String code) {
        var asked = both.recoveries.asked(guardian.id()).stream()
                .filter(a -> a.id().equals(begun.id()))
                .findFirst()
                .orElseThrow();
        var approval =
                Guardians.approve(asked, guardian.id(), code, guardian.opener(), guardian.author(), BothServers.SEALS);
        both.recoveries.approve(guardian.id(), guardian.certificate(), approval);
    }

    private PersonAccount recover(Begun begun) {
        return both.accounts.recover(person, begun.id(), begun.secret(), asking, REGION, Seen.NOTHING);
    }

    @Test
    void twoOfThreeOpenTheAccountAfterTheDelayAndOneDoesNot() {
        guarded().close();
        var begun = both.accounts.askGuardians(person, asking);
        var code = Guardians.code(person, asking.publicKey());
        approve(GUARDIANS.get(2), begun, code);
        both.clock.forward(BothServers.DELAY);
        assertEquals("recovery-waiting", refusal(() -> recover(begun)));
        approve(GUARDIANS.get(0), begun, code);
        try (var account = recover(begun)) {
            assertEquals("keys", BothServers.text(account));
            account.setPassword(BothServers.secret("battery staple"));
        }
        assertEquals("keys", both.opened(person, "battery staple"));
    }

    @Test
    void nothingOpensBeforeTheDelayOrAfterTheVeto() {
        guarded().close();
        var begun = both.accounts.askGuardians(person, asking);
        var code = Guardians.code(person, asking.publicKey());
        GUARDIANS.forEach(g -> approve(g, begun, code));
        both.clock.forward(BothServers.DELAY.minus(Duration.ofSeconds(1)));
        assertEquals("recovery-waiting", refusal(() -> recover(begun)));
        var again = both.accounts.logIn(person, BothServers.secret("forgotten horse"), Seen.NOTHING);
        assertEquals(1, again.recoveries().size());
        assertEquals(1, again.veto());
        again.close();
        both.clock.forward(Duration.ofDays(1));
        assertEquals("recovery-over", refusal(() -> recover(begun)));
    }

    @Test
    void aGuardianWhoHearsAnotherCodeApprovesNothing() {
        guarded().close();
        var begun = both.accounts.askGuardians(person, asking);
        var thief = BothServers.SEALS.newReaderKey();
        var wrong = Guardians.code(person, thief.publicKey());
        assertEquals("recovery-code-differs", refusal(() -> approve(GUARDIANS.get(0), begun, wrong)));
    }

    @Test
    void oneGuardianWhoGivesNonsenseKeepsNobodyOut() {
        guarded().close();
        var begun = both.accounts.askGuardians(person, asking);
        var code = Guardians.code(person, asking.publicKey());
        approve(GUARDIANS.get(0), begun, code);
        approve(GUARDIANS.get(1), begun, code);
        // the third signs a share of the right form that is not the one that was given to keep
        var liar = GUARDIANS.get(2);
        var asked = both.recoveries.asked(liar.id()).getFirst();
        var random = Secret.taking(new byte[32]);
        var context = org.mizuhiki.house.Canonical.of(Map.of(
                "purpose", "mizuhiki guardian v1 given",
                "person", person.value(),
                "recovery", begun.id().hex(),
                "position", Integer.toString(asked.position()),
                "guardian", liar.id().value()));
        var share = GuardedShare.close(random, new Reader.XWing(asking.publicKey()), context, BothServers.SEALS);
        var statement =
                org.mizuhiki.keys.Recoveries.statement(begun.id(), person, liar.id(), asking.publicKey(), share);
        both.recoveries.approve(
                liar.id(),
                liar.certificate(),
                new org.mizuhiki.keys.Recoveries.Approval(
                        begun.id(),
                        share,
                        org.mizuhiki.house.Crypto.signed(liar.key(), statement.encode()),
                        encoded(liar)));
        both.clock.forward(BothServers.DELAY);
        try (var account = recover(begun)) {
            assertEquals("keys", BothServers.text(account));
        }
    }

    /// Whatever the secret: every two shares give it, none alone and no wrong one does.
    @Test
    void everyTwoSharesGiveTheSecretAndOneNever() {
        for (int i = 0; i < 200; i++) {
            try (var split = BothServers.SEALS.split(2, 3)) {
                for (int a = 1; a <= 3; a++) {
                    assertNotEquals(split.secret(), split.shares().get(a - 1));
                    for (int b = a + 1; b <= 3; b++) {
                        var two = Map.of(
                                a, split.shares().get(a - 1), b, split.shares().get(b - 1));
                        assertEquals(split.secret(), Seals.joined(two));
                        var swapped = Map.of(
                                b, split.shares().get(a - 1), a, split.shares().get(b - 1));
                        assertNotEquals(split.secret(), Seals.joined(swapped));
                    }
                }
            }
        }
    }

    @Test
    void everyBentBitOfAShareOrItsPlaceIsRefused() {
        var opener = BothServers.SEALS.newReaderKey();
        var context = org.mizuhiki.house.Canonical.of(Map.of("place", "here"));
        var share = GuardedShare.close(
                Secret.taking(new byte[32]), new Reader.XWing(opener.publicKey()), context, BothServers.SEALS);
        assertEquals(
                32, GuardedShare.open(share, opener, context, BothServers.SEALS).size());
        var elsewhere = org.mizuhiki.house.Canonical.of(Map.of("place", "there"));
        assertEquals("account-damaged", refusal(() -> GuardedShare.open(share, opener, elsewhere, BothServers.SEALS)));
        for (int bit = 0; bit < 8 * share.size(); bit++) {
            var bytes = share.toArray();
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            var bent = Bytes.of(bytes);
            assertEquals("account-damaged", refusal(() -> GuardedShare.open(bent, opener, context, BothServers.SEALS)));
        }
    }

    private static Bytes encoded(Guardian guardian) {
        try {
            return Bytes.of(guardian.certificate().getEncoded());
        } catch (java.security.cert.CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shareOfAnUnsignedOrForeignApprovalIsLeftOut() throws Exception {
        var id = Bytes.utf8("x").sha256();
        var one = GUARDIANS.get(0);
        var unsigned = new Given(1, one.id(), Bytes.utf8("{}"), Bytes.utf8("no"), Bytes.utf8("no"));
        assertEquals(Map.of(), shares(id, unsigned));
        // what a key server can make by itself: the right form, the guardian's ID, and a certificate of its own
        var context = org.mizuhiki.house.Canonical.of(Map.of(
                "purpose", "mizuhiki guardian v1 given",
                "person", person.value(),
                "recovery", id.hex(),
                "position", "1",
                "guardian", one.id().value()));
        var share = GuardedShare.close(
                Secret.taking(new byte[32]), new Reader.XWing(asking.publicKey()), context, BothServers.SEALS);
        var statement = org.mizuhiki.keys.Recoveries.statement(id, person, one.id(), asking.publicKey(), share);
        var forger = guardian(folder.resolve("forger"));
        assertEquals(Map.of(), shares(id, given(one, share, statement, forger)));
        // another guardian's certificate, of the region and with its right signature, under this one's ID
        assertEquals(Map.of(), shares(id, given(one, share, statement, GUARDIANS.get(1))));
        assertEquals(
                java.util.Set.of(1),
                shares(id, given(one, share, statement, one)).keySet());
    }

    private static Given given(Guardian named, Bytes share, org.mizuhiki.house.Canonical statement, Guardian signing) {
        var signature = org.mizuhiki.house.Crypto.signed(signing.key(), statement.encode());
        return new Given(1, named.id(), share, signature, encoded(signing));
    }

    private Map<Integer, Secret> shares(org.mizuhiki.house.Digest recovery, Given given) {
        return Guardians.shares(person, recovery, List.of(given), asking, REGION, BothServers.SEALS);
    }
}
