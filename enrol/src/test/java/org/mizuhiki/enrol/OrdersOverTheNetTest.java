package org.mizuhiki.enrol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.chip.ChipOrder;
import org.mizuhiki.chip.EKey;
import org.mizuhiki.chip.EKeyForms;
import org.mizuhiki.chip.OrderReceipt;
import org.mizuhiki.chip.SignedOrder;
import org.mizuhiki.devices.ChipOrders;
import org.mizuhiki.devices.OrderErrand;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;

/// A manager far away brings services onto a chip and takes them away: over real TLS, whatever happens
/// between.
@Tag("N7")
@Tag("D16")
class OrdersOverTheNetTest {
    private static final Bytes VPN = EKeyForms.serviceName("medical-vpn");
    private static final Bytes THIRD = Bytes.utf8("third-service---");
    private static final InstitutionCode PROVIDER = new InstitutionCode("1311234567");

    @TempDir
    static Path folder;

    private static LiveAuthority authority;

    @BeforeAll
    static void open() throws Exception {
        authority = new LiveAuthority(folder);
        orders = authority.orders(PROVIDER);
    }

    @AfterAll
    static void close() {
        authority.close();
    }

    private static ChipOrders orders;

    private static Router enrolled() {
        var router = Router.of(authority.chipDevice());
        router.certificate(0, folder, authority).enrol(authority.ticket(router.member()), Optional.empty());
        return router;
    }

    private static Peer connection(Router router) {
        var identity = router.certificate(0, folder, authority).identity();
        return Peers.connect(authority.asDevicesSeeIt().address(), identity, LiveAuthority.DIE);
    }

    private static List<Boolean> sync(Router router) {
        return new OrderErrand(router, connection(router))
                .run().stream().map(OrderErrand.Result::done).toList();
    }

    private static SignedOrder place(Router router, ChipOrder order, KeyPair by) {
        var standing = orders.standing(router.member());
        var signed = SignedOrder.of(standing.chip(), standing.next(), order, Router.signer(by));
        orders.place(signed);
        return signed;
    }

    private static void refused(String code, Executable call) {
        assertEquals(code, assertThrows(Refusal.class, call).code());
    }

    private static List<ChipOrders.OrderState> states(Router router) {
        return orders.standing(router.member()).orders().reversed().stream()
                .map(ChipOrders.PlacedOrder::state)
                .toList();
    }

    private static EKey.SlotState state(Router router, int slot) {
        return router.key().view().slots().get(slot).state();
    }

    @Test
    void aServiceComesAndGoesAndTheOthersStayAsTheyWere() {
        var router = enrolled();
        var untouched = router.generated(2);
        refused("chip-not-heard", () -> orders.standing(router.member()));
        assertEquals(List.of(), sync(router));
        place(router, ChipOrder.install(3, Router.PROVIDER.getPublic(), THIRD), Router.MANAGER);
        place(router, ChipOrder.suspend(1, VPN), Router.MANAGER);
        place(
                router,
                ChipOrder.install(2, Router.PROVIDER.getPublic(), Bytes.utf8("fourth-service--")),
                Router.MANAGER);
        assertEquals(List.of(true, true, false), sync(router));
        assertEquals(
                List.of(ChipOrders.OrderState.DONE, ChipOrders.OrderState.DONE, ChipOrders.OrderState.IMPOSSIBLE),
                states(router));
        assertEquals(EKey.SlotState.INSTALLED, state(router, 3));
        assertTrue(router.key().view().slots().get(1).suspended());
        place(router, ChipOrder.resume(1, VPN), Router.MANAGER);
        place(router, ChipOrder.remove(3, THIRD), Router.PROVIDER); // by its own provider
        assertEquals(List.of(true, true), sync(router));
        assertEquals(EKey.SlotState.FREE, state(router, 3));
        assertEquals(untouched, router.slot(2).publicKey().orElseThrow());
        assertEquals(List.of(), sync(router));
    }

    @Test
    void whatTheChipSaidIsKeptForTheManagerToCheck() {
        var router = enrolled();
        sync(router);
        var signed = place(router, ChipOrder.suspend(1, VPN), Router.MANAGER);
        sync(router);
        var told =
                orders.standing(router.member()).orders().getFirst().receipt().orElseThrow();
        var receipt = new OrderReceipt(told.record(), told.signature());
        assertTrue(receipt.isFor(signed) && receipt.isBy(router.key().view().identity()) && receipt.done());
        assertEquals(
                List.of(),
                authority
                        .orders(new InstitutionCode("2312345678"))
                        .standing(router.member())
                        .orders());
    }

    @Test
    void nobodyElseLeavesAnOrder() {
        var router = enrolled();
        sync(router);
        var stranger = KeyFiles.newKeyPair(LiveAuthority.DIE);
        refused("order-signer", () -> place(router, ChipOrder.remove(1, VPN), stranger));
        var install = ChipOrder.install(3, stranger.getPublic(), THIRD);
        refused("order-signer", () -> place(router, install, stranger));
        refused("order-signer", () -> place(router, install, Router.PROVIDER));
        // installed over the net: now its own provider may order what is its own, and nothing else
        var other = KeyFiles.newKeyPair(LiveAuthority.DIE);
        place(router, ChipOrder.install(3, other.getPublic(), THIRD), Router.MANAGER);
        refused("order-slot-changes", () -> place(router, ChipOrder.suspend(3, THIRD), other));
        refused("order-signer", () -> place(router, ChipOrder.suspend(3, THIRD), stranger));
        assertEquals(List.of(true), sync(router));
        place(router, ChipOrder.suspend(3, THIRD), other);
        refused("order-signer", () -> place(router, ChipOrder.suspend(1, VPN), other));
        refused("order-signer", () -> place(router, ChipOrder.remove(3, THIRD), Router.PROVIDER));
        refused("order-signer", () -> place(router, ChipOrder.unblock(3, THIRD), other));
        assertEquals(List.of(true), sync(router));
        var unknown = Router.of(authority.chipDevice());
        refused("chip-unknown", () -> orders.standing(unknown.member()));
    }

    @Test
    void ordersHaveTheirTurnAndTheSameOneAgainIsTheSame() {
        var router = enrolled();
        sync(router);
        var first = place(router, ChipOrder.suspend(1, VPN), Router.MANAGER);
        orders.place(first);
        var taken =
                SignedOrder.of(first.chip(), first.number(), ChipOrder.remove(1, VPN), Router.signer(Router.PROVIDER));
        refused("order-number", () -> orders.place(taken));
        var early = SignedOrder.of(
                first.chip(), first.number() + 2, ChipOrder.resume(1, VPN), Router.signer(Router.MANAGER));
        refused("order-number", () -> orders.place(early));
        assertEquals(List.of(true), sync(router));
        orders.place(first);
        assertEquals(List.of(), sync(router), "what was done is not done again");
    }

    private static SignedOrder instead(SignedOrder waiting, ChipOrder order, KeyPair by) {
        return SignedOrder.of(waiting.chip(), waiting.number(), order, Router.signer(by));
    }

    @Test
    void aSlipOfTheManagersStopsNothing() {
        var router = enrolled();
        sync(router);
        place(router, ChipOrder.install(9, Router.PROVIDER.getPublic(), THIRD), Router.MANAGER); // of three
        place(router, ChipOrder.suspend(1, VPN), Router.MANAGER);
        assertEquals(List.of(false, true), sync(router));
        assertEquals(List.of(ChipOrders.OrderState.IMPOSSIBLE, ChipOrders.OrderState.DONE), states(router));
    }

    @Test
    void theManagersOrderTakesThePlaceOfOneThatWaits() {
        var router = enrolled();
        sync(router);
        var slip = place(router, ChipOrder.remove(1, VPN), Router.MANAGER);
        place(router, ChipOrder.suspend(2, EKeyForms.serviceName("image-exchange")), Router.MANAGER);
        refused("order-number", () -> orders.place(instead(slip, ChipOrder.suspend(1, VPN), Router.PROVIDER)));
        orders.place(instead(slip, ChipOrder.suspend(1, VPN), Router.MANAGER));
        assertEquals(List.of(true, true), sync(router));
        assertTrue(router.key().view().slots().get(1).suspended());
        assertEquals(List.of(ChipOrders.OrderState.DONE, ChipOrders.OrderState.DONE), states(router));
        // what was carried out is not replaced any more
        refused("order-number", () -> orders.place(instead(slip, ChipOrder.resume(1, VPN), Router.MANAGER)));
    }

    @Test
    void aProvidersOrderAfterAnInstallationThatIsImpossibleStopsNothing() {
        var router = enrolled();
        sync(router);
        var other = KeyFiles.newKeyPair(LiveAuthority.DIE);
        place(router, ChipOrder.install(2, other.getPublic(), THIRD), Router.MANAGER); // the slot is taken
        refused("order-slot-changes", () -> place(router, ChipOrder.suspend(2, THIRD), other));
        assertEquals(List.of(false), sync(router));
        refused("order-signer", () -> place(router, ChipOrder.suspend(2, THIRD), other));
        // nor after a removal
        place(router, ChipOrder.install(3, other.getPublic(), THIRD), Router.MANAGER);
        assertEquals(List.of(true), sync(router));
        place(router, ChipOrder.remove(3, THIRD), Router.MANAGER);
        refused("order-slot-changes", () -> place(router, ChipOrder.suspend(3, THIRD), other));
        assertEquals(List.of(true), sync(router));
        refused("order-signer", () -> place(router, ChipOrder.suspend(3, THIRD), other));
    }

    @Test
    void aProviderLeavesFiveOrdersAndTheManagerMore() {
        var router = enrolled();
        sync(router);
        place(router, ChipOrder.install(3, Router.PROVIDER.getPublic(), THIRD), Router.MANAGER);
        sync(router);
        for (int i = 0; i < 5; i++) {
            place(router, ChipOrder.unblock(3, THIRD), Router.MANAGER); // takes none of the provider's places
        }
        for (int i = 0; i < 5; i++) {
            place(router, ChipOrder.suspend(3, THIRD), Router.PROVIDER);
        }
        refused("orders-too-many", () -> place(router, ChipOrder.suspend(3, THIRD), Router.PROVIDER));
        place(router, ChipOrder.remove(3, THIRD), Router.MANAGER);
        assertEquals(Collections.nCopies(11, true), sync(router));
    }

    @Test
    void aProviderDoesNotUndoItsManagersSuspension() {
        var router = enrolled();
        sync(router);
        place(router, ChipOrder.install(3, Router.PROVIDER.getPublic(), THIRD), Router.MANAGER);
        sync(router);
        place(router, ChipOrder.suspend(3, THIRD), Router.MANAGER);
        place(router, ChipOrder.resume(3, THIRD), Router.PROVIDER);
        assertEquals(List.of(true, false), sync(router));
        assertTrue(router.key().view().slots().get(3).suspended());
    }

    /// The power ends in the middle, wherever that is: before the chip has the order, or after, when its
    /// word does not get back.
    @Test
    void anErrandThatIsCutOffAnywhereIsBegunAgain() {
        for (int cut = 0; cut < 2; cut++) {
            var router = enrolled();
            sync(router);
            place(router, ChipOrder.install(3, Router.PROVIDER.getPublic(), THIRD), Router.MANAGER);
            place(router, ChipOrder.remove(1, VPN), Router.MANAGER);
            boolean after = cut == 1;
            var dying = new Dying(router, after);
            assertThrows(IllegalStateException.class, () -> new OrderErrand(dying, connection(router)).run());
            assertEquals(after ? EKey.SlotState.INSTALLED : EKey.SlotState.FREE, state(router, 3));
            assertEquals(after ? List.of(true) : List.of(true, true), sync(router));
            assertEquals(List.of(ChipOrders.OrderState.DONE, ChipOrders.OrderState.DONE), states(router));
            assertEquals(EKey.SlotState.INSTALLED, state(router, 3));
            assertEquals(EKey.SlotState.FREE, state(router, 1));
        }
    }

    private record Dying(Router router, boolean after) implements OrderErrand.Ordered {
        @Override
        public Digest name() {
            return router.name();
        }

        @Override
        public OrderReceipt receipt() {
            return router.receipt();
        }

        @Override
        public OrderReceipt carryOut(SignedOrder signed) {
            if (after) {
                router.carryOut(signed);
            }
            throw new IllegalStateException("the power ends");
        }
    }

    @Test
    void anOrderWhoseNumberWasUsedAtTheDeviceIsNotToldAsDone() {
        var router = enrolled();
        sync(router);
        place(router, ChipOrder.remove(1, VPN), Router.MANAGER);
        router.key().order(ChipOrder.suspend(1, VPN), Optional.empty(), Router.signer(Router.MANAGER));
        assertEquals(List.of(), sync(router));
        assertEquals(List.of(ChipOrders.OrderState.UNKNOWN), states(router));
        place(router, ChipOrder.remove(1, VPN), Router.MANAGER);
        assertEquals(List.of(true), sync(router));
    }

    /// An authority in wrong hands tells the manager what it likes.
    @Test
    void whatTheAuthoritySaysIsDoneTheChipMustHaveSigned() {
        var router = enrolled();
        sync(router);
        place(router, ChipOrder.suspend(1, VPN), Router.MANAGER);
        sync(router);
        place(router, ChipOrder.resume(1, VPN), Router.MANAGER);
        var told = orders.standing(router.member());
        var waiting = told.orders().get(0);
        var done = told.orders().get(1);
        assertEquals(told, told.checked(router.member()));
        var claimed = with(waiting, ChipOrders.OrderState.DONE, Optional.empty());
        assertEquals(
                ChipOrders.OrderState.UNKNOWN,
                with(told, told.identity(), claimed)
                        .checked(router.member())
                        .orders()
                        .getFirst()
                        .state());
        var moved = with(waiting, ChipOrders.OrderState.DONE, done.receipt());
        refused("receipt-not-chips", () -> with(told, told.identity(), moved).checked(router.member()));
        var bent = done.receipt().map(r -> new ChipOrders.KeptReceipt(r.record(), Bytes.of(new byte[70]), r.at()));
        var forged = with(done, ChipOrders.OrderState.DONE, bent);
        refused("receipt-not-chips", () -> with(told, told.identity(), forged).checked(router.member()));
        var other = enrolled();
        sync(other);
        var theirs = orders.standing(other.member());
        refused("chip-of-other-device", () -> theirs.checked(router.member()));
        refused(
                "chip-of-other-device",
                () -> with(told, theirs.identity(), done).checked(router.member()));
    }

    private static ChipOrders.PlacedOrder with(
            ChipOrders.PlacedOrder o, ChipOrders.OrderState state, Optional<ChipOrders.KeptReceipt> receipt) {
        return new ChipOrders.PlacedOrder(
                o.form(), o.signature(), o.number(), o.action(), o.slot(), o.service(), o.placed(), state, receipt);
    }

    private static ChipOrders.ChipStanding with(
            ChipOrders.ChipStanding told, Bytes identity, ChipOrders.PlacedOrder order) {
        return new ChipOrders.ChipStanding(told.chip(), identity, told.information(), told.next(), List.of(order));
    }

    @Test
    void nobodySpeaksForAnotherChip() {
        var router = enrolled();
        var other = enrolled();
        sync(router);
        sync(other);
        place(router, ChipOrder.suspend(1, VPN), Router.MANAGER);
        // another device, as good as this one, asks for its orders
        refused("chip-unknown", () -> new OrderErrand(router, connection(other)).run());
        // or says what the chip did in its own chip's words
        refused("receipt-not-chips", () -> new OrderErrand(new Impostor(router, other), connection(router)).run());
        assertEquals(List.of(ChipOrders.OrderState.WAITING), states(router));
    }

    private record Impostor(Router named, Router speaks) implements OrderErrand.Ordered {
        @Override
        public Digest name() {
            return named.name();
        }

        @Override
        public OrderReceipt receipt() {
            return speaks.receipt();
        }

        @Override
        public OrderReceipt carryOut(SignedOrder signed) {
            return speaks.carryOut(signed);
        }
    }

    @Test
    void aServiceOnTheDeviceDoesNotSpeakForItsChip() {
        var router = enrolled();
        var tier1 = router.certificate(0, folder, authority);
        var vpn = router.certificate(1, folder, authority);
        vpn.enrol(
                authority.ticket(new Member.Service("1311234567", "medical-vpn", router.member())), Optional.of(tier1));
        var connection = Peers.connect(authority.asDevicesSeeIt().address(), vpn.identity(), LiveAuthority.DIE);
        refused("caller-not-allowed", () -> new OrderErrand(router, connection).run());
    }
}
