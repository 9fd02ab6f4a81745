package org.mizuhiki.ledger.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// One batch in the journal: `MZL1`, length (4), CRC-32C (4) over what follows; then the index of the first
/// entry (8), the number of entries (4), and for each its length (2) and bytes; big endian.
record Frame(long first, List<byte[]> entries) {
    static final int HEADER = 12;
    static final int MAX_PAYLOAD = 32 << 20;
    private static final int MAGIC = 0x4d5a4c31;

    static ByteBuffer encode(long first, List<byte[]> entries) {
        int payload = 12 + entries.stream().mapToInt(e -> 2 + e.length).sum();
        var frame = ByteBuffer.allocate(HEADER + payload);
        frame.putInt(MAGIC).putInt(payload).putInt(0).putLong(first).putInt(entries.size());
        entries.forEach(e -> frame.putShort((short) e.length).put(e));
        frame.putInt(8, crc(frame.array(), HEADER, payload));
        return frame.flip();
    }

    /// The frame at `from`, and nothing when there is none that is whole.
    static Optional<Frame> at(ByteBuffer file, int from) {
        if (file.limit() - from < HEADER + 12 || file.getInt(from) != MAGIC) {
            return Optional.empty();
        }
        int payload = file.getInt(from + 4);
        if (payload < 12 || payload > MAX_PAYLOAD || payload > file.limit() - from - HEADER) {
            return Optional.empty();
        }
        var body = new byte[payload];
        file.get(from + HEADER, body);
        if (crc(body, 0, payload) != file.getInt(from + 8)) {
            return Optional.empty();
        }
        return decode(ByteBuffer.wrap(body));
    }

    private static Optional<Frame> decode(ByteBuffer body) {
        long first = body.getLong();
        int count = body.getInt();
        var entries = new ArrayList<byte[]>();
        while (entries.size() < count) {
            if (body.remaining() < 2) {
                return Optional.empty();
            }
            var entry = new byte[Short.toUnsignedInt(body.getShort())];
            if (body.remaining() < entry.length) {
                return Optional.empty();
            }
            body.get(entry);
            entries.add(entry);
        }
        return first < 0 || count <= 0 || body.hasRemaining()
                ? Optional.empty()
                : Optional.of(new Frame(first, entries));
    }

    int size() {
        return HEADER + 12 + entries.stream().mapToInt(e -> 2 + e.length).sum();
    }

    long next() {
        return first + entries.size();
    }

    private static int crc(byte[] bytes, int from, int length) {
        var crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
