package org.mizuhiki.ike.vici;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.mizuhiki.house.Bytes;

/// Packs one packet. The buffer may hold secrets: [#close] wipes it.
final class Writing extends ByteArrayOutputStream {
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_VALUE = 65_535;

    /// @param type the packet's, e.g. [Packet#COMMAND]
    Writing(int type, String name) {
        write(type);
        name(name);
    }

    Writing section(Section section) {
        section.values().forEach(this::element);
        return this;
    }

    private void element(String name, Value value) {
        switch (value) {
            case Section inner -> {
                start(Element.SECTION_START, name);
                section(inner);
                write(Element.SECTION_END);
            }
            case Value.Text(var bytes) -> {
                start(Element.KEY_VALUE, name);
                value(bytes.toArray());
            }
            case Value.Hidden(var secret) -> {
                start(Element.KEY_VALUE, name);
                secret.lend(bytes -> {
                    value(bytes);
                    return bytes.length;
                });
            }
            case Value.Items(var items) -> {
                start(Element.LIST_START, name);
                for (Bytes item : items) {
                    write(Element.LIST_ITEM);
                    value(item.toArray());
                }
                write(Element.LIST_END);
            }
        }
    }

    private void start(int element, String name) {
        write(element);
        name(name);
    }

    private void name(String name) {
        var bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LONGEST_NAME) {
            throw new IllegalArgumentException("a name of vici has at most 255 bytes");
        }
        write(bytes.length);
        writeBytes(bytes);
    }

    private void value(byte[] bytes) {
        if (bytes.length > LONGEST_VALUE) {
            throw new IllegalArgumentException("a value of vici has at most 65,535 bytes");
        }
        write(bytes.length >> 8);
        write(bytes.length);
        writeBytes(bytes);
    }

    @Override
    public void close() {
        Arrays.fill(buf, (byte) 0);
    }
}
