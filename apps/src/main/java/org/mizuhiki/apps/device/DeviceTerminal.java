package org.mizuhiki.apps.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.List;
import org.mizuhiki.chip.Programs;
import org.mizuhiki.chip.SoftCard;
import org.mizuhiki.chip.TerminalElement;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// The element of an eligibility terminal without hardware: a card made of software in a folder, for its
/// owner's eyes only (`card.image` under `card.key`). It has power as long as it is open here.
public final class DeviceTerminal implements AutoCloseable {
    private static final int CARD_KEY = 32;

    private final Secret cardKey;
    private final SoftCard card;

    private DeviceTerminal(Secret cardKey, SoftCard card) {
        this.cardKey = cardKey;
        this.card = card;
    }

    /// @param service the key of whoever answers for the terminal, and alone opens it when it is sealed
    /// @param quota stamps per anchor, 1 to 32767
    /// @throws Refusal `terminal-exists`
    public static DeviceTerminal make(Path folder, PublicKey service, int quota, SecureRandom die) {
        if (isThere(folder)) {
            throw Refusal.of(
                    "terminal-exists",
                    "このフォルダーにはもう端末の素子があります: " + folder,
                    "There is a terminal's element in this folder already: " + folder);
        }
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
        SlotCodes.random(folder.resolve("card.key"), CARD_KEY, die);
        var made = opened(folder, die);
        made.card.install(Programs.TERMINAL, TerminalElement.parameters(service, quota));
        return made;
    }

    private static boolean isThere(Path folder) {
        return Files.exists(folder.resolve("card.image"));
    }

    /// @throws Refusal `terminal-missing`, `card-in-use`, `card-image-unreadable`
    public static DeviceTerminal open(Path folder, SecureRandom die) {
        if (!isThere(folder)) {
            throw Refusal.of(
                    "terminal-missing",
                    "このフォルダーに端末の素子はありません: " + folder + "。`mizuhiki chip terminal make` で作成してください",
                    "There is no terminal's element in " + folder + "; make one with `mizuhiki chip terminal make`");
        }
        return opened(folder, die);
    }

    private static DeviceTerminal opened(Path folder, SecureRandom die) {
        var cardKey = SlotCodes.secret(folder.resolve("card.key"), CARD_KEY);
        try {
            var card = SoftCard.open(folder.resolve("card.image"), cardKey, List.of(Programs.TERMINAL), die);
            return new DeviceTerminal(cardKey, card);
        } catch (RuntimeException e) {
            cardKey.close();
            throw e;
        }
    }

    public TerminalElement element() {
        return TerminalElement.on(card);
    }

    @Override
    public void close() {
        card.close();
        cardKey.close();
    }
}
