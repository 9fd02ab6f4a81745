package org.mizuhiki.apps.command;

import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.account.CardSignature;
import org.mizuhiki.apps.device.DeviceNationalCard;
import org.mizuhiki.chip.NationalCard;
import org.mizuhiki.chip.NationalCard.Credential;
import org.mizuhiki.chip.ReaderCard;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Secret;
import picocli.CommandLine.Option;

/// A national ID card in a reader, and its PIN.
final class NationalCardOptions {
    private static final SecretLine PIN = new SecretLine("利用者証明用の暗証番号", "PIN of the card", "--pin-file");

    @Option(names = "--reader", defaultValue = "", paramLabel = "NAME", description = "カードリーダー / the card reader")
    @SuppressWarnings("NullAway.Init")
    private String reader;

    @Option(names = "--pin-file", paramLabel = "FILE", description = "暗証番号のファイル / a file with the card's PIN")
    private @Nullable Path pinFile;

    @Option(
            names = "--simulated-card",
            paramLabel = "DIR",
            description = "模擬カードのフォルダー（card make） / a simulated card's folder, instead of a reader")
    private @Nullable Path simulated;

    /// What is done with the card.
    @FunctionalInterface
    interface Use<T> {
        T of(NationalCard card) throws Exception;
    }

    CardSignature signature(PersonId person) throws Exception {
        return opened(card -> CardSignature.of(card, person));
    }

    /// After its PIN was shown.
    <T> T opened(Use<T> use) throws Exception {
        return closed(card -> {
            try (Secret pin = PIN.of(pinFile, false)) {
                card.verify(Credential.AUTHENTICATION, pin);
            }
            return use.of(card);
        });
    }

    /// As it lies there.
    <T> T closed(Use<T> use) throws Exception {
        if (simulated == null) {
            try (var card = NationalCard.on(ReaderCard.in(reader))) {
                return use.of(card);
            }
        }
        try (var folder = DeviceNationalCard.open(simulated, new SecureRandom())) {
            return use.of(folder.card());
        }
    }
}
