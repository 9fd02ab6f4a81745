package org.mizuhiki.apps.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.account.CardSignature;
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

    CardSignature signature(PersonId person) {
        try (Secret pin = PIN.of(pinFile, false);
                var card = NationalCard.on(ReaderCard.in(reader))) {
            card.verify(Credential.AUTHENTICATION, pin);
            return CardSignature.of(card, person);
        }
    }
}
