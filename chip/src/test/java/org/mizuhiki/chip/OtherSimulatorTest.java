package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.chip.card.Card;
import org.mizuhiki.chip.purse.Purse;
import org.mizuhiki.house.Bytes;

/// The card of the house and jCardSim 3.0.5.11 run the same class files and answer the same, but for a few
/// things, each of which is named here with its reason.
@Tag("N1")
class OtherSimulatorTest {
    private static String status(byte... answer) {
        return HexFormat.of().formatHex(answer, answer.length - 2, answer.length);
    }

    private static JcardSim purse() {
        var card = JcardSim.with(Purse.class, Bytes.of(Cards.PURSE_AID), Bytes.utf8("1234"));
        assertEquals("9000", status(card.transmit(Cards.hex("00a4040005f04d5a5001"))));
        return card;
    }

    private static CardLine ours() {
        var card = Cards.withPurse(Card.FORGETFUL);
        assertEquals("9000", Cards.select(card, Cards.PURSE_AID));
        return new CardLine(card);
    }

    private static JcardSim eKey() throws ClassNotFoundException {
        return JcardSim.with(
                Class.forName(Programs.EKEY.packageName() + "." + Programs.EKEY.applet()),
                Programs.EKEY.aid(),
                EKey.parameters(Factory.MANUFACTURER.getPublic(), 3));
    }

    private static void equip(CardChannel card) {
        var key = Factory.equipped(card);
        for (int i = 0; i <= 2; i++) {
            var slot = key.slot(i, Factory.code(i));
            slot.store(List.of(Factory.certificate(slot.generate())));
        }
        EKey.on(card);
    }

    /// What the other one answers where it is known to differ; our own answer everywhere else.
    ///
    /// - It throws an exception at commands whose lengths disagree.
    /// - It gives commands for other channels to the applet, which refuses the class.
    /// - Bytes that are no signature end in an exception there: the applet's defect. Here they are a wrong one.
    private static boolean mayDiffer(byte[] command, String ours, String theirs) {
        return switch (ours + " " + theirs) {
            case "6700 ffff" -> true;
            case "6881 6e00" -> command[0] != (byte) 0x80;
            case "6982 6f00" -> command[0] == (byte) 0x80;
            default -> false;
        };
    }

    private static void answerAlike(CardChannel ours, CardChannel theirs, Function<SplittableRandom, byte[]> commands) {
        int count = Integer.getInteger("mizuhiki.fuzz.commands", 20_000);
        long seed = Cards.DIE.nextLong();
        var dice = new SplittableRandom(seed);
        int done = 0;
        for (int i = 0; i < count; i++) {
            var command = commands.apply(dice);
            var here = status(ours.transmit(command.clone()));
            var there = status(theirs.transmit(command.clone()));
            assertTrue(
                    here.equals(there) || mayDiffer(command, here, there),
                    () -> "seed %d: %s: %s here, %s there"
                            .formatted(seed, HexFormat.of().formatHex(command), here, there));
            done += here.equals("9000") ? 1 : 0;
        }
        assertTrue(done > count / 200, done + " commands did something");
    }

    /// The whole life of an e-Key up to three certified slots, then commands of every kind.
    @Test
    void theEKeyGivesTheSameStatusWords() throws Exception {
        var known = Cards.hex(
                "80200100" + "10" + HexFormat.of().formatHex(Factory.code(1).lend(byte[]::clone)));
        try (var theirs = eKey();
                var ours = Factory.blank()) {
            equip(theirs);
            equip(ours);
            answerAlike(ours, theirs, dice -> dice.nextInt(12) == 0 ? known : EKeyFuzzTest.command(dice));
        }
    }

    /// Enrolled, opened and anchored, a visit, then commands of every kind.
    @Test
    void theTerminalsElementGivesTheSameStatusWords() throws Exception {
        var applet = Programs.TERMINAL.packageName() + "." + Programs.TERMINAL.applet();
        var parameters = TerminalElement.parameters(Reception.SERVICE.getPublic(), Reception.QUOTA);
        try (var theirs = JcardSim.with(Class.forName(applet), Programs.TERMINAL.aid(), parameters);
                var ours = CardLine.terminal(Reception.QUOTA)) {
            for (var line : List.of(ours, theirs)) {
                var reception = Reception.over(line).enrolled();
                reception.element.open(Reception.service());
                reception.anchor();
                reception.receive(Reception.PATIENT);
            }
            answerAlike(ours, theirs, TerminalFuzzTest::command);
        }
    }

    @Test
    void thePurseGivesTheSameAnswers() {
        var dice = new SplittableRandom(Cards.DIE.nextLong());
        try (var theirs = purse();
                var ours = ours()) {
            for (int i = 0; i < 5_000; i++) {
                var command = switch (dice.nextInt(8)) {
                    case 0 -> "8001%02x%s".formatted(dice.nextInt(256), dice.nextBoolean() ? "00" : "04");
                    case 1 -> "800300000431323334";
                    case 2 -> "80030000043132333%d".formatted(dice.nextInt(10));
                    case 3 -> "80060000";
                    case 4 -> "8007000003%06x".formatted(dice.nextInt(1 << 24));
                    case 5 -> "8008%02x00".formatted(dice.nextInt(256));
                    case 6 -> "80%02x0000".formatted(dice.nextInt(9, 256));
                    default -> "80020000";
                };
                var raw = Cards.hex(command);
                assertEquals(
                        HexFormat.of().formatHex(ours.transmit(raw.clone())),
                        HexFormat.of().formatHex(theirs.transmit(raw.clone())),
                        command);
            }
        }
    }

    /// It takes nothing back: neither an aborted transaction nor one that an exception ended, and one that was
    /// left open stops every later one (by an exception of the API, whose reason it gives for a status word).
    @Test
    void theOtherOneHasNoRollBack() {
        try (var theirs = purse();
                var ours = ours()) {
            for (var how : List.of("01", "02", "03")) {
                ours.transmit(Cards.hex("800107" + how));
                assertEquals("000000000000" + "9000", answer(ours, "80020000"));
            }
            assertEquals("9000", answer(theirs, "80010701"));
            assertEquals("0007fff907009000", answer(theirs, "80020000"));
            assertEquals("6f55", answer(theirs, "80010702"));
            assertEquals("000efff207079000", answer(theirs, "80020000"));
            answer(theirs, "80010703");
            assertEquals("0001", answer(theirs, "80010100"));
        }
    }

    private static String answer(CardChannel card, String command) {
        return HexFormat.of().formatHex(card.transmit(Cards.hex(command)));
    }
}
