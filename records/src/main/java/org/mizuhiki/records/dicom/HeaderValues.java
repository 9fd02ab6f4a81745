package org.mizuhiki.records.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The values of the wanted elements of one file, as text.
public final class HeaderValues {
    private static final int CHARACTER_SET = 0x0008_0005;

    private final Map<Integer, byte[]> values = new HashMap<>();
    private boolean bigEndian;

    private HeaderValues() {}

    /// Reads up to the pixel data and no further; the stream is the caller's to close.
    ///
    /// @throws IOException when the file is not DICOM, is cut off, or exceeds a bound
    public static HeaderValues read(InputStream file, Set<Integer> tags) throws IOException {
        var header = new HeaderValues();
        Elements.walk(file, new Elements.Sink() {
            @Override
            public boolean wants(int tag) {
                return tag == CHARACTER_SET || tags.contains(tag);
            }

            @Override
            public void take(int tag, byte[] value, boolean isBigEndian) {
                header.values.putIfAbsent(tag, value);
                header.bigEndian = isBigEndian;
            }
        });
        return header;
    }

    /// Text without padding, or empty.
    public String text(int tag) {
        var value = values.get(tag);
        if (value == null) {
            return "";
        }
        var sets = values.get(CHARACTER_SET);
        return Words.decode(value, sets == null ? "" : Elements.text(sets))
                .replace('\0', ' ')
                .strip();
    }

    /// An unsigned 16-bit number, or 0.
    public int number(int tag) {
        var value = values.get(tag);
        if (value == null || value.length < 2) {
            return 0;
        }
        int high = value[bigEndian ? 0 : 1] & 0xff;
        int low = value[bigEndian ? 1 : 0] & 0xff;
        return (high << 8) | low;
    }
}
