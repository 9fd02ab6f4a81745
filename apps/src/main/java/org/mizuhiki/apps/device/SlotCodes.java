package org.mizuhiki.apps.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import org.mizuhiki.chip.OrderReceipt;
import org.mizuhiki.chip.SignedOrder;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.KeyFiles;

/// The codes of a chip's slots, in its folder. A code that an order gives is on disk under the order's
/// number before the chip hears of it, and takes the place of the slot's code once the chip has said that
/// it carried the order out: whatever happens between, the code that the chip wants is there, and no slot
/// loses its code to an order that was impossible.
record SlotCodes(Path folder, SecureRandom die) {
    private static final int SIZE = 16;

    /// @throws Refusal `chip-slot-free`, `key-file-unreadable`
    Secret of(int slot) {
        var file = file(slot);
        if (!Files.exists(file)) {
            throw free(slot);
        }
        return secret(file, SIZE);
    }

    void make(int slot) {
        random(file(slot), SIZE, die);
    }

    /// For an order that is about to be carried out.
    Secret fresh(SignedOrder signed) {
        var file = waiting(signed.order().slot(), signed.number());
        random(file, SIZE, die);
        return secret(file, SIZE);
    }

    /// Of a slot without a service: there is nothing that it opens.
    void forget(int slot) {
        try {
            Files.deleteIfExists(file(slot));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
    }

    /// @param last what the chip says that it did last
    void settle(OrderReceipt last) {
        var carriedOut = waiting(last.slot(), last.number());
        if (last.done() && Files.exists(carriedOut)) {
            try (var code = secret(carriedOut, SIZE)) {
                code.lend(bytes -> {
                    KeyFiles.write(file(last.slot()), bytes, "rw-------");
                    return last;
                });
            }
        }
        try (var obsolete = Files.newDirectoryStream(folder, "slot-*.code.*")) {
            for (var file : obsolete) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
    }

    private Path file(int slot) {
        return folder.resolve("slot-" + slot + ".code");
    }

    private Path waiting(int slot, int number) {
        return folder.resolve("slot-" + slot + ".code." + number);
    }

    static Refusal free(int slot) {
        return Refusal.of(
                "chip-slot-free",
                "スロット" + slot + "にはサービスがありません",
                "There is no service in slot " + slot + "; install one first");
    }

    static void random(Path file, int size, SecureRandom die) {
        var bytes = new byte[size];
        die.nextBytes(bytes);
        KeyFiles.write(file, bytes, "rw-------");
        Arrays.fill(bytes, (byte) 0);
    }

    static Secret secret(Path file, int size) {
        try {
            var bytes = Files.readAllBytes(file);
            if (bytes.length == size) {
                return Secret.taking(bytes);
            }
        } catch (IOException e) {
            throw Refusal.of("key-file-unreadable", "読めません: " + file, "Cannot be read: " + file, e);
        }
        throw Refusal.of("key-file-unreadable", "壊れています: " + file, "Damaged: " + file);
    }
}
