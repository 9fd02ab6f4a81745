package org.mizuhiki.pocket;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import org.mizuhiki.chip.CardAtTerminal;
import org.mizuhiki.chip.CardChannel;
import org.mizuhiki.chip.ChipSigner;
import org.mizuhiki.chip.InstitutionForms;
import org.mizuhiki.chip.JpkiSimulator;
import org.mizuhiki.chip.MunicipalitySimulator;
import org.mizuhiki.chip.NationalCard;
import org.mizuhiki.chip.NationalCard.Credential;
import org.mizuhiki.chip.Points;
import org.mizuhiki.chip.Programs;
import org.mizuhiki.chip.SoftCard;
import org.mizuhiki.chip.TerminalElement;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.KeyFiles;

/// An emergency ward: a terminal that was opened, and patients with simulated national ID cards that
/// believe its institution.
final class Ward {
    private static final SecureRandom DIE = new SecureRandom();
    private static final ChipSigner ROOT = signer();
    private static final JpkiSimulator JPKI = new JpkiSimulator(Clock.systemUTC(), DIE);
    private static final int QUOTA = 1000;

    private final TerminalElement element;
    private final Bytes certificate;

    Ward(InstitutionCode institution) {
        var service = signer();
        var chip = SoftCard.inMemory(DIE);
        chip.install(Programs.TERMINAL, TerminalElement.parameters(service.key(), QUOTA));
        element = TerminalElement.on(chip);
        var keys = element.enrol(institution.value(), service);
        element.open(service);
        certificate = InstitutionForms.certificate(institution.value(), keys.authentication());
    }

    private static ChipSigner signer() {
        var pair = KeyFiles.newKeyPair(DIE);
        return ChipSigner.of(pair.getPublic(), pair.getPrivate(), DIE);
    }

    /// Accredited for its institution by the key server's operator.
    static Ward accredited(World world, InstitutionCode institution) {
        var ward = new Ward(institution);
        world.emergencyTerminals()
                .accredit(ward.name(), institution, world.clock.instant().plus(Duration.ofDays(90)));
        return ward;
    }

    String name() {
        return Points.point(element.view().key().key()).asBase64();
    }

    /// A patient's card, lying on the terminal.
    CardAtTerminal with(CardChannel card) {
        return new CardAtTerminal(element, NationalCard.on(card), certificate, ROOT.apply(certificate));
    }

    /// Somebody's new card.
    static SoftCard card() {
        var card = SoftCard.inMemory(DIE);
        card.install(Programs.NATIONAL_CARD_SIMULATOR, Bytes.of());
        var resident = new JpkiSimulator.Resident("模擬 花子", LocalDate.of(1970, 1, 2), 2, "模擬県見本市1-2-3", "Mihon-shi");
        new MunicipalitySimulator(JPKI, ROOT.key()).personalise(card, resident, secret("1234"), secret("ABC123"));
        return card;
    }

    /// The card at its owner's own device.
    static NationalCard withPin(CardChannel card) {
        var own = NationalCard.on(card);
        own.verify(Credential.AUTHENTICATION, secret("1234"));
        return own;
    }

    private static Secret secret(String text) {
        return Secret.taking(text.getBytes(StandardCharsets.US_ASCII));
    }
}
