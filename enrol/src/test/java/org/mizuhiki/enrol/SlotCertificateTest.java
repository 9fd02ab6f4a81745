package org.mizuhiki.enrol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.chip.KeySlot;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Ticket;

/// A device with an e-Key gets and renews its certificates by itself, over EST and real TLS.
@Tag("V1")
@Tag("V4")
@Tag("N7")
@Tag("D16")
class SlotCertificateTest {
    /// Of a device's two years, less than a third remains.
    private static final Duration DUE = Duration.ofDays(500);

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

    private static Router chip() {
        return Router.of(authority.chipDevice());
    }

    private static SlotCertificate of(KeySlot slot, String request) {
        return new SlotCertificate(slot, folder.resolve(request), authority.asDevicesSeeIt());
    }

    private static Ticket again(Ticket ticket) {
        return Ticket.parse(ticket.revealed());
    }

    @Test
    void theDeviceVouchesForItsServicesAndForNoOthers() {
        var chip = chip();
        var device = chip.member();
        var tier1 = of(chip.slot(0), "vouching-0.csr");
        var vpn = of(chip.slot(1), "vouching-1.csr");
        var images = of(chip.slot(2), "vouching-2.csr");
        tier1.enrol(authority.ticket(device), Optional.empty());
        var forVpn = authority.ticket(new Member.Service("1311234567", "medical-vpn", device));
        refused("device-not-shown", () -> vpn.enrol(again(forVpn), Optional.empty()));
        var another = authority.ticket(authority.someDevice()); // for the slot 0 of one without a certificate
        refused("ticket-not-of-service", () -> vpn.enrol(another, Optional.of(tier1)));
        assertTrue(chip.slot(1).chain().isEmpty());
        vpn.enrol(again(forVpn), Optional.of(tier1));
        images.enrol(authority.ticket(new Member.Service("1311234567", "image-exchange", device)), Optional.of(tier1));
        assertNotEquals(chip.slot(1).chain().getFirst(), chip.slot(2).chain().getFirst());
        // another device, as good as this one, brings a stolen ticket
        var thief = chip();
        var thief1 = of(thief.slot(0), "thief-0.csr");
        thief1.enrol(authority.ticket(thief.member()), Optional.empty());
        var stolen = authority.ticket(new Member.Service("1311234567", "other-vpn", device));
        refused("device-not-shown", () -> of(thief.slot(1), "thief-1.csr").enrol(stolen, Optional.of(thief1)));
        assertTrue(thief.slot(1).chain().isEmpty());
    }

    @Test
    void aLostAnswerIsAskedForAgain() throws Exception {
        var chip = chip();
        var device = chip.member();
        var ticket = authority.ticket(device);
        var slot = chip.slot(0);
        slot.generate();
        // the request went out and its answer was lost: it lies there still
        var request = org.mizuhiki.trust.EnrolmentRequests.of(slot.publicKey().orElseThrow(), slot::sign);
        Files.write(folder.resolve("lost.csr"), request.toArray());
        int before = authority.issued();
        authority.redeem(again(ticket), request);
        of(slot, "lost.csr").enrol(again(ticket), Optional.empty());
        assertEquals(before + 1, authority.issued());
        assertEquals(1, slot.chain().size() - 1, "its CA's certificate lies behind it");
        assertFalse(Files.exists(folder.resolve("lost.csr")));
    }

    @Test
    void aRequestOfAnotherKeyOrADamagedOneIsMadeAnew() throws Exception {
        var other = chip().slot(0);
        var theirs = org.mizuhiki.trust.EnrolmentRequests.of(other.generate(), other::sign);
        for (var left : List.of(theirs, Bytes.utf8("damaged"), Bytes.of())) {
            var chip = chip();
            Files.write(folder.resolve("left.csr"), left.toArray());
            of(chip.slot(0), "left.csr").enrol(authority.ticket(chip.member()), Optional.empty());
            var own = chip.slot(0);
            assertEquals(own.publicKey().orElseThrow(), own.chain().getFirst().getPublicKey());
        }
    }

    @Test
    void certificatesAreRenewedWhenAThirdRemainsAndNotBefore() {
        var chip = chip();
        var slot = chip.slot(0);
        var certificate = of(slot, "renewed.csr");
        var key = slot.generate();
        enrolledBefore(DUE, slot, authority.someDevice());
        var old = slot.chain().getFirst();
        authority.setBack(Duration.ofDays(30));
        try {
            assertFalse(certificate.renewIfDue(), "470 days of 730 are over");
        } finally {
            authority.setBack(Duration.ZERO);
        }
        assertTrue(certificate.renewIfDue());
        var now = slot.chain().getFirst();
        assertEquals(key, now.getPublicKey());
        assertTrue(now.getNotAfter().toInstant().isAfter(old.getNotAfter().toInstant()));
        assertFalse(certificate.renewIfDue(), "the new one has just begun");
    }

    @Test
    void aDeviceFromADrawerIsRenewedForThirtyDays() {
        var slot = chip().slot(0);
        slot.generate();
        enrolledBefore(Duration.ofDays(740), slot, authority.someDevice());
        assertTrue(of(slot, "drawer.csr").renewIfDue());
        var late = chip().slot(0);
        late.generate();
        enrolledBefore(Duration.ofDays(770), late, authority.someDevice());
        refused("certificate-expired", () -> of(late, "late.csr").renewIfDue());
        assertEquals(2, late.chain().size(), "what is there stays");
    }

    @Test
    void aRevokedDeviceIsNotRenewed() {
        var slot = chip().slot(0);
        slot.generate();
        var device = authority.someDevice();
        enrolledBefore(DUE, slot, device);
        authority.revoke(device);
        refused("certificate-revoked", () -> of(slot, "revoked.csr").renewIfDue());
    }

    private static void enrolledBefore(Duration ago, KeySlot slot, Member.Device device) {
        authority.setBack(ago);
        try {
            var request =
                    org.mizuhiki.trust.EnrolmentRequests.of(slot.publicKey().orElseThrow(), slot::sign);
            slot.store(authority.redeem(authority.ticket(device), request).subList(0, 2));
        } finally {
            authority.setBack(Duration.ZERO);
        }
    }

    private static void refused(String code, org.junit.jupiter.api.function.Executable call) {
        assertEquals(code, assertThrows(Refusal.class, call).code());
    }
}
