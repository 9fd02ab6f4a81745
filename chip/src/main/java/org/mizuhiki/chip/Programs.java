package org.mizuhiki.chip;

import java.util.List;
import org.mizuhiki.house.Bytes;

/// The applets of the house. Their names on a card are of the unregistered category (ISO 7816-5: F…),
/// but for the simulator's.
public final class Programs {
    /// A library: nothing of it is installed.
    private static final Program CURVE =
            new Program("org.mizuhiki.applets.curve", List.of("Curve", "Unsealing"), "", aid("CRV", 1), List.of());

    /// A library: the interface by which applets know a timer.
    private static final Program TICKS =
            new Program("org.mizuhiki.applets.ticks", List.of("Ticks"), "", aid("TCK", 1), List.of());

    public static final Program EKEY = new Program(
            "org.mizuhiki.applets.ekey",
            List.of("Chip", "EKey", "Forms", "Management", "Slot", "Storage"),
            "EKey",
            aid("KEY", 1),
            List.of(CURVE));

    /// Offers the card's timer to the terminal's element, which must be installed after it. Another chip
    /// has another such applet, or none.
    public static final Program TIMER =
            new Program("org.mizuhiki.applets.timer", List.of("Timer"), "Timer", aid("TIM", 1), List.of(TICKS));

    /// The element of an eligibility terminal.
    public static final Program TERMINAL = new Program(
            "org.mizuhiki.applets.terminal",
            List.of("CardKey", "Counter", "Forms", "Institution", "Opening", "Staging", "Stamps", "Terminal", "Visit"),
            "Terminal",
            aid("TRM", 1),
            List.of(CURVE, TICKS));

    /// A SIMULATOR of the national ID card; it answers to the real card's name, because software asks for
    /// that.
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
