package org.mizuhiki.ike.vici;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mizuhiki.house.Bytes;

/// What the engine says.
public sealed interface Packet {
    /// The engine closes the socket at packets that are longer; so do we.
    int LONGEST = 512 * 1024;

    int COMMAND = 0;
    int REGISTER = 3;
    int UNREGISTER = 4;

    record Answer(Section message) implements Packet {}

    record NoSuchCommand() implements Packet {}

    record Registered() implements Packet {}

    record NoSuchEvent() implements Packet {}

    record Event(String name, Section message) implements Packet {}

    /// A packet that a client sends, without the length before it.
    static byte[] written(int type, String name, Section message) {
        try (var writing = new Writing(type, name)) {
            return writing.section(message).toByteArray();
        }
    }

    /// Reads one packet, without the length before it; nothing may be left over.
    ///
    /// @throws Malformed if it is none
    static Packet read(byte[] packet) throws Malformed {
        var in = new Reading(ByteBuffer.wrap(packet));
        return switch (in.type()) {
            case 1 -> new Answer(in.message());
            case 2 -> in.end(new NoSuchCommand());
            case 5 -> in.end(new Registered());
            case 6 -> in.end(new NoSuchEvent());
            case 7 -> new Event(in.name(), in.message());
            default -> throw new Malformed("a packet of an unknown type");
        };
    }

    /// Reads elements; every length is checked before anything is made of it.
    record Reading(ByteBuffer in) {
        /// The engine's own messages nest four deep.
        private static final int DEEPEST = 16;

        int type() throws Malformed {
            return length(1);
        }

        <T> T end(T whole) throws Malformed {
            if (in.hasRemaining()) {
                throw new Malformed("more than a packet");
            }
            return whole;
        }

        Section message() throws Malformed {
            return section(0);
        }

        private Section section(int depth) throws Malformed {
            if (depth > DEEPEST) {
                throw new Malformed("too deep");
            }
            Map<String, Value> values = new LinkedHashMap<>();
            while (depth == 0 ? in.hasRemaining() : true) {
                int element = length(1);
                if (element == Element.SECTION_END && depth > 0) {
                    break;
                }
                if (values.putIfAbsent(name(), value(element, depth)) != null) {
                    throw new Malformed("a name stands twice");
                }
            }
            return new Section(values);
        }

        private Value value(int element, int depth) throws Malformed {
            return switch (element) {
                case Element.SECTION_START -> section(depth + 1);
                case Element.KEY_VALUE -> new Value.Text(Bytes.of(bytes(length(2))));
                case Element.LIST_START -> new Value.Items(items());
                default -> throw new Malformed("an element out of place");
            };
        }

        private List<Bytes> items() throws Malformed {
            var items = new ArrayList<Bytes>();
            int element;
            while ((element = length(1)) == Element.LIST_ITEM) {
                items.add(Bytes.of(bytes(length(2))));
            }
            if (element != Element.LIST_END) {
                throw new Malformed("a list that does not end");
            }
            return items;
        }

        String name() throws Malformed {
            return new String(bytes(length(1)), StandardCharsets.UTF_8);
        }

        /// An unsigned number of that many bytes, one or two.
        private int length(int size) throws Malformed {
            if (in.remaining() < size) {
                throw new Malformed("cut short");
            }
            return size == 1 ? in.get() & 0xff : in.getShort() & 0xffff;
        }

        private byte[] bytes(int length) throws Malformed {
            if (in.remaining() < length) {
                throw new Malformed("cut short");
            }
            var bytes = new byte[length];
            in.get(bytes);
            return bytes;
        }
    }
}
