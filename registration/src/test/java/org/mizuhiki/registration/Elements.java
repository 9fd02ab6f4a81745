package org.mizuhiki.registration;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.Arrays;
import org.mizuhiki.chip.EKey;
import org.mizuhiki.chip.Programs;
import org.mizuhiki.chip.SoftCard;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.KeyFiles;

/// Chips as a vendor has them from the factory: an e-Key with one service installed.
final class Elements {
    private static final KeyPair FACTORY = KeyFiles.newKeyPair(World.DIE);

    private Elements() {}

    private static Bytes sign(Bytes content) {
        try {
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(FACTORY.getPrivate(), World.DIE);
            signature.update(content.toArray());
            return Bytes.of(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static Secret code(int slot) {
        var code = new byte[16];
        Arrays.fill(code, (byte) ('0' + slot));
        return Secret.taking(code);
    }

    static Chip chip() {
        var card = SoftCard.inMemory(World.DIE);
        card.install(Programs.EKEY, EKey.parameters(FACTORY.getPublic(), 1));
        var key = EKey.on(card);
        key.personalise(FACTORY.getPublic(), "acme R-1", Elements::sign);
        key.carryOut(EKey.Order.deviceCode(code(0)), Elements::sign);
        key.carryOut(
                EKey.Order.install(1, FACTORY.getPublic(), Bytes.utf8("medical-vpn-----"), code(1)), Elements::sign);
        return new ElementChip(key.slot(0, code(0)), () -> key.slot(1, code(1)));
    }
}
