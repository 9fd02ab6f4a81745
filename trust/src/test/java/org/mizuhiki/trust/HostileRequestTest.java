package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.issue.Arc;

class HostileRequestTest {
    private static final KeyPair KEY = KeyFiles.newKeyPair(Region.DIE);
    private static final Enrolment.Request GOOD =
            EnrolmentRequests.person(KEY, new Seals(Region.DIE).newReaderKey().publicKey());

    private static void refused(String code, Bytes signing) {
        Refused.with(
                code, () -> RequestCheck.read(new Enrolment.Request(signing, GOOD.sealing(), GOOD.binding()), true));
    }

    private static Bytes request(String subject, KeyPair named, KeyPair signer) throws Exception {
        return builder(subject, named, signer, false);
    }

    private static Bytes builder(String subject, KeyPair named, KeyPair signer, boolean attribute) throws Exception {
        var builder = new PKCS10CertificationRequestBuilder(
                new X500Name(subject),
                SubjectPublicKeyInfo.getInstance(named.getPublic().getEncoded()));
        if (attribute) {
            builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_challengePassword, new DERUTF8String("x"));
        }
        return Bytes.of(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()))
                .getEncoded());
    }

    @Test
    void aGoodRequestPasses() throws Exception {
        assertTrue(RequestCheck.read(GOOD, true).sealing().isPresent());
        var server = RequestCheck.read(EnrolmentRequests.server(KEY), false);
        assertEquals(
                Bytes.of(KEY.getPublic().getEncoded()),
                Bytes.of(server.signing().getEncoded()));
    }

    @Test
    void everyFlippedBitOfARequestIsRefused() {
        for (var part : new String[] {"signing", "sealing", "binding"}) {
            var good = part(part).toArray();
            int step = part.equals("sealing") ? 97 : 1; // any bit of the sealing key breaks the same signature
            for (int bit = 0; bit < good.length * 8; bit += step) {
                var bad = good.clone();
                bad[bit / 8] ^= (byte) (1 << bit % 8);
                assertThrows(
                        Refusal.class, () -> RequestCheck.read(with(part, Bytes.of(bad)), true), part + " bit " + bit);
            }
        }
    }

    private static Bytes part(String name) {
        return switch (name) {
            case "signing" -> GOOD.signing();
            case "sealing" -> GOOD.sealing().orElseThrow();
            default -> GOOD.binding().orElseThrow();
        };
    }

    private static Enrolment.Request with(String part, Bytes value) {
        return switch (part) {
            case "signing" -> new Enrolment.Request(value, GOOD.sealing(), GOOD.binding());
            case "sealing" -> new Enrolment.Request(GOOD.signing(), Optional.of(value), GOOD.binding());
            default -> new Enrolment.Request(GOOD.signing(), GOOD.sealing(), Optional.of(value));
        };
    }

    @Test
    void everyTruncationIsRefused() {
        var good = GOOD.signing().toArray();
        for (int size = 0; size < good.length; size++) {
            refused("request-malformed", Bytes.of(Arrays.copyOf(good, size)));
        }
        refused("request-malformed", Bytes.of(Arrays.copyOf(good, good.length + 1)));
    }

    @Test
    void aRequestThatNamesSomebodyIsRefused() throws Exception {
        refused("request-malformed", request("CN=P-7KQ2-M3XW-9D4C", KEY, KEY));
        refused("request-malformed", builder("", KEY, KEY, true));
    }

    @Test
    void aHugeSubjectIsRefusedUnread() throws Exception {
        var rdn = new org.bouncycastle.asn1.x500.RDN(
                org.bouncycastle.asn1.x500.style.BCStyle.DESCRIPTION, new DERUTF8String("x".repeat(100_000)));
        var builder = new PKCS10CertificationRequestBuilder(
                new X500Name(new org.bouncycastle.asn1.x500.RDN[] {rdn}),
                SubjectPublicKeyInfo.getInstance(KEY.getPublic().getEncoded()));
        var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(KEY.getPrivate());
        refused("request-malformed", Bytes.of(builder.build(signer).getEncoded()));
    }

    @Test
    void deeplyNestedAsn1IsRefused() {
        var bomb = new byte[1000];
        for (int i = 0; i + 1 < bomb.length; i += 2) {
            bomb[i] = 0x30;
            bomb[i + 1] = (byte) 0x80; // indefinite length, never closed
        }
        refused("request-malformed", Bytes.of(bomb));
        refused("request-malformed", Bytes.of((byte) 0x30, (byte) 0x84, (byte) 0x7f, (byte) 0xff, (byte) 0xff, (byte)
                0xff));
    }

    @Test
    void aForgedProofOfPossessionIsRefused() throws Exception {
        refused("possession-unproven", request("", KEY, KeyFiles.newKeyPair(Region.DIE)));
    }

    @Test
    void aSealingKeyBoundBySomebodyElseIsRefused() {
        var other = KeyFiles.newKeyPair(Region.DIE);
        var sealing = GOOD.sealing().orElseThrow();
        var stolen = new Enrolment.Request(
                GOOD.signing(), GOOD.sealing(), Optional.of(EnrolmentRequests.bind(other.getPrivate(), sealing)));
        Refused.with("possession-unproven", () -> RequestCheck.read(stolen, true));
    }

    @Test
    void keysOfOtherCurvesAreRefused() throws Exception {
        var large = KeyFiles.newKeyPair("secp384r1", Region.DIE);
        refused("key-unfit", request("", large, KEY));
    }

    @Test
    void aTrivialKeyIsRefused() throws Exception {
        var curve = org.bouncycastle.asn1.sec.SECNamedCurves.getByName("secp256r1");
        var point = curve.getG().multiply(java.math.BigInteger.valueOf(3)).getEncoded(false);
        refused("key-unfit", withPoint(point));
        point[64] ^= 1; // off the curve
        refused("key-unfit", withPoint(point));
    }

    private static Bytes withPoint(byte... point) throws Exception {
        var info = KEY.getPublic().getEncoded().clone();
        System.arraycopy(point, 0, info, info.length - 65, 65);
        var builder = new PKCS10CertificationRequestBuilder(new X500Name(""), SubjectPublicKeyInfo.getInstance(info));
        return Bytes.of(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(KEY.getPrivate()))
                .getEncoded());
    }

    @Test
    void anUnfitSealingKeyIsRefused() {
        var zero = Bytes.of(new byte[1216]); // X25519 point of small order
        var large = GOOD.sealing().orElseThrow().toArray();
        Arrays.fill(large, 0, 3, (byte) 0xff); // coefficient beyond q
        for (var bad : Set.of(zero, Bytes.of(large), Bytes.of(new byte[1215]))) {
            var request = new Enrolment.Request(
                    GOOD.signing(), Optional.of(bad), Optional.of(EnrolmentRequests.bind(KEY.getPrivate(), bad)));
            Refused.with("key-unfit", () -> RequestCheck.read(request, true));
        }
    }

    @Test
    void aServerBringsNoSealingKeyAndAPersonMustBringOne() {
        Refused.with("request-malformed", () -> RequestCheck.read(GOOD, false));
        Refused.with("request-malformed", () -> RequestCheck.read(EnrolmentRequests.server(KEY), true));
    }

    @FuzzTest
    void whateverComesIsReadOrRefused(byte[] input) {
        try {
            RequestCheck.read(new Enrolment.Request(Bytes.of(input), Optional.empty(), Optional.empty()), false);
        } catch (Refusal e) {
            assertTrue(Set.of("request-malformed", "key-unfit", "possession-unproven")
                    .contains(e.code()));
        }
    }

    @FuzzTest
    void whateverAnOrdinaryToolSendsIsReadOrRefused(byte[] input) {
        try {
            RequestCheck.named(Bytes.of(input), new Member.Server("keys", "keys.example"));
        } catch (Refusal e) {
            assertTrue(Set.of("request-malformed", "key-unfit", "possession-unproven", "name-not-yours")
                    .contains(e.code()));
        }
    }

    @Test
    void evidenceIsOneOctetStringOrNone() throws Exception {
        var said = Bytes.utf8("where it lies");
        var shown = EnrolmentRequests.of(KEY.getPublic(), c -> Bytes.of(new byte[8]), Optional.of(said));
        assertEquals(Optional.of(said), RequestCheck.evidence(shown));
        assertEquals(
                Optional.empty(),
                RequestCheck.evidence(EnrolmentRequests.server(KEY).signing()));
        var octets = new DEROctetString(said.toArray());
        refusedEvidence(new ASN1Encodable[] {octets, new DEROctetString(new byte[1])});
        refusedEvidence(new ASN1Encodable[] {});
        refusedEvidence(new ASN1Encodable[] {new DERUTF8String("where it lies")});
        refusedEvidence(new ASN1Encodable[] {octets}, new ASN1Encodable[] {new DEROctetString(new byte[1])});
    }

    private static void refusedEvidence(ASN1Encodable[]... attributes) throws Exception {
        var builder = new PKCS10CertificationRequestBuilder(
                new X500Name(""),
                SubjectPublicKeyInfo.getInstance(KEY.getPublic().getEncoded()));
        for (var values : attributes) {
            builder.addAttribute(Arc.CHIP_PROOF, values);
        }
        var request = Bytes.of(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(KEY.getPrivate()))
                .getEncoded());
        Refused.with("request-malformed", () -> RequestCheck.evidence(request));
    }

    @FuzzTest
    void whateverIsShownForAKeyIsReadOrRefused(byte[] input) {
        try {
            assertTrue(RequestCheck.evidence(Bytes.of(input)).stream().allMatch(e -> e.size() <= 4096));
        } catch (Refusal e) {
            assertEquals("request-malformed", e.code());
        }
    }

    @Test
    void aTicketInTwoHalvesIsTheSameAndHasNoOtherForm() {
        var ticket = Ticket.parse("0123456789abcdef.00112233445566778899aabbccddeeff");
        var digits = ticket.digits();
        assertEquals(ticket, Ticket.of(ticket.id(), digits));
        for (var wrong : List.of(
                "", "0", "00112233445566778899AABBCCDDEEFF", "00112233445566778899aabbccddee", "0".repeat(31) + "g")) {
            var bytes = Secret.taking(Bytes.utf8(wrong).toArray());
            Refused.with("ticket-malformed", () -> Ticket.of(ticket.id(), bytes));
        }
    }

    @FuzzTest
    void whateverIsWrittenAsATicketIsReadOrRefused(byte[] input) {
        try {
            Ticket.parse(new String(input, java.nio.charset.StandardCharsets.UTF_8));
        } catch (Refusal e) {
            assertEquals("ticket-malformed", e.code());
        }
    }
}
