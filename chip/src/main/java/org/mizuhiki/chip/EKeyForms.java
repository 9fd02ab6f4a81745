package org.mizuhiki.chip;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// What is signed for an e-Key and by it: `"MZEKEY1" ‖ tag ‖ chip(32) ‖ …`. The chip is named by the SHA-256
/// of its identity key's point.
public final class EKeyForms {
    private static final int POINT = 65;
    /// The rest of it is in [ChipOrder].
    private static final char MANAGEMENT = 'M';
    private static final int PPK = 32;
    private static final int NAME = 16;

    private EKeyForms() {}

    private static ByteArrayOutputStream begin(char tag, Digest chip) {
        var out = new ByteArrayOutputStream();
        out.writeBytes("MZEKEY1".getBytes(StandardCharsets.US_ASCII));
        out.write(tag);
        out.writeBytes(chip.toArray());
        return out;
    }

    /// What the manufacturer signs when a device leaves the factory: who manages the chip, and what it is.
    public static Bytes personalisation(Digest chip, Bytes information) {
        var out = begin('P', chip);
        out.writeBytes(information.toArray());
        return Bytes.of(out.toByteArray());
    }

    /// The device information: the manager's key, then free text.
    public static Bytes information(PublicKey manager, String text) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(Points.point(manager).toArray());
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return Bytes.of(out.toByteArray());
    }

    /// Who manages the chip, by it.
    ///
    /// @throws IllegalArgumentException for bytes that do not begin with a P-256 point
    public static PublicKey manager(Bytes information) {
        return Points.key(Bytes.of(Arrays.copyOf(information.toArray(), POINT)));
    }

    /// The free text in it.
    public static String text(Bytes information) {
        var raw = information.toArray();
        return new String(raw, POINT, raw.length - POINT, StandardCharsets.UTF_8);
    }

    static Bytes management(Digest chip, int number, ChipOrder order) {
        return EKey.joined(Bytes.of(begin(MANAGEMENT, chip).toByteArray()), EKey.number(number, 4), order.encoded());
    }

    static Bytes receipt(PublicKey identity, Bytes record) {
        return EKey.joined(Bytes.of(begin('R', name(identity)).toByteArray()), record);
    }

    /// The name of the chip whose identity key this is.
    public static Digest name(PublicKey identity) {
        return Points.point(identity).sha256();
    }

    /// A service's name as chip and provider write it: 16 bytes, zeros at the end.
    ///
    /// @throws Refusal `service-name`
    public static Bytes serviceName(String service) {
        if (!service.matches("[!-~]{1,16}")) {
            throw Refusal.of(
                    "service-name",
                    "サービスの名前は半角英数字・記号1〜16文字です（空白は使えません）",
                    "A service's name has 1 to 16 letters, digits or signs (ASCII, no spaces)");
        }
        return Bytes.of(Arrays.copyOf(service.getBytes(StandardCharsets.US_ASCII), NAME));
    }

    /// What a provider signs for its slot: connection information, or a sealed PPK.
    ///
    /// @param version later than that of what is there
    public static Bytes content(Digest chip, Bytes service, EKey.Content kind, int version, Bytes content) {
        var out = begin('C', chip);
        out.writeBytes(service.toArray());
        out.write(kind.number());
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(version >> shift);
        }
        out.writeBytes(content.toArray());
        return Bytes.of(out.toByteArray());
    }

    /// Seals a post-quantum preshared key (RFC 8784) to a slot.
    ///
    /// @param ppk 32 bytes
    /// @param agreement of the slot, [EKeySlot#agreementKey]
    public static Bytes sealed(Digest chip, PublicKey agreement, Secret ppk, SecureRandom die) {
        if (ppk.size() != PPK) {
            throw new IllegalArgumentException("a PPK has 32 bytes");
        }
        return ChipSealing.seal(ppk, agreement, chip, die);
    }

    /// Whether the chip itself said, just now, that this key lies in this slot of it, for this service.
    ///
    /// @param identity the chip's, whose digest the manufacturer's signature covers
    /// @param nonce 32 fresh bytes of the asker's
    /// @param service 16 bytes; zeros for slot 0
    public static boolean isProof(
            PublicKey identity, Bytes nonce, int slot, Bytes point, Bytes service, Bytes signature) {
        var out = begin('I', name(identity));
        out.writeBytes(nonce.toArray());
        out.write(slot);
        out.writeBytes(point.toArray());
        out.writeBytes(service.toArray());
        return Crypto.verifies(identity, Bytes.of(out.toByteArray()), signature);
    }
}
