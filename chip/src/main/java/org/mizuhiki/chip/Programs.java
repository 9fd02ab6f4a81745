package org.mizuhiki.chip;

import java.util.List;
import org.mizuhiki.house.Bytes;

/// The applets of the house. Their names on a card are of the unregistered category (ISO 7816-5: F…).
public final class Programs {
    public static final Program EKEY = new Program(
            "org.mizuhiki.applets.ekey",
            List.of("Chip", "Curve", "EKey", "Forms", "Management", "Slot", "Storage", "Unsealing"),
            "EKey",
            Bytes.of((byte) 0xf0, (byte) 'M', (byte) 'Z', (byte) 'K', (byte) 'E', (byte) 'Y', (byte) 1),
            List.of());

    private Programs() {}
}
