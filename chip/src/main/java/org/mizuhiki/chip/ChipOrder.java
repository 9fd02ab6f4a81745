package org.mizuhiki.chip;

import java.security.PublicKey;
import java.util.Arrays;
import org.mizuhiki.house.Bytes;

/// What somebody wants to come onto an e-Key, go from it, or stand still on it. The chip takes all of it
/// from its manager; from a provider suspension, resumption and removal of a service that is its own.
///
/// @param instruction ISO 7816-4, INS
/// @param parameter P2
/// @param body `provider's point(65) ‖ name(16)` of a service that comes; the name of one that is there;
///     nothing for the device's own code
public record ChipOrder(int instruction, int slot, int parameter, Bytes body) {
    private static final int INSTALL = 0x30;
    private static final int DELETE = 0x32;
    private static final int CONTROL = 0x34;
    private static final int SUSPEND = 1;
    private static final int RESUME = 2;
    private static final int UNBLOCK = 3;
    private static final int POINT = 65;
    private static final int NAME = 16;

    /// What it is, for people and for programs.
    public enum Action {
        DEVICE_CODE,
        INSTALL,
        REMOVE,
        SUSPEND,
        RESUME,
        UNBLOCK
    }

    /// @throws org.mizuhiki.house.Refusal `order-malformed`
    public ChipOrder {
        boolean known = switch (instruction) {
            case INSTALL -> parameter == 0 && body.size() == (slot == 0 ? 0 : POINT + NAME);
            case DELETE -> parameter == 0 && slot > 0 && body.size() == NAME;
            case CONTROL ->
                parameter >= SUSPEND
                        && parameter <= UNBLOCK
                        && (slot > 0 || parameter == UNBLOCK)
                        && body.size() == NAME;
            default -> false;
        };
        if (!known || slot < 0 || slot > 0x7f) {
            throw SignedOrder.malformed();
        }
        if (body.size() == POINT + NAME) {
            SignedOrder.mustBePoint(Bytes.of(Arrays.copyOf(body.toArray(), POINT)));
        }
    }

    /// @param name 16 bytes by which provider and chip call the service
    public static ChipOrder install(int slot, PublicKey provider, Bytes name) {
        return new ChipOrder(INSTALL, slot, 0, EKey.joined(Points.point(provider), name));
    }

    public static ChipOrder deviceCode() {
        return new ChipOrder(INSTALL, 0, 0, Bytes.of());
    }

    public static ChipOrder remove(int slot, Bytes name) {
        return new ChipOrder(DELETE, slot, 0, name);
    }

    public static ChipOrder suspend(int slot, Bytes name) {
        return new ChipOrder(CONTROL, slot, SUSPEND, name);
    }

    public static ChipOrder resume(int slot, Bytes name) {
        return new ChipOrder(CONTROL, slot, RESUME, name);
    }

    public static ChipOrder unblock(int slot, Bytes name) {
        return new ChipOrder(CONTROL, slot, UNBLOCK, name);
    }

    public Action action() {
        return switch (instruction) {
            case INSTALL -> slot == 0 ? Action.DEVICE_CODE : Action.INSTALL;
            case DELETE -> Action.REMOVE;
            default -> parameter == SUSPEND ? Action.SUSPEND : parameter == RESUME ? Action.RESUME : Action.UNBLOCK;
        };
    }

    /// Whether the slot gets a code with it. The code is made where the chip is, is not part of the order,
    /// and travels nowhere.
    public boolean givesCode() {
        return switch (action()) {
            case DEVICE_CODE, INSTALL, UNBLOCK -> true;
            case REMOVE, SUSPEND, RESUME -> false;
        };
    }

    /// The service it is about: 16 bytes; zeros for the device itself.
    public Bytes service() {
        var raw = body.toArray();
        return raw.length == 0
                ? Bytes.of(new byte[NAME])
                : Bytes.of(Arrays.copyOfRange(raw, raw.length - NAME, raw.length));
    }

    /// Whose the service is that comes with it.
    ///
    /// @throws IllegalStateException for another kind of order
    public PublicKey provider() {
        if (action() != Action.INSTALL) {
            throw new IllegalStateException("only an installation names a provider");
        }
        return Points.key(Bytes.of(Arrays.copyOf(body.toArray(), POINT)));
    }

    /// `INS ‖ P1 ‖ P2 ‖ body`.
    Bytes encoded() {
        return EKey.joined(Bytes.of((byte) instruction, (byte) slot, (byte) parameter), body);
    }
}
