package org.mizuhiki.apps.device;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.chip.OrderReceipt;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.KeyFiles;

/// What a chip said about orders and the authority has not heard, in the chip's folder (`receipts`): the chip
/// itself remembers the last only, and another order at the device would end the word about one that came
/// over the net. One after the other, oldest first: `record(41) ‖ length(1) ‖ signature`.
record UntoldReceipts(Path folder) {
    private static final int RECORD = 41;
    /// Of a chip that never synchronises the older ones are forgotten.
    private static final int MOST = 200;

    /// @throws Refusal `receipts-unreadable`
    List<OrderReceipt> all() {
        var file = file();
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            var all = new ArrayList<OrderReceipt>();
            for (var raw = ByteBuffer.wrap(Files.readAllBytes(file)); raw.hasRemaining(); ) {
                all.add(new OrderReceipt(take(raw, RECORD), take(raw, raw.get() & 0xff)));
            }
            return List.copyOf(all);
        } catch (IOException | BufferUnderflowException | Refusal e) {
            throw unreadable(e);
        }
    }

    /// One that is there already changes nothing.
    void add(OrderReceipt last) {
        var all = new ArrayList<>(all());
        if (all.stream().noneMatch(r -> r.record().equals(last.record()))) {
            all.add(last);
            write(all.subList(Math.max(0, all.size() - MOST), all.size()));
        }
    }

    void remove(OrderReceipt told) {
        var all = all();
        var left = all.stream().filter(r -> !r.record().equals(told.record())).toList();
        if (left.size() < all.size()) {
            write(left);
        }
    }

    private static Bytes take(ByteBuffer raw, int size) {
        var part = new byte[size];
        raw.get(part);
        return Bytes.of(part);
    }

    private void write(List<OrderReceipt> all) {
        var raw = new ByteArrayOutputStream();
        for (var receipt : all) {
            raw.writeBytes(receipt.record().toArray());
            raw.write(receipt.signature().size());
            raw.writeBytes(receipt.signature().toArray());
        }
        KeyFiles.write(file(), raw.toByteArray(), "rw-------");
    }

    private Path file() {
        return folder.resolve("receipts");
    }

    private Refusal unreadable(Exception cause) {
        return Refusal.of(
                "receipts-unreadable",
                "チップの受領証のファイルが壊れています: " + file() + "。削除すると、未報告の結果は不明として扱われます",
                "The chip's receipts are damaged: " + file()
                        + "; without the file, what was not told yet is unknown to the authority",
                cause);
    }
}
