package org.mizuhiki.chip;

import java.util.List;
import org.mizuhiki.house.Bytes;

/// The applets of the house. Their names on a card are of the unregistered category (ISO 7816-5: F…),
/// but for the simulator's.
public final class Programs {
    /// A library: nothing of it is installed.
    private static final Program CURVE =
            new Program("org.mizuhiki.applets.curve", List.of("Curve"), "", aid("CRV", 1), List.of());

    public static final Program EKEY = new Program(
            "org.mizuhiki.applets.ekey",
            List.of("Chip", "EKey", "Forms", "Management", "Slot", "Storage", "Unsealing"),
            "EKey",
            aid("KEY", 1),
            List.of(CURVE));

    /// The element of an eligibility terminal.
    public static final Program TERMINAL = new Program(
            "org.mizuhiki.applets.terminal", List.of("Counter", "Terminal"), "Terminal", aid("TRM", 1), List.of(CURVE));

    /// A SIMULATOR of the national ID card; it answers to the real card's name, because software asks for that.
    public static final Program NATIONAL_CARD_SIMULATOR = new Program(
            "org.mizuhiki.applets.nationalcard",
            List.of("Contents", "Credential", "File", "Institution", "NationalCardSimulator"),
            "NationalCardSimulator",
            NationalCard.AID,
            List.of(CURVE));

    private Programs() {}

    private static Bytes aid(String name, int version) {
        return EKey.joined(Bytes.of((byte) 0xf0), Bytes.utf8("MZ" + name), Bytes.of((byte) version));
    }
}
