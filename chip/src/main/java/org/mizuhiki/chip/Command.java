package org.mizuhiki.chip;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// One command to an applet of ours and what its status word means to people.
record Command(int ins, int p1, int p2, Bytes data) {
    private static final int CLASS = 0x80;
    private static final int CHAINED = 0x10;

    Command {
        if (data.size() > 255) {
            throw new IllegalArgumentException("a short command carries 255 bytes");
        }
    }

    static Command of(int ins, int slot) {
        return new Command(ins, slot, 0, Bytes.of());
    }

    Bytes send(CardChannel channel) {
        return send(channel, false, sw -> refused(sw));
    }

    /// @param more whether the content goes on in the next command
    Bytes send(CardChannel channel, boolean more, IntFunction<Refusal> meaning) {
        var out = new ByteArrayOutputStream();
        out.write(more ? CLASS | CHAINED : CLASS);
        out.write(ins);
        out.write(p1);
        out.write(p2);
        if (data.size() > 0) {
            out.write(data.size());
            out.writeBytes(data.toArray());
        }
        out.write(0);
        var raw = out.toByteArray();
        var answer = channel.transmit(raw);
        // a code may have been in it
        Arrays.fill(raw, (byte) 0);
        int status = ((answer[answer.length - 2] & 0xff) << 8) | (answer[answer.length - 1] & 0xff);
        if (status != 0x9000) {
            throw meaning.apply(status);
        }
        return Bytes.of(Arrays.copyOf(answer, answer.length - 2));
    }

    static Refusal refused(int status) {
        if (status >> 4 == 0x63c) {
            int left = status & 0xf;
            return Refusal.of(
                    "chip-code-wrong",
                    "チップのコードが違います。残り" + left + "回です",
                    "The chip's code is wrong; " + left + " tries are left");
        }
        return switch (status) {
            case 0x6983 ->
                Refusal.of(
                        "chip-code-blocked",
                        "コードを続けて間違えたため、このスロットは止まっています。チップの管理者に解除を頼んでください",
                        "Too many wrong codes have blocked this slot; ask the chip's manager to unblock it");
            case 0x6982 ->
                Refusal.of(
                        "chip-not-permitted",
                        "チップが拒否しました。権限のある署名かコードが必要です",
                        "The chip wants a signature or code that permits this");
            case 0x6986 ->
                Refusal.of(
                        "chip-slot-suspended",
                        "このスロットは停止中か、より新しい内容が入っています。提供者に確認してください",
                        "The slot is suspended, or holds something later; ask its provider");
            case 0x6985 ->
                Refusal.of(
                        "chip-state",
                        "スロットが空いているか、必要な鍵や内容がまだないため、チップはこの操作を受け付けません。チップの状態を確かめてください",
                        "The slot is free or lacks a key or content for this; look at the chip's state");
            case 0x6a86 -> Refusal.of("chip-slot-unknown", "チップにそのスロットはありません", "The chip has no such slot");
            default ->
                Refusal.of(
                        "chip-refused",
                        "チップが拒否しました（%04x）".formatted(status),
                        "The chip refused with status %04x".formatted(status));
        };
    }
}
