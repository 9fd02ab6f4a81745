package org.mizuhiki.chip;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.PublicKey;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// Evidence that a key lies in a slot of an e-Key of a certain manufacturer, now (seed 003, table A.1: the
/// information that the manufacturer signed; D.5: tier 1 authenticates the chip).
///
/// Or that a service's slot on it vouches for a key that lies beside it, see [VouchedSlot]: then the host
/// says where, and only the e-Key says who asks.
///
/// Encoded: `nonce(32) ‖ identity's point(65) ‖ slot(1) ‖ service(16)`, then, each after its length in two
/// bytes, the information, the manufacturer's signature, the chip's over the slot's key, the chip's over the
/// device's key (nothing for slot 0, where these are one); at the end, for a key beside the chip only, the
/// slot's key(65) and its signature after its length.
///
/// @param nonce 32 bytes of the asker's
/// @param identity the chip's own key
/// @param service name of the service in the slot, 16 bytes; zeros for slot 0
/// @param information who manages the chip, and what the device is
/// @param origin the manufacturer's signature over it and the chip's name
/// @param proof the chip's word that this slot holds the key, see [EKeyForms#isProof]
/// @param device the same for the device's key in slot 0, for the key of a service
/// @param voucher present for a key beside the chip
public record ChipProof(
        Bytes nonce,
        PublicKey identity,
        int slot,
        Bytes service,
        Bytes information,
        Bytes origin,
        Bytes proof,
        Bytes device,
        Optional<Voucher> voucher) {
    private static final int POINT = 65;
    private static final int NONCE = 32;
    private static final int NAME = 16;
    private static final Bytes NO_SERVICE = Bytes.of(new byte[NAME]);
    private static final int LARGEST = 2048;
    private static final int LONGEST_SIGNATURE = 72;

    /// A slot's word for another key.
    ///
    /// @param slotKey the key that lies in the slot
    /// @param word its signature over [ChipProof#vouching]
    public record Voucher(PublicKey slotKey, Bytes word) {}

    static ChipProof of(EKey key, int slot, Bytes nonce, Bytes proof) {
        var device = slot == 0 ? Bytes.of() : key.prove(nonce);
        var service = key.service(slot).map(EKey.Service::name).orElse(NO_SERVICE);
        return new ChipProof(
                nonce,
                key.view().identity(),
                slot,
                service,
                key.information(),
                key.origin(),
                proof,
                device,
                Optional.empty());
    }

    ChipProof with(Voucher voucher) {
        return new ChipProof(nonce, identity, slot, service, information, origin, proof, device, Optional.of(voucher));
    }

    /// What the slot's key signs for another key: `"MZVOUCH1" ‖ chip(32) ‖ nonce(32) ‖ service(16) ‖ point(65)`.
    Bytes vouching(PublicKey other) {
        return EKey.joined(Bytes.utf8("MZVOUCH1"), Bytes.of(chip().toArray()), nonce, service, Points.point(other));
    }

    public Bytes encode() {
        return EKey.joined(
                nonce,
                Points.point(identity),
                Bytes.of((byte) slot),
                service,
                EKey.number(information.size(), 2),
                information,
                EKey.number(origin.size(), 2),
                origin,
                EKey.number(proof.size(), 2),
                proof,
                EKey.number(device.size(), 2),
                device,
                voucher.map(ChipProof::encode).orElse(Bytes.of()));
    }

    private static Bytes encode(Voucher voucher) {
        return EKey.joined(
                Points.point(voucher.slotKey()), EKey.number(voucher.word().size(), 2), voucher.word());
    }

    /// @throws Refusal `chip-proof-malformed`
    public static ChipProof read(Bytes encoded) {
        try {
            var raw = ByteBuffer.wrap(encoded.toArray());
            var read = new ChipProof(
                    take(raw, NONCE),
                    Points.key(take(raw, POINT)),
                    raw.get(),
                    take(raw, NAME),
                    part(raw, LARGEST),
                    part(raw, LONGEST_SIGNATURE),
                    part(raw, LONGEST_SIGNATURE),
                    part(raw, LONGEST_SIGNATURE),
                    voucher(raw));
            EKeyForms.manager(read.information());
            if (raw.hasRemaining()
                    || read.slot() < 0
                    || (read.slot() == 0) != (read.device().size() == 0)
                    || (read.slot() == 0 && read.voucher().isPresent())) {
                throw new IllegalArgumentException("not what an e-Key says");
            }
            return read;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw Refusal.of(
                    "chip-proof-malformed",
                    "チップの証明を読めません。機器のソフトウェアを更新してください",
                    "The chip's proof cannot be read; update the device's software",
                    e);
        }
    }

    private static Optional<Voucher> voucher(ByteBuffer raw) {
        return raw.hasRemaining()
                ? Optional.of(new Voucher(Points.key(take(raw, POINT)), part(raw, LONGEST_SIGNATURE)))
                : Optional.empty();
    }

    private static Bytes take(ByteBuffer raw, int size) {
        var part = new byte[size];
        raw.get(part);
        return Bytes.of(part);
    }

    private static Bytes part(ByteBuffer raw, int most) {
        int size = raw.getShort() & 0xffff;
        if (size > most) {
            throw new IllegalArgumentException("longer than an e-Key has it");
        }
        return take(raw, size);
    }

    /// The chip's name.
    public Digest chip() {
        return EKeyForms.name(identity);
    }

    /// Whether this manufacturer signed the information for this chip.
    public boolean isFrom(PublicKey manufacturer) {
        var form = EKeyForms.personalisation(chip(), information);
        return Crypto.verifies(manufacturer, form, origin);
    }

    /// Whether the chip says that this key lies in the slot, for the service that is named here.
    public boolean holds(PublicKey key) {
        return EKeyForms.isProof(identity, nonce, slot, Points.point(key), service, proof);
    }

    /// Whether the key that lies in the slot vouches for this one, which lies beside the chip.
    public boolean vouchesFor(PublicKey key) {
        return voucher.filter(v -> holds(v.slotKey()))
                .filter(v -> Crypto.verifies(v.slotKey(), vouching(key), v.word()))
                .isPresent();
    }

    /// Whether the chip says that this key is its device's, in slot 0.
    public boolean isOfDevice(PublicKey key) {
        return EKeyForms.isProof(identity, nonce, 0, Points.point(key), NO_SERVICE, slot == 0 ? proof : device);
    }
}
