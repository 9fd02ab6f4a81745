package org.mizuhiki.enrol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.chip.ChipProof;
import org.mizuhiki.chip.EKeyForms;
import org.mizuhiki.chip.KeySlot;
import org.mizuhiki.chip.VouchedSlot;
import org.mizuhiki.devices.Makers;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peers;

/// Over EST and real TLS: the authority certifies no key of a device or a service that does not lie in a
/// chip of a known manufacturer, made for that device; whatever is shown instead.
@Tag("N7")
@Tag("D16")
class ChipOriginTest {
    @TempDir
    static Path folder;

    private static LiveAuthority authority;

    @BeforeAll
    static void open() throws Exception {
        authority = new LiveAuthority(folder);
    }

    @AfterAll
    static void close() {
        authority.close();
    }

    private static EstClient anonymous() {
        return as(Identity.anonymous(authority.roots));
    }

    private static EstClient as(Identity identity) {
        return new EstClient(Peers.connect(authority.asDevicesSeeIt().address(), identity, LiveAuthority.DIE));
    }

    private static Bytes request(KeySlot slot, Optional<Bytes> evidence) {
        return EnrolmentRequests.of(slot.generate(), slot::sign, evidence);
    }

    private static Bytes proven(KeySlot slot, Bytes nonce) {
        slot.generate();
        return slot.prove(nonce).orElseThrow().encode();
    }

    private static Ticket again(Ticket ticket) {
        return Ticket.parse(ticket.revealed());
    }

    private static void refused(String code, EstClient client, Ticket ticket, Bytes request) {
        int before = authority.issued();
        assertEquals(
                code,
                assertThrows(Refusal.class, () -> client.enrol(again(ticket), request))
                        .code());
        assertEquals(before, authority.issued());
    }

    private static void refused(String code, Router router, Ticket ticket, Bytes evidence) {
        refused(code, anonymous(), ticket, request(router.slot(0), Optional.of(evidence)));
    }

    @Test
    void aGenuineChipIsCertifiedForItsOwnDevice() {
        var router = Router.of(authority.chipDevice());
        router.certificate(0, folder, authority).enrol(authority.ticket(router.member()), Optional.empty());
        assertEquals(router.member(), Member.of(router.slot(0).chain().getFirst()));
    }

    @Test
    void aKeyThatIsInNoChipIsNotCertified() {
        var router = Router.of(authority.chipDevice());
        var ticket = authority.ticket(router.member());
        refused("chip-proof-missing", anonymous(), ticket, request(router.slot(0), Optional.empty()));
        refused("chip-proof-malformed", router, ticket, Bytes.utf8("believe me"));
        // a key on disk, beside the proof of a chip that is genuine
        var key = KeyFiles.newKeyPair(LiveAuthority.DIE);
        var evidence = proven(router.slot(0), anonymous().nonce().orElseThrow());
        var onDisk = EnrolmentRequests.of(key.getPublic(), Router.signer(key), Optional.of(evidence));
        refused("chip-key-elsewhere", anonymous(), ticket, onDisk);
    }

    @Test
    void aChipOfAnUnknownManufacturerIsNotCertified() {
        var device = authority.chipDevice();
        var copy = Router.madeBy(KeyFiles.newKeyPair(LiveAuthority.DIE), device);
        var ticket = authority.ticket(device);
        refused(
                "maker-unknown",
                copy,
                ticket,
                proven(copy.slot(0), anonymous().nonce().orElseThrow()));
        // nor one of another vendor's, whose manufacturer nobody accepted
        var other = Router.of(new Member.Device("nobody", "R-1", "1"));
        var theirs = authority.ticket(other.member());
        refused(
                "maker-unknown",
                other,
                theirs,
                proven(other.slot(0), anonymous().nonce().orElseThrow()));
    }

    @Test
    void aVendorHasManufacturersOrNoneAtAll() {
        var key = Optional.of(LiveAuthority.MAKER.getPublic());
        for (var other : List.of(new Makers.Maker("mizu", Optional.empty()), new Makers.Maker("acme", key))) {
            assertEquals(
                    "maker-contradiction",
                    assertThrows(Refusal.class, () -> authority.makers.accept(other))
                            .code());
        }
        var another = Optional.of(KeyFiles.newKeyPair(LiveAuthority.DIE).getPublic());
        authority.makers.accept(new Makers.Maker("mizu", another));
        authority.makers.end(new Makers.Maker("mizu", another));
    }

    @Test
    void aProofIsGoodOnceAndNotForLong() {
        var router = Router.of(authority.chipDevice());
        var ticket = authority.ticket(router.member());
        var nonce = anonymous().nonce().orElseThrow();
        var evidence = proven(router.slot(0), nonce);
        anonymous().enrol(again(ticket), request(router.slot(0), Optional.of(evidence)));
        var second = authority.ticket(router.member());
        refused("chip-proof-stale", router, second, evidence);
        refused("chip-proof-stale", router, second, proven(router.slot(0), Bytes.of(new byte[32])));
    }

    @Test
    void nobodyFailsForTheSakeOfATicketHolderWhoseKeyIsUnfit() throws Exception {
        var holder = Router.of(authority.chipDevice());
        holder.certificate(0, folder, authority).enrol(authority.ticket(holder.member()), Optional.empty());
        var asked = new ArrayList<Callable<String>>();
        for (int i = 0; i < 12; i++) {
            // asked for at the same time, so that the authority takes them together
            boolean fit = i % 3 != 0;
            var router = fit ? Router.of(authority.chipDevice()) : holder;
            var ticket = authority.ticket(router.member());
            var slot = router.slot(0);
            var key = fit ? slot.generate() : slot.publicKey().orElseThrow();
            var nonce = anonymous().nonce().orElseThrow();
            var request =
                    EnrolmentRequests.of(key, slot::sign, slot.prove(nonce).map(ChipProof::encode));
            asked.add(() -> fit + " " + outcome(ticket, request));
        }
        try (var all = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : all.invokeAll(asked)) {
                assertTrue(Set.of("true certified", "false key-unfit").contains(answer.get()), answer.get());
            }
        }
    }

    private static String outcome(Ticket ticket, Bytes request) {
        try {
            anonymous().enrol(ticket, request);
            return "certified";
        } catch (Refusal refusal) {
            return refusal.code();
        }
    }

    @Test
    void aRequestThatWaitedTooLongIsMadeAnew() {
        var router = Router.of(authority.chipDevice());
        authority.setBack(java.time.Duration.ofMinutes(11));
        var stale = proven(router.slot(0), anonymous().nonce().orElseThrow());
        authority.setBack(java.time.Duration.ZERO);
        var waiting = folder.resolve(router.member().serial() + "-0.csr");
        KeyFiles.write(waiting, request(router.slot(0), Optional.of(stale)).toArray(), "rw-------");
        router.certificate(0, folder, authority).enrol(authority.ticket(router.member()), Optional.empty());
        assertTrue(router.slot(0).chain().size() > 1);
    }

    @Test
    void anotherChipsProofIsWorthNothing() {
        var router = Router.of(authority.chipDevice());
        var other = Router.of(authority.chipDevice());
        var ticket = authority.ticket(router.member());
        var theirs = proven(other.slot(0), anonymous().nonce().orElseThrow());
        refused("chip-of-other-device", router, ticket, theirs);
        refused(
                "chip-of-other-device",
                other,
                ticket,
                proven(other.slot(0), anonymous().nonce().orElseThrow()));
    }

    @Test
    void aServicesKeyIsNoDevicesAndADevicesIsNoServices() {
        var router = Router.of(authority.chipDevice());
        var ticket = authority.ticket(router.member());
        router.generated(0);
        var ofService = proven(router.slot(1), anonymous().nonce().orElseThrow());
        refused("chip-key-elsewhere", anonymous(), ticket, request(router.slot(1), Optional.of(ofService)));
        var tier1 = router.certificate(0, folder, authority);
        tier1.enrol(again(ticket), Optional.empty());
        var service = authority.ticket(new Member.Service("1311234567", "medical-vpn", router.member()));
        var client = as(tier1.identity());
        // the certified key of slot 0 again, for a service
        var request = EnrolmentRequests.of(
                router.slot(0).publicKey().orElseThrow(),
                router.slot(0)::sign,
                router.slot(0).prove(client.nonce().orElseThrow()).map(ChipProof::encode));
        refused("chip-key-elsewhere", client, service, request);
        // slot 1's key with slot 2's proof
        var swapped = proven(router.slot(2), client.nonce().orElseThrow());
        refused("chip-key-elsewhere", client, service, request(router.slot(1), Optional.of(swapped)));
    }

    @Test
    void aServicesKeyLiesInTheChipOfTheDeviceThatShowsItself() {
        var device = authority.chipDevice();
        var router = Router.of(device);
        var tier1 = router.certificate(0, folder, authority);
        tier1.enrol(authority.ticket(device), Optional.empty());
        // a second chip that its manufacturer made for the same device
        var twin = Router.of(device);
        twin.generated(0);
        var ticket = authority.ticket(new Member.Service("1311234567", "medical-vpn", device));
        var client = as(tier1.identity());
        var evidence = proven(twin.slot(1), client.nonce().orElseThrow());
        refused("chip-other-than-device", client, ticket, request(twin.slot(1), Optional.of(evidence)));
        router.certificate(1, folder, authority).enrol(again(ticket), Optional.of(tier1));
        assertTrue(router.slot(1).chain().size() > 1);
    }

    @Test
    void aServicesKeyLiesInItsOwnSlotAndNotInAnotherProviders() {
        var device = authority.chipDevice();
        var router = Router.of(device);
        var tier1 = router.certificate(0, folder, authority);
        tier1.enrol(authority.ticket(device), Optional.empty());
        var vpn = authority.ticket(new Member.Service("1311234567", "medical-vpn", device));
        var client = as(tier1.identity());
        var images = proven(router.slot(2), client.nonce().orElseThrow());
        refused("chip-other-service", client, vpn, request(router.slot(2), Optional.of(images)));
        // nor when somebody writes the right name over the chip's
        var renamed = images.toArray();
        System.arraycopy(EKeyForms.serviceName("medical-vpn").toArray(), 0, renamed, 32 + 65 + 1, 16);
        refused("chip-proof-stale", client, vpn, request(router.slot(2), Optional.of(Bytes.of(renamed))));
        var again = proven(router.slot(2), client.nonce().orElseThrow()).toArray();
        System.arraycopy(EKeyForms.serviceName("medical-vpn").toArray(), 0, again, 32 + 65 + 1, 16);
        refused("chip-key-elsewhere", client, vpn, request(router.slot(2), Optional.of(Bytes.of(again))));
    }

    /// A key that lies anywhere.
    private static KeySlot token() {
        return Router.of(authority.someDevice()).slot(1);
    }

    private static EstClient connected(Router router) {
        var tier1 = router.certificate(0, folder, authority);
        tier1.enrol(authority.ticket(router.member()), Optional.empty());
        return as(tier1.identity());
    }

    @Test
    void aKeyInATokenIsCertifiedOnItsServicesWordWhereTokensAreExpected() {
        var router = Router.of(authority.tokenDevice());
        var client = connected(router);
        var vpn = authority.ticket(new Member.Service("1311234567", "medical-vpn", router.member()));
        var token = token();
        var key = token.generate();
        // nobody vouches; another service's slot does; another chip of the same device does
        refused("chip-proof-missing", client, vpn, request(token, Optional.empty()));
        var own = proven(router.slot(1), client.nonce().orElseThrow());
        refused("chip-key-elsewhere", client, vpn, request(token, Optional.of(own)));
        var images =
                proven(new VouchedSlot(token, router.slot(2)), client.nonce().orElseThrow());
        refused("chip-other-service", client, vpn, request(token, Optional.of(images)));
        var twin = Router.of(router.member());
        twin.generated(0);
        var theirs = proven(new VouchedSlot(token, twin.slot(1)), client.nonce().orElseThrow());
        refused("chip-other-than-device", client, vpn, request(token, Optional.of(theirs)));
        // nor for another key than the one that was shown to it
        var vouched = new VouchedSlot(token, router.slot(1));
        var another = proven(vouched, client.nonce().orElseThrow());
        refused("chip-key-elsewhere", client, vpn, request(token(), Optional.of(another)));
        var word = proven(vouched, client.nonce().orElseThrow());
        assertEquals(
                key, client.enrol(again(vpn), request(token, Optional.of(word))).getPublicKey());
    }

    @Test
    void aKeyInATokenIsNotCertifiedWhereNoTokensAreExpected() {
        var router = Router.of(authority.chipDevice());
        var client = connected(router);
        var ticket = authority.ticket(new Member.Service("1311234567", "medical-vpn", router.member()));
        var token = token();
        var word = proven(new VouchedSlot(token, router.slot(1)), client.nonce().orElseThrow());
        refused("token-not-expected", client, ticket, request(token, Optional.of(word)));
    }

    @Test
    void aDevicesOwnKeyLiesInItsChipOnly() {
        var router = Router.of(authority.tokenDevice());
        var token = token();
        var ticket = authority.ticket(router.member());
        router.generated(0);
        var word = proven(
                new VouchedSlot(token, router.slot(0)), anonymous().nonce().orElseThrow());
        refused("chip-proof-malformed", anonymous(), ticket, request(token, Optional.of(word)));
        var services = proven(
                new VouchedSlot(token, router.slot(1)), anonymous().nonce().orElseThrow());
        refused("chip-key-elsewhere", anonymous(), ticket, request(token, Optional.of(services)));
    }

    @Test
    void noBitOfTheEvidenceCanBeChanged() {
        var router = Router.of(authority.chipDevice());
        var ticket = authority.ticket(router.member());
        var whole = proven(router.slot(0), anonymous().nonce().orElseThrow());
        // the nonce comes first and is looked at first, so that a bent one leaves it good for the next try
        for (int i = 0; i < 32 * 8; i += 37) {
            refused("chip-proof-stale", router, ticket, bent(whole, i));
        }
        for (int i = 32 * 8; i < whole.size() * 8; i += 97) {
            var evidence = proven(router.slot(0), anonymous().nonce().orElseThrow());
            int bit = Math.min(i, evidence.size() * 8 - 1); // signatures differ in length by a byte or two
            int before = authority.issued();
            assertThrows(
                    Refusal.class,
                    () -> anonymous().enrol(again(ticket), request(router.slot(0), Optional.of(bent(evidence, bit)))));
            assertEquals(before, authority.issued());
        }
    }

    private static Bytes bent(Bytes whole, int bit) {
        var raw = whole.toArray();
        raw[bit / 8] ^= (byte) (1 << (bit % 8));
        return Bytes.of(raw);
    }
}
