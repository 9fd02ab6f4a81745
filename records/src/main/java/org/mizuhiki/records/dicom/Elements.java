package org.mizuhiki.records.dicom;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// Walks the data elements of a DICOM file (PS3.10, PS3.5 clause 7) from front to back: little endian with
/// explicit or implicit value representations, or big endian. Sequences are walked over, values that are
/// not wanted are skipped unread, and everything ends before the pixel data.
final class Elements {
    static final int MAX_VALUE = 64 << 10;
    /// Most elements walked over, sequences included; enhanced and whole-slide objects have many
    /// per-frame items.
    static final int MAX_ELEMENTS = 2_000_000;
    /// Most bytes walked over before the pixel data.
    static final long MAX_HEADER = 512L << 20;

    private static final int MAX_DEPTH = 32;
    private static final int PIXEL_DATA = 0x7fe0_0010;
    private static final long UNDEFINED = 0xffff_ffffL;
    private static final int ITEM = 0xfffe_e000;
    private static final int ITEM_END = 0xfffe_e00d;
    private static final int SEQUENCE_END = 0xfffe_e0dd;
    /// Representations whose length has 32 bits after two reserved bytes (PS3.5, 7.1.2).
    private static final Set<String> LONG =
            Set.of("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV");
    private static final Set<String> SHORT = Set.of(
            "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN", "SH", "SL", "SS", "ST", "TM",
            "UI", "UL", "US");

    /// Where the values go that somebody wants.
    interface Sink {
        boolean wants(int tag);

        void take(int tag, byte[] value, boolean bigEndian);
    }

    private record Head(int tag, String representation, long length) {}

    private final InputStream in;
    private final Sink sink;
    private long walked;
    private int elements;
    private boolean bigEndian;
    private boolean implicit;

    private Elements(InputStream in, Sink sink) {
        this.in = in;
        this.sink = sink;
    }

    /// @throws IOException when it is not DICOM, is cut off, or exceeds a bound
    static void walk(InputStream file, Sink sink) throws IOException {
        var elements = new Elements(new BufferedInputStream(file, 1 << 16), sink);
        elements.preamble();
        elements.dataSet(elements.metaInformation());
    }

    private void preamble() throws IOException {
        skip(128);
        if (!new String(exactly(4), StandardCharsets.US_ASCII).equals("DICM")) {
            throw new IOException("no DICM mark");
        }
    }

    /// Group 2 is always explicit little endian (PS3.10, 7.1) and names the syntax of the rest.
    ///
    /// @return the first element after it, already read in the right syntax
    private Optional<Head> metaInformation() throws IOException {
        var syntax = "";
        in.mark(1);
        while (true) {
            in.mark(16);
            var group = in.readNBytes(2);
            in.reset();
            if (group.length < 2 || group[0] != 2 || group[1] != 0) {
                break;
            }
            var head = head().orElseThrow(() -> new EOFException("cut off"));
            var value = value(head);
            if (head.tag() == 0x0002_0010) {
                syntax = text(value);
            }
            if (sink.wants(head.tag())) {
                sink.take(head.tag(), value, false);
            }
        }
        choose(syntax);
        return head();
    }

    private void choose(String syntax) throws IOException {
        switch (syntax) {
            case "1.2.840.10008.1.2" -> implicit = true;
            case "1.2.840.10008.1.2.2" -> bigEndian = true;
            case "1.2.840.10008.1.2.1.99" -> throw new IOException("deflated data sets are not read");
            case "" -> throw new IOException("no transfer syntax");
            default -> {
                // every other syntax, compressed ones included, writes its header as explicit little endian
            }
        }
    }

    private void dataSet(Optional<Head> first) throws IOException {
        var next = first;
        while (next.isPresent()) {
            var head = next.orElseThrow();
            if (head.tag() == PIXEL_DATA) {
                return;
            }
            if (head.length() == UNDEFINED) {
                sequence(head.representation().equals("UN"), 1);
            } else if (sink.wants(head.tag()) && head.length() <= MAX_VALUE) {
                sink.take(head.tag(), value(head), bigEndian);
            } else {
                skip(head.length());
            }
            next = head();
        }
    }

    /// Walks over the items of a sequence of undefined length (PS3.5, 7.5).
    ///
    /// @param unknown a sequence of representation UN is implicit little endian inside (PS3.5, 6.2.2)
    private void sequence(boolean unknown, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new IOException("sequences nested deeper than " + MAX_DEPTH);
        }
        boolean was = implicit;
        implicit |= unknown;
        while (true) {
            var item = head().orElseThrow(() -> new EOFException("cut off"));
            if (item.tag() == SEQUENCE_END) {
                implicit = was;
                return;
            }
            if (item.tag() != ITEM) {
                throw new IOException("a sequence without items");
            }
            if (item.length() == UNDEFINED) {
                item(depth);
            } else {
                skip(item.length());
            }
        }
    }

    private void item(int depth) throws IOException {
        while (true) {
            var head = head().orElseThrow(() -> new EOFException("cut off"));
            if (head.tag() == ITEM_END) {
                return;
            }
            if (head.length() == UNDEFINED) {
                sequence(head.representation().equals("UN"), depth + 1);
            } else {
                skip(head.length());
            }
        }
    }

    private Optional<Head> head() throws IOException {
        if (++elements > MAX_ELEMENTS) {
            throw new IOException("more than " + MAX_ELEMENTS + " elements");
        }
        var first = in.readNBytes(4);
        if (first.length == 0) {
            return Optional.empty();
        }
        if (first.length < 4) {
            throw new EOFException("cut off");
        }
        walked += 4;
        int tag = (int) ((number(first, 0, 2) << 16) | number(first, 2, 2));
        if (tag >>> 16 == 0xfffe || implicit) {
            return Optional.of(new Head(tag, "", number(exactly(4), 0, 4)));
        }
        var rest = exactly(4);
        var representation = new String(rest, 0, 2, StandardCharsets.US_ASCII);
        if (LONG.contains(representation)) {
            return Optional.of(new Head(tag, representation, number(exactly(4), 0, 4)));
        }
        if (!SHORT.contains(representation)) {
            throw new IOException("an unknown value representation");
        }
        return Optional.of(new Head(tag, representation, number(rest, 2, 2)));
    }

    private long number(byte[] bytes, int from, int length) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            int at = bigEndian ? from + i : from + length - 1 - i;
            value = (value << 8) | (bytes[at] & 0xff);
        }
        return value;
    }

    private byte[] value(Head head) throws IOException {
        if (head.length() > MAX_VALUE) {
            throw new IOException("a value over " + MAX_VALUE + " bytes");
        }
        return exactly((int) head.length());
    }

    private byte[] exactly(int size) throws IOException {
        var bytes = in.readNBytes(size);
        if (bytes.length != size) {
            throw new EOFException("cut off");
        }
        walked += size;
        return bytes;
    }

    private void skip(long size) throws IOException {
        walked += size;
        if (walked > MAX_HEADER) {
            throw new IOException("a header over " + MAX_HEADER + " bytes");
        }
        try {
            in.skipNBytes(size);
        } catch (EOFException e) {
            throw new EOFException("cut off");
        }
    }

    static String text(byte[] ascii) {
        return new String(ascii, StandardCharsets.US_ASCII).replace('\0', ' ').strip();
    }
}
