package org.mizuhiki.ike.vici;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;

class PacketTest {
    private static final int ANSWER = 1;
    private static final int EVENT = 7;

    private final SplittableRandom dice = new SplittableRandom(4555);

    @Test
    @Tag("D16")
    void whatIsWrittenIsRead() throws Malformed {
        for (int i = 0; i < 3000; i++) {
            var section = section(0);
            assertEquals(new Packet.Event("list-sa", section), Packet.read(Packet.written(EVENT, "list-sa", section)));
        }
    }

    private Section section(int depth) {
        var section = Section.EMPTY;
        for (int i = dice.nextInt(5); i > 0; i--) {
            section = section.with(name(), value(depth));
        }
        return section;
    }

    private Value value(int depth) {
        return switch (dice.nextInt(depth < 4 ? 3 : 2)) {
            case 0 -> new Value.Text(bytes());
            case 1 -> {
                var items = new ArrayList<Bytes>();
                for (int i = dice.nextInt(4); i > 0; i--) {
                    items.add(bytes());
                }
                yield new Value.Items(items);
            }
            default -> section(depth + 1);
        };
    }

    private String name() {
        return "n" + dice.nextInt(1000) + "値".repeat(dice.nextInt(20));
    }

    private Bytes bytes() {
        var bytes = new byte[dice.nextInt(10) == 0 ? dice.nextInt(65_536) : dice.nextInt(40)];
        dice.nextBytes(bytes);
        return Bytes.of(bytes);
    }

    @Test
    void aSecretIsWrittenAsItIs() throws Malformed {
        var hidden = Section.EMPTY.with("data", Secret.taking(new byte[] {1, 2, 3}));
        var open = Section.EMPTY.with("data", Bytes.of((byte) 1, (byte) 2, (byte) 3));
        assertEquals(new Packet.Event("e", open), Packet.read(Packet.written(EVENT, "e", hidden)));
    }

    @Test
    void whatIsTooLongIsNotWritten() {
        var section = Section.EMPTY.with("data", Bytes.of(new byte[65_536]));
        assertThrows(IllegalArgumentException.class, () -> Packet.written(EVENT, "e", section));
        assertThrows(IllegalArgumentException.class, () -> Packet.written(EVENT, "e".repeat(256), Section.EMPTY));
    }

    @Test
    void aPacketCutAnywhereIsMalformedOrShorter() {
        var whole = Packet.written(
                EVENT,
                "e",
                Section.EMPTY
                        .with("a", "b")
                        .with("c", Section.EMPTY.with("d", "e"))
                        .with("f", List.of("g", "h")));
        for (int size = 0; size < whole.length; size++) {
            read(Arrays.copyOf(whole, size));
        }
    }

    @Test
    void whatIsNoPacketIsMalformed() {
        malformed();
        malformed(99);
        malformed(2, 0); // more than a packet
        malformed(ANSWER, 2); // the end of a section that did not begin
        malformed(ANSWER, 3, 1, 'a', 0, 5, 'x'); // cut short
        malformed(ANSWER, 5, 0, 1, 'x'); // an item outside of a list
        malformed(ANSWER, 4, 1, 'a', 3, 1, 'b', 0, 0); // something else in a list
        malformed(ANSWER, 3, 1, 'a', 0, 0, 3, 1, 'a', 0, 0); // a name twice
    }

    private static void malformed(int... bytes) {
        var packet = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            packet[i] = (byte) bytes[i];
        }
        assertThrows(Malformed.class, () -> Packet.read(packet));
    }

    @Test
    void nestingIsBounded() {
        var deep = new byte[1 + 3 * 100_000];
        deep[0] = ANSWER;
        for (int i = 1; i < deep.length; i += 3) {
            deep[i] = 1;
            deep[i + 1] = 1;
            deep[i + 2] = 'a';
        }
        assertThrows(Malformed.class, () -> Packet.read(deep));
    }

    private static void read(byte[] input) {
        try {
            Packet.read(input);
        } catch (Malformed e) {
            // the only other way out
        }
    }
}
