package org.mizuhiki.enrol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.chip.ChipOrder;
import org.mizuhiki.chip.EKeyForms;
import org.mizuhiki.chip.KeySlot;
import org.mizuhiki.chip.OrderReceipt;
import org.mizuhiki.chip.SignedOrder;
import org.mizuhiki.chip.VouchedSlot;
import org.mizuhiki.devices.ChipOrders;
import org.mizuhiki.devices.OrderErrand;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.trust.Member;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;

/// What the authority learns of a chip's own words, also of those that were said while nobody listened: the
/// certificate of a service that is gone from its chip ends.
@Tag("N7")
@Tag("D16")
class ServiceRemovalTest {
    private static final Bytes VPN = EKeyForms.serviceName("medical-vpn");
    private static final Bytes IMAGES = EKeyForms.serviceName("image-exchange");

    @TempDir
    static Path folder;

    private static LiveAuthority authority;
    private static ChipOrders orders;

    @BeforeAll
    static void open() throws Exception {
        authority = new LiveAuthority(folder);
        orders = authority.orders(new InstitutionCode("1311234567"));
    }

    @AfterAll
    static void close() {
        authority.close();
    }

    /// Keeps what its chip says until the authority has heard it, as a real device does.
    private record Keeping(Router router, List<OrderReceipt> untold) implements OrderErrand.Ordered {
        @Override
        public Digest name() {
            return router.name();
        }

        @Override
        public OrderReceipt receipt() {
            return router.receipt();
        }

        @Override
        public List<OrderReceipt> untold() {
            return untold.isEmpty() ? List.of(receipt()) : List.copyOf(untold);
        }

        @Override
        public void told(OrderReceipt receipt) {
            untold.remove(receipt);
        }

        @Override
        public OrderReceipt carryOut(SignedOrder signed) {
            var receipt = router.carryOut(signed);
            untold.add(receipt);
            return receipt;
        }

        void here(ChipOrder order) {
            carryOut(SignedOrder.of(name(), receipt().number() + 1, order, Router.signer(Router.MANAGER)));
        }

        Peer connection() {
            var identity = router.certificate(0, folder, authority).identity();
            return Peers.connect(authority.asDevicesSeeIt().address(), identity, LiveAuthority.DIE);
        }

        void sync() {
            new OrderErrand(this, connection()).run();
        }

        X509Certificate certified(KeySlot slot, String service) {
            var member = new Member.Service("1311234567", service, router.member());
            var request = folder.resolve(router.member().serial() + service + ".csr");
            new SlotCertificate(slot, request, authority.asDevicesSeeIt())
                    .enrol(authority.ticket(member), Optional.of(router.certificate(0, folder, authority)));
            return slot.chain().getFirst();
        }
    }

    private static Keeping enrolled(Member.Device device) {
        var router = Router.of(device);
        router.certificate(0, folder, authority).enrol(authority.ticket(device), Optional.empty());
        var keeping = new Keeping(router, new ArrayList<>());
        keeping.sync();
        return keeping;
    }

    private static void place(Keeping device, ChipOrder order) {
        var standing = orders.standing(device.router().member());
        orders.place(SignedOrder.of(standing.chip(), standing.next(), order, Router.signer(Router.MANAGER)));
    }

    private static boolean revoked(X509Certificate certificate) {
        return authority.certification().known(certificate).orElseThrow().revoked();
    }

    @Test
    void theCertificateOfAServiceThatWasRemovedEndsAndNoOther() {
        var device = enrolled(authority.chipDevice());
        var vpn = device.certified(device.router().slot(1), "medical-vpn");
        var images = device.certified(device.router().slot(2), "image-exchange");
        place(device, ChipOrder.suspend(1, VPN));
        device.sync();
        assertFalse(revoked(vpn), "it may go on");
        place(device, ChipOrder.remove(1, IMAGES)); // the slot has another service
        device.sync();
        assertFalse(revoked(vpn) || revoked(images), "nothing was removed");
        place(device, ChipOrder.remove(1, VPN));
        assertFalse(revoked(vpn), "the chip has not said so yet");
        device.sync();
        assertTrue(revoked(vpn));
        assertFalse(revoked(images));
        assertFalse(revoked(device.router().slot(0).chain().getFirst()));
    }

    @Test
    void theCertificateOfAKeyInATokenEndsWithItsServicesSlot() {
        var device = enrolled(authority.tokenDevice());
        var token = Router.of(authority.someDevice()).slot(1);
        var tunnel = device.certified(new VouchedSlot(token, device.router().slot(1)), "medical-vpn");
        device.here(ChipOrder.remove(1, VPN));
        device.sync();
        assertTrue(revoked(tunnel));
    }

    @Test
    void whatHappenedAtTheDeviceIsHeardLaterOneByOne() {
        var device = enrolled(authority.chipDevice());
        var vpn = device.certified(device.router().slot(1), "medical-vpn");
        place(device, ChipOrder.suspend(2, IMAGES));
        // the order was carried out and the power ended; then somebody worked at the device
        var waiting = orders.standing(device.router().member()).orders().getFirst();
        device.carryOut(SignedOrder.read(waiting.form(), waiting.signature()));
        device.here(ChipOrder.remove(1, VPN));
        device.here(ChipOrder.resume(2, IMAGES));
        device.sync();
        var placed = orders.standing(device.router().member()).orders().getFirst();
        assertEquals(ChipOrders.OrderState.DONE, placed.state(), "the chip's word about it was kept");
        assertTrue(revoked(vpn));
        assertEquals(List.of(), List.copyOf(device.untold));
    }

    @Test
    void aServiceThatComesBackIsNotEndedByItsOldRemoval() {
        var device = enrolled(authority.chipDevice());
        var first = device.certified(device.router().slot(1), "medical-vpn");
        device.here(ChipOrder.remove(1, VPN));
        device.here(ChipOrder.install(1, Router.PROVIDER.getPublic(), VPN));
        new OrderErrand(device, device.connection()).tell();
        assertTrue(revoked(first));
        var second = device.certified(device.router().slot(1), "medical-vpn");
        device.sync();
        device.sync();
        assertFalse(revoked(second));
    }

    @Test
    void anOldChipEndsNothingOfTheOneThatTookItsPlace() {
        var device = authority.chipDevice();
        var old = enrolled(device);
        old.certified(old.router().slot(1), "medical-vpn");
        var repaired = enrolled(device);
        var now = repaired.certified(repaired.router().slot(1), "medical-vpn");
        old.here(ChipOrder.remove(1, VPN));
        old.sync();
        assertFalse(revoked(now));
    }
}
