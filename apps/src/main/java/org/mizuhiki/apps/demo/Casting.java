package org.mizuhiki.apps.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.Device;
import org.mizuhiki.pocket.Pocket;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.records.ReferralSample;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.Ticket;

/// Enrols the people of the stories, each on a device of their own in `people/<name>`, with a passphrase in
/// a file beside it so that the commands can be tried by hand.
final class Casting implements AutoCloseable {
    private final Place place;
    private final Clock clock;
    private final SecureRandom die;
    private final List<Runnable> opened = new ArrayList<>();

    Casting(Place place, Clock clock, SecureRandom die) {
        this.place = place;
        this.clock = clock;
        this.die = die;
    }

    Cast all() throws Exception {
        return new Cast(
                professional("doctor-a", "gateway-a", ReferralSample.REFERRING.written()),
                professional("doctor-b", "gateway-b", ReferralSample.REFERRED_TO.written()),
                professional("doctor-c", "gateway-b", "桔梗 亘"),
                patient(),
                enrol("other-patient", place.operate("gateway-b", "ticket", Map.of("kind", "patient"))));
    }

    /// Who supervises what doctor A registers.
    Cast.Player supervisor() throws Exception {
        return professional("supervisor", "gateway-a", "梅結 律");
    }

    /// So many more doctors, at the two institutions in turn.
    List<Cast.Player> doctors(int count) throws Exception {
        var doctors = new ArrayList<Cast.Player>();
        for (int i = 0; i < count; i++) {
            doctors.add(professional("doctor-" + i, i % 2 == 0 ? "gateway-a" : "gateway-b", "医師" + i));
        }
        return doctors;
    }

    Cast.Player patient() throws Exception {
        return enrol("patient", place.operate("gateway-a", "ticket", Map.of("kind", "patient")));
    }

    private Cast.Player professional(String name, String gateway, String called) throws Exception {
        return enrol(name, place.operate(gateway, "ticket", Map.of("kind", "professional", "name", called)));
    }

    /// @param slip two lines: the person's ID and the ticket
    Cast.Player enrol(String name, String slip) throws Exception {
        var folder = Files.createDirectories(place.folder().resolve("people").resolve(name));
        var ticket = Ticket.parse(slip.lines().skip(1).findFirst().orElse(""));
        var region = place.region();
        Device device;
        try (var passphrase = passphrase(folder);
                var anonymous = Region.connect(region, Optional.empty(), clock, die)) {
            device = Device.create(folder, anonymous.region(), ticket, passphrase, new Seals(die), clock);
        }
        region.write(folder.resolve("region.json"));
        var connection = Region.connect(region, Optional.of(device), clock, die);
        opened.add(connection::close);
        opened.add(device::close);
        return new Cast.Player(device, new Pocket(device, connection.region(), clock, die));
    }

    private Secret passphrase(Path folder) throws IOException {
        var random = new byte[16];
        die.nextBytes(random);
        var text = HexFormat.of().formatHex(random);
        var file = Files.createFile(
                folder.resolve("passphrase"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text + "\n");
        return Secret.taking(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        opened.forEach(Runnable::run);
    }
}
