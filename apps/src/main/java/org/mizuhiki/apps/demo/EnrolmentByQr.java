package org.mizuhiki.apps.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.apps.qr.QrCode;
import org.mizuhiki.apps.qr.QrReader;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.Device;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.EnrolmentLink;

/// A patient's phone gets its certificate from a QR code at the clinic's desk.
final class EnrolmentByQr {
    static final String NAME = "enrolment-by-qr";

    private final Telling telling;
    private final Place place;
    private final Clock clock;
    private final SecureRandom die;

    EnrolmentByQr(Telling telling, Place place, Clock clock, SecureRandom die) {
        this.telling = telling;
        this.place = place;
        this.clock = clock;
        this.die = die;
    }

    void tell() throws Exception {
        telling.chapter("QRコードで端末を登録する", "A phone enrols with a QR code");
        var link = shown();
        var phone = Files.createDirectories(place.folder().resolve("people/qr-phone"));
        telling.step(NAME, "2-enrolled", "2. 番号を窓口で確認し、証明書を受け取る", "The desk confirms the phone's digits", () -> {
            var id = enrol(link, phone, code -> confirm(link, code));
            return new Told<>(id, id.value());
        });
        telling.step(NAME, "3-second-device", "3. 同じQRコードを別の端末が使うと拒まれる", "A second device is refused", () -> {
            var thief = Files.createDirectories(place.folder().resolve("people/qr-thief"));
            try {
                enrol(link, thief, _ -> false);
            } catch (Refusal refusal) {
                if (refusal.code().equals("ticket-used")) {
                    return new Told<>("", refusal.code());
                }
                throw refusal;
            }
            throw new IllegalStateException("a second device was enrolled");
        });
    }

    /// From the desk's screen into the phone's camera.
    private EnrolmentLink shown() throws Exception {
        return telling.step(NAME, "1-qr-shown", "1. 窓口のQRコードを読み取る", "The phone reads the desk's QR code", () -> {
            var slip = place.operate("gateway-a", "invite", Map.of("kind", "patient"));
            var picture = Files.createTempFile("qr", ".png");
            try {
                var code = QrCode.of(slip.lines().skip(1).findFirst().orElse(""));
                Files.write(picture, code.png().toArray());
                var link = EnrolmentLink.parse(QrReader.read(picture));
                link.mustBeFor(place.region().trust(), clock.instant());
                return new Told<>(link, "invitation " + link.ticket().id());
            } finally {
                Files.delete(picture);
            }
        });
    }

    private boolean confirm(EnrolmentLink link, String code) {
        place.operate("gateway-a", "confirm", Map.of("invitation", link.ticket().id(), "code", code));
        return true;
    }

    private PersonId enrol(EnrolmentLink link, Path folder, Device.Waiting waiting) {
        var random = new byte[16];
        die.nextBytes(random);
        try (var passphrase = Secret.taking(random);
                var connection = Region.connect(place.region(), Optional.empty(), clock, die);
                var device = Device.create(
                        folder,
                        connection.region(),
                        link.ticket(),
                        passphrase,
                        new Seals(die),
                        clock,
                        Optional.empty(),
                        waiting)) {
            return device.id();
        }
    }
}
