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

/// A national ID card in a reader, and the PIN of the key that is to sign.
final class NationalCardOptions {
    private static final SecretLine PIN = new SecretLine("利用者証明用の暗証番号", "PIN of the card", "--pin-file");
    private static final SecretLine SIGNATURE_PIN =
            new SecretLine("署名用の暗証番号（英数字6〜16文字）", "PIN for signatures", "--pin-file");

    @Option(names = "--reader", defaultValue = "", paramLabel = "NAME", description = "カードリーダー / the card reader")
    @SuppressWarnings("NullAway.Init")
    private String reader;

    @Option(
            names = "--pin-file",
            paramLabel = "FILE",
            description = "その鍵の暗証番号のファイル / a file with the PIN of the key that signs")
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
        return opened(Credential.SIGNATURE, card -> CardSignature.of(card, person));
    }

    /// After that key's PIN was shown.
    <T> T opened(Credential key, Use<T> use) throws Exception {
        return closed(card -> {
            var line = key == Credential.SIGNATURE ? SIGNATURE_PIN : PIN;
            try (Secret pin = line.of(pinFile, false)) {
                card.verify(key, pin);
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
