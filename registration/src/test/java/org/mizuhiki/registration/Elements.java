package org.mizuhiki.registration;

import java.security.KeyPair;
import java.util.Arrays;
import org.mizuhiki.chip.ChipSigner;
import org.mizuhiki.chip.EKeyFactory;
import org.mizuhiki.chip.SoftCard;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.KeyFiles;

/// Chips as a vendor has them from the factory: an e-Key with one service installed.
final class Elements {
    private static final KeyPair KEY = KeyFiles.newKeyPair(World.DIE);
    private static final ChipSigner VENDOR = ChipSigner.of(KEY.getPublic(), KEY.getPrivate(), World.DIE);

    private Elements() {}

    private static Secret code(int slot) {
        var code = new byte[16];
        Arrays.fill(code, (byte) ('0' + slot));
        return Secret.taking(code);
    }

    static Chip chip() {
        var factory = new EKeyFactory(VENDOR, VENDOR);
        var key = factory.make(SoftCard.inMemory(World.DIE), "acme R-1", 1, code(0));
        factory.install(key, 1, VENDOR, Bytes.utf8("medical-vpn-----"), code(1));
        return new ElementChip(key.slot(0, code(0)), () -> key.slot(1, code(1)));
    }
}
