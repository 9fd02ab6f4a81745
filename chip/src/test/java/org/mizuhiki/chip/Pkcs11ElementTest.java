package org.mizuhiki.chip;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.lab.SoftTokens;

/// Tokens behind PKCS#11 keep the contract, shown with SoftHSM; what lies in them is used by other programs.
@Tag("N7")
class Pkcs11ElementTest extends SecureElementContract {
    private static final String ID = Bytes.utf8("mizuhiki-1").asHex();

    @TempDir
    static Path folder;

    private static SoftTokens tokens = new SoftTokens(Path.of(""), Path.of(""), List.of(), List.of());

    @BeforeAll
    static void makeTokens() throws Exception {
        assumeTrue(SoftTokens.possible(), SoftTokens.MISSING);
        var codes = Stream.of(0, 1, 2).map(Factory::code).map(c -> c.lend(b -> new String(b, US_ASCII)));
        tokens = SoftTokens.make(folder, codes.toList(), Cards.DIE);
        tokens.intoEnvironment();
    }

    private static Pkcs11Element opened() {
        return Pkcs11Element.open(tokens.library(), tokens.slots());
    }

    @Override
    SecureElement element() {
        var element = opened();
        for (int i = 0; i < tokens.slots().size(); i++) {
            element.slot(i, Factory.code(i)).clear();
        }
        return element;
    }

    @Test
    void aKeyIsFoundAgainWhenTheElementIsOpenedAnew() {
        var key = element().slot(1, Factory.code(1)).generate();
        var again = opened().slot(1, Factory.code(1));
        assertEquals(Optional.of(key), again.publicKey());
        assertTrue(Crypto.verifies(key, Bytes.utf8("x"), again.sign(Bytes.utf8("x"))));
        assertEquals(Optional.empty(), opened().slot(2, Factory.code(2)).publicKey());
    }

    @Test
    void keyAndCertificateHaveOneNameAndTheKeyCannotLeave() throws Exception {
        assumeTrue(onPath("pkcs11-tool"), "pkcs11-tool (package opensc) is not here: its test is skipped");
        var slot = element().slot(1, Factory.code(1));
        slot.store(List.of(Factory.certificate(slot.generate())));
        var said = tokens.run(
                "",
                Map.of(),
                "pkcs11-tool",
                "--module",
                tokens.library().toString(),
                "--token-label",
                "token-1",
                "--login",
                "--pin",
                tokens.pin(1),
                "--list-objects");
        var secret = said.substring(said.indexOf("Private Key Object"));
        assertTrue(secret.contains("sensitive, always sensitive, never extractable, local"), said);
        assertEquals(2, said.split("ID: +" + ID, -1).length - 1 - publicKeys(said), said);
        assertTrue(said.contains("Certificate Object; type = X.509 cert"), said);
    }

    /// Some libraries keep the public half as an object of its own.
    private static int publicKeys(String listing) {
        return listing.split("Public Key Object", -1).length - 1;
    }

    /// strongSwan's plugin, unmodified, finds the key by its CKA_ID and signs a request with it. Its process
    /// ends badly, in SoftHSM's C_Finalize after OpenSSL is gone; what it made is whole.
    @Test
    void strongSwanSignsWithTheKey() throws Exception {
        assumeTrue(
                onPath("pki") && Files.exists(Path.of("/usr/lib/ipsec/plugins/libstrongswan-pkcs11.so")),
                "strongSwan's pki and pkcs11 plugin (strongswan-pki, libstrongswan-extra-plugins) are not here");
        var key = element().slot(1, Factory.code(1)).generate();
        var settings = Files.writeString(folder.resolve("strongswan.conf"), """
                libstrongswan { plugins { pkcs11 { modules { tokens {
                  path = %s
                } } } } }
                pki { load = pkcs11 openssl random nonce x509 pem pubkey pkcs1 }
                """.formatted(tokens.library()));
        var said = tokens.run(
                tokens.pin(1),
                Map.of("STRONGSWAN_CONF", settings.toString()),
                "stdbuf",
                "-o0",
                "pki",
                "--req",
                "--type",
                "priv",
                "--keyid",
                ID,
                "--dn",
                "CN=router-1",
                "--outform",
                "pem");
        int start = said.indexOf("-----BEGIN CERTIFICATE REQUEST");
        assertTrue(start >= 0, said);
        try (var parser = new PEMParser(new StringReader(said.substring(start)))) {
            var request = (PKCS10CertificationRequest) parser.readObject();
            assertTrue(request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key)));
        }
    }

    @Test
    void whatIsNoTokenIsRefused() {
        var nothing = folder.resolve("nothing.so");
        assertEquals("token-unreadable", refused(() -> Pkcs11Element.open(nothing, List.of(0L))));
        assertEquals("token-unreadable", refused(() -> Pkcs11Element.open(tokens.library(), List.of(12345L))));
    }

    @Test
    void nobodyIsLoggedInBetweenTwoUses() {
        var element = element();
        element.slot(1, Factory.code(1)).generate();
        var stranger = element.slot(1, Factory.code(2));
        assertEquals("chip-code-wrong", refused(stranger::publicKey));
        assertEquals("chip-code-wrong", refused(stranger::clear));
        assertFalse(element.slot(1, Factory.code(1)).publicKey().isEmpty());
    }

    private static boolean onPath(String program) {
        return java.util.Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static String refused(Runnable attempt) {
        return assertThrows(Refusal.class, attempt::run).code();
    }
}
