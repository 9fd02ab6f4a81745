package org.mizuhiki.apps.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import org.mizuhiki.chip.JpkiSimulator;
import org.mizuhiki.chip.MunicipalitySimulator;
import org.mizuhiki.chip.NationalCard;
import org.mizuhiki.chip.Programs;
import org.mizuhiki.chip.SoftCard;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// A SIMULATED national ID card in a folder, for its owner's eyes only (`card.image` under `card.key`), in the
/// place of a card in a reader.
public final class DeviceNationalCard implements AutoCloseable {
    /// Of every simulated card.
    public static final String PIN = "1234";

    /// Of every simulated card.
    public static final String SIGNATURE_PIN = "ABC123";

    public static final JpkiSimulator.Resident RESIDENT =
            new JpkiSimulator.Resident("模擬 太郎", LocalDate.of(1970, 1, 2), 3, "模擬県見本市1-2-3", "Mihon-shi");

    private static final int CARD_KEY = 32;

    private final Secret cardKey;
    private final SoftCard card;

    private DeviceNationalCard(Secret cardKey, SoftCard card) {
        this.cardKey = cardKey;
        this.card = card;
    }

    /// @param institutions the root of institution authentication that the card is to believe
    /// @throws Refusal `card-exists`
    public static DeviceNationalCard make(Path folder, PublicKey institutions, Clock clock, SecureRandom die) {
        if (isThere(folder)) {
            throw Refusal.of(
                    "card-exists",
                    "このフォルダーにはもうカードがあります: " + folder,
                    "There is a card in this folder already: " + folder);
        }
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
        SlotCodes.random(folder.resolve("card.key"), CARD_KEY, die);
        var made = opened(folder, die);
        made.card.install(Programs.NATIONAL_CARD_SIMULATOR, Bytes.of());
        new MunicipalitySimulator(new JpkiSimulator(clock, die), institutions)
                .personalise(made.card, RESIDENT, secret(PIN), secret(SIGNATURE_PIN));
        return made;
    }

    private static boolean isThere(Path folder) {
        return Files.exists(folder.resolve("card.image"));
    }

    /// @throws Refusal `card-missing`, `card-in-use`, `card-image-unreadable`
    public static DeviceNationalCard open(Path folder, SecureRandom die) {
        if (!isThere(folder)) {
            throw Refusal.of(
                    "card-missing",
                    "このフォルダーに模擬カードはありません: " + folder + "。`mizuhiki card make` で作成してください",
                    "There is no simulated card in " + folder + "; make one with `mizuhiki card make`");
        }
        return opened(folder, die);
    }

    private static DeviceNationalCard opened(Path folder, SecureRandom die) {
        var cardKey = SlotCodes.secret(folder.resolve("card.key"), CARD_KEY);
        try {
            var programs = List.of(Programs.NATIONAL_CARD_SIMULATOR);
            return new DeviceNationalCard(cardKey, SoftCard.open(folder.resolve("card.image"), cardKey, programs, die));
        } catch (RuntimeException e) {
            cardKey.close();
            throw e;
        }
    }

    public NationalCard card() {
        return NationalCard.on(card);
    }

    private static Secret secret(String text) {
        return Secret.taking(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        card.close();
        cardKey.close();
    }
}
