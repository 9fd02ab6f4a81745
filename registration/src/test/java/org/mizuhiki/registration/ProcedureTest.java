package org.mizuhiki.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.registration.World.refused;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Revocation;
import org.mizuhiki.trust.Validator;

/// Steps a) to l) at the door: each by its party, in its order, once.
@Tag("D5")
class ProcedureTest {
    private static World world;

    @BeforeAll
    static void aRegionWithAccreditedParties() throws Exception {
        world = new World().accredited();
    }

    @AfterAll
    static void close() throws Exception {
        world.close();
    }

    private static InstitutionCode actor(Kind kind) {
        return switch (kind) {
            case MEMBERSHIP_ANSWER, USE_ANSWER, SERVICE_REQUEST, SERVICE_LOADING, SERVICE_PROVISION -> World.PROVIDER;
            case DEVICE_REGISTRATION, DEVICE_LOADING -> World.VENDOR;
            case DEVICE_CERTIFICATE -> World.DEVICE_CA;
            case SERVICE_CERTIFICATE -> World.SERVICE_CA;
            default -> World.CLINIC;
        };
    }

    @Test
    void everyStepLeadsToAServiceWithBothCertificatesAndEntersTheLedger() {
        var walk = new Walk(world).upTo(Kind.SERVICE_PROVISION);
        var now = walk.look();
        assertEquals(Case.State.IN_SERVICE, now.state());
        assertEquals(Set.of(), now.turns());
        assertEquals(Walk.ORDER, now.done().stream().map(d -> d.act().kind()).toList());
        assertEquals(Walk.ORDER.stream().map(Kind::text).toList(), world.ledger.kinds(now.done()));
        assertTrue(world.registry.inService(walk.service()));
        for (var kind : List.of(Kind.DEVICE_CERTIFICATE, Kind.SERVICE_CERTIFICATE)) {
            var chain = now.standing(kind).orElseThrow().issued();
            var member = world.acts.validator().check(chain, Validator.Purpose.TLS_CLIENT, world.clock.instant());
            assertEquals(kind == Kind.DEVICE_CERTIFICATE ? walk.device : walk.service(), member);
        }
        // what is in the chip is what was issued
        assertEquals(
                now.standing(Kind.SERVICE_CERTIFICATE).orElseThrow().certificate(),
                KeyFiles.encoded(walk.chip.loaded(Chip.Tier.SERVICE).orElseThrow())
                        .sha256());
    }

    @Test
    void eachStepIsRefusedToOthersBeforeItsTimeAndASecondTime() {
        var walk = new Walk(world);
        for (int i = 1; i < Walk.ORDER.size(); i++) {
            var kind = Walk.ORDER.get(i);
            var now = walk.look();
            for (var other : List.of(
                    World.CLINIC, World.PROVIDER, World.VENDOR, World.DEVICE_CA, World.SERVICE_CA, World.STRANGER)) {
                if (!other.equals(actor(kind))) {
                    var code = now.parties().contains(other) ? "step-not-yours" : "file-unknown";
                    refused(code, () -> World.hand(walk.party(other), now, walk.content(kind)));
                }
            }
            for (var later : Walk.ORDER.subList(i + 1, Walk.ORDER.size())) {
                var party = walk.party(actor(later));
                boolean atOnce = later == Kind.PURCHASE_APPLICATION; // b) need not wait for the answer to a)
                if (now.parties().contains(party.code()) && !atOnce) {
                    refused("step-too-early", () -> World.hand(party, now, walk.content(later)));
                }
            }
            var filed = walk.go(kind);
            var then = walk.look();
            refused("step-done", () -> World.hand(walk.party(actor(kind)), then, walk.content(kind)));
            // the very same act: the same answer, and nothing happens twice
            var same = walk.party(actor(kind))
                    .registry()
                    .dossier(walk.file)
                    .papers()
                    .getLast();
            assertEquals(filed, walk.party(actor(kind)).registry().hand(same.signed()));
            assertEquals(then.done(), walk.look().done());
        }
    }

    @Test
    void membershipAndPurchaseComeInAnyOrder() {
        var walk = new Walk(world, Kind.PURCHASE_APPLICATION);
        for (var kind :
                List.of(Kind.DEVICE_REGISTRATION, Kind.DEVICE_CERTIFICATE, Kind.DEVICE_LOADING, Kind.DEVICE_RECEIPT)) {
            walk.go(kind);
        }
        refused("step-too-early", () -> World.hand(walk.clinic(), walk.look(), walk.content(Kind.USE_APPLICATION)));
        walk.go(Kind.MEMBERSHIP_APPLICATION);
        refused("step-too-early", () -> World.hand(walk.clinic(), walk.look(), walk.content(Kind.USE_APPLICATION)));
        assertEquals(
                Case.State.IN_SERVICE, walk.upTo(Kind.SERVICE_PROVISION).look().state());
    }

    @Test
    void theProviderMayBeTheVendorTooIfAccreditedForBoth() {
        var step = new Step.PurchaseApplication(World.PROVIDER, "R-9");
        refused("not-accredited", () -> world.party(World.CLINIC).open(step));
        world.licence(World.PROVIDER, Role.VENDOR, Optional.of("provider"));
        var file = world.party(World.CLINIC).open(step).file();
        var device = new org.mizuhiki.trust.Member.Device("provider", "R-9", "1");
        world.party(World.PROVIDER).register(file, device, world.chip(), World.DEVICE_CA);
        assertEquals(Optional.of(device), world.party(World.CLINIC).look(file).device());
    }

    @Test
    void whatAnotherActSpeaksOfIsRefused() {
        var walk = new Walk(world).upTo(Kind.PURCHASE_APPLICATION);
        var other = new org.mizuhiki.trust.Member.Device("acme", "R-2", "1");
        refused(
                "act-mismatch",
                () -> World.hand(
                        walk.party(World.VENDOR),
                        walk.look(),
                        new Step.DeviceRegistration(other, Bytes.utf8("x"), World.DEVICE_CA)));
        walk.go(Kind.DEVICE_REGISTRATION);
        for (var kind : List.of(
                Kind.DEVICE_CERTIFICATE,
                Kind.DEVICE_LOADING,
                Kind.DEVICE_RECEIPT,
                Kind.USE_APPLICATION,
                Kind.SERVICE_CERTIFICATE,
                Kind.SERVICE_LOADING,
                Kind.CONNECTION_APPLICATION,
                Kind.SERVICE_PROVISION)) {
            for (var before : Walk.ORDER.subList(0, Walk.ORDER.indexOf(kind))) {
                if (walk.look().standing(before).isEmpty()) {
                    walk.go(before);
                }
            }
            var wrong = switch (kind) {
                case DEVICE_RECEIPT -> new Step.DeviceReceipt(other);
                case USE_APPLICATION -> new Step.UseApplication(other, Walk.SERVICE);
                case CONNECTION_APPLICATION -> new Step.ConnectionApplication("another");
                case SERVICE_PROVISION -> new Step.ServiceProvision("another");
                default -> walk.content(kind);
            };
            refused("act-mismatch", () -> World.hand(walk.party(actor(kind)), walk.look(), wrong));
        }
    }

    @Test
    void anActOfOneCaseIsWorthNothingInAnother() {
        var one = new Walk(world).upTo(Kind.DEVICE_CERTIFICATE);
        var two = new Walk(world).upTo(Kind.DEVICE_CERTIFICATE);
        // signed for the other place
        var here = one.look();
        var there = two.look();
        var clinic = one.clinic();
        var place = new Act.Place(there.file(), here.last());
        refused(
                "act-not-next",
                () -> clinic.registry()
                        .hand(clinic.signed(clinic.act(
                                Optional.of(place), new Step.Withdrawal(Step.Withdrawal.Part.DEVICE, "取消し")))));
        // the receipt of the other case, for the same device key and certificate
        var certificate = there.standing(Kind.DEVICE_CERTIFICATE).orElseThrow();
        two.chip.load(Chip.Tier.DEVICE, certificate.issued());
        var receipt = two.chip.sign(
                Chip.Tier.DEVICE, ChipReceipt.content(Chip.Tier.DEVICE, here.last(), certificate.certificate()));
        refused(
                "receipt-broken",
                () -> World.hand(
                        two.party(World.VENDOR), there, new Step.DeviceLoading(certificate.certificate(), receipt)));
    }

    @Test
    void everyFlippedBitOfAReceiptIsRefused() {
        var walk = new Walk(world).upTo(Kind.DEVICE_CERTIFICATE);
        var now = walk.look();
        var certificate = now.standing(Kind.DEVICE_CERTIFICATE).orElseThrow();
        var good = walk.chip
                .sign(Chip.Tier.DEVICE, ChipReceipt.content(Chip.Tier.DEVICE, now.last(), certificate.certificate()))
                .toArray();
        CaseRules.mustFit(now, loading(walk, now, certificate.certificate(), Bytes.of(good)));
        for (int bit = 0; bit < good.length * 8; bit++) {
            good[bit / 8] ^= (byte) (1 << bit % 8);
            var flipped = loading(walk, now, certificate.certificate(), Bytes.of(good));
            refused("receipt-broken", () -> CaseRules.mustFit(now, flipped));
            good[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    private static Act loading(Walk walk, Case now, Digest certificate, Bytes receipt) {
        return walk.party(World.VENDOR)
                .act(Optional.of(new Act.Place(now.file(), now.last())), new Step.DeviceLoading(certificate, receipt));
    }

    @Test
    void aFlippedBitAnywhereInASignedActIsRefused() {
        var walk = new Walk(world);
        var bytes = World.signed(walk.clinic(), walk.look(), walk.content(Kind.PURCHASE_APPLICATION))
                .toArray();
        for (int bit = 0; bit < bytes.length * 8; bit += 53) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            var flipped = Bytes.of(bytes);
            assertThrows(Refusal.class, () -> walk.clinic().registry().hand(flipped), "bit " + bit);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
        walk.clinic().registry().hand(Bytes.of(bytes));
    }

    @Test
    void aServiceKeyOutsideTheDevicesChipIsRefused() {
        var walk = new Walk(world).upTo(Kind.USE_ANSWER);
        var elsewhere = world.chip();
        elsewhere.generate(Chip.Tier.DEVICE);
        var provider = walk.party(World.PROVIDER);
        provider.request(walk.file, elsewhere, World.SERVICE_CA);
        walk.go(Kind.SERVICE_CERTIFICATE);
        refused("receipt-broken", () -> provider.load(walk.file, elsewhere));
    }

    /// renewal.md: a device may renew with a new key, and is the same device.
    @Test
    void aDeviceThatRenewedWithANewKeyTakesAService() {
        var walk = new Walk(world).upTo(Kind.USE_ANSWER);
        var renewed = renewed(walk.device);
        var provider = walk.party(World.PROVIDER);
        provider.request(walk.file, renewed, World.SERVICE_CA);
        walk.go(Kind.SERVICE_CERTIFICATE);
        var now = walk.look();
        renewed.load(
                Chip.Tier.SERVICE,
                now.standing(Kind.SERVICE_CERTIFICATE).orElseThrow().issued());
        // another device's certificate, one that was revoked, and the old key beside the new certificate
        var other = new Walk(world).upTo(Kind.DEVICE_LOADING).chip;
        refused("act-mismatch", () -> World.hand(provider, now, loading(now, renewed, other, other)));
        var revoked = renewed(walk.device);
        world.authority
                .certification(World.OPERATOR)
                .revoke(revoked.loaded(Chip.Tier.DEVICE).orElseThrow(), Revocation.Reason.KEY_COMPROMISE);
        refused("act-mismatch", () -> World.hand(provider, now, loading(now, renewed, revoked, revoked)));
        refused("receipt-broken", () -> World.hand(provider, now, loading(now, renewed, walk.chip, renewed)));
        provider.load(walk.file, renewed);
        assertTrue(walk.look().standing(Kind.SERVICE_LOADING).isPresent());
        walk.upTo(Kind.SERVICE_PROVISION);
        assertTrue(world.registry.inService(walk.service()));
    }

    /// A chip with another key and a certificate of the same device.
    private static Chip renewed(Member.Device device) {
        var chip = world.chip();
        var request =
                EnrolmentRequests.of(chip.generate(Chip.Tier.DEVICE), content -> chip.sign(Chip.Tier.DEVICE, content));
        chip.load(
                Chip.Tier.DEVICE,
                world.authority
                        .certification(World.OPERATOR)
                        .certify(device, request)
                        .signing());
        return chip;
    }

    private static Step loading(Case now, Chip service, Chip signs, Chip shown) {
        var digest = now.standing(Kind.SERVICE_CERTIFICATE).orElseThrow().certificate();
        return new Step.ServiceLoading(
                digest,
                service.sign(Chip.Tier.SERVICE, ChipReceipt.content(Chip.Tier.SERVICE, now.last(), digest)),
                signs.sign(Chip.Tier.DEVICE, ChipReceipt.content(Chip.Tier.DEVICE, now.last(), digest)),
                shown.loaded(Chip.Tier.DEVICE).map(KeyFiles::encoded));
    }

    @Test
    void ofTwoActsAtOnceOneIsAccepted() throws Exception {
        var walk = new Walk(world);
        var now = walk.look();
        var two = List.of(
                World.signed(walk.party(World.PROVIDER), now, new Step.MembershipAnswer(true, "承認")),
                World.signed(walk.party(World.PROVIDER), now, new Step.MembershipAnswer(false, "不承認")));
        var codes = new ArrayList<String>();
        try (var hands = Executors.newVirtualThreadPerTaskExecutor()) {
            var both = two.stream()
                    .map(act -> hands.submit(() -> {
                        try {
                            walk.party(World.PROVIDER).registry().hand(act);
                            return "accepted";
                        } catch (Refusal e) {
                            return e.code();
                        }
                    }))
                    .toList();
            for (var one : both) {
                codes.add(one.get());
            }
        }
        assertTrue(codes.remove("accepted"), codes.toString());
        assertTrue(Set.of("step-done", "case-over").contains(codes.getFirst()), codes.toString());
    }

    @Test
    void oneDeviceIsRegisteredOnce() {
        var walk = new Walk(world).upTo(Kind.DEVICE_REGISTRATION);
        var other = new Walk(world).upTo(Kind.PURCHASE_APPLICATION);
        refused(
                "device-taken",
                () -> other.party(World.VENDOR).register(other.file, walk.device, other.chip, World.DEVICE_CA));
        walk.clinic().next(walk.file, new Step.Withdrawal(Step.Withdrawal.Part.DEVICE, "取消し"));
        other.party(World.VENDOR).register(other.file, walk.device, other.chip, World.DEVICE_CA);
    }

    @Test
    void nothingIsHalfIssued() {
        var walk = new Walk(world).upTo(Kind.PURCHASE_APPLICATION);
        // the vendor's request is not a request at all
        World.hand(walk.party(World.VENDOR), walk.look(), walk.content(Kind.DEVICE_REGISTRATION));
        refused("request-malformed", () -> walk.go(Kind.DEVICE_CERTIFICATE));
        assertEquals(Optional.empty(), walk.look().standing(Kind.DEVICE_CERTIFICATE));
        boolean stands =
                world.database.inTransaction(rows -> world.authority.issuing().stands(rows, walk.device));
        assertFalse(stands);
        walk.party(World.DEVICE_CA).next(walk.file, new Step.Declination("申請の形式が正しくない"));
        assertEquals(Case.State.REFUSED, walk.look().state());
    }

    @Test
    void anActWaitsForALedgerThatIsAwayAndIsEnteredOnce() throws Exception {
        var walk = new Walk(world);
        world.ledger.away.set(true);
        walk.go(Kind.MEMBERSHIP_ANSWER);
        assertEquals(
                List.of("membership-application"),
                world.ledger.kinds(walk.look().done()));
        world.ledger.away.set(false);
        // the next start mends it
        new PostgresRegistry(
                        world.database,
                        world.authority.issuing(),
                        world.ledger,
                        world.acts,
                        Optional.of(World.BODY),
                        world.clock)
                .settle();
        assertEquals(
                List.of("membership-application", "membership-answer"),
                world.ledger.kinds(walk.look().done()));
    }

    @Test
    void eachPartySeesItsTurnAndStrangersNothing() {
        var walk = new Walk(world).upTo(Kind.PURCHASE_APPLICATION);
        assertEquals(
                Map.of(World.VENDOR, true, World.CLINIC, false),
                Map.of(World.VENDOR, waits(walk, World.VENDOR), World.CLINIC, waits(walk, World.CLINIC)));
        walk.go(Kind.DEVICE_REGISTRATION);
        assertTrue(waits(walk, World.DEVICE_CA));
        assertFalse(waits(walk, World.VENDOR));
        for (var stranger : List.of(World.STRANGER, World.SERVICE_CA)) {
            refused("file-unknown", () -> world.party(stranger).look(walk.file));
            assertFalse(lists(walk, stranger));
        }
        assertEquals(walk.look().done(), world.party(World.BODY).look(walk.file).done());
        assertTrue(lists(walk, World.BODY));
        assertTrue(lists(walk, World.DEVICE_CA));
    }

    private static boolean waits(Walk walk, InstitutionCode code) {
        return world.registry.of(code).waiting().stream().anyMatch(w -> w.file().equals(walk.file));
    }

    private static boolean lists(Walk walk, InstitutionCode code) {
        return world.registry.of(code).files().stream().anyMatch(f -> f.file().equals(walk.file));
    }
}
