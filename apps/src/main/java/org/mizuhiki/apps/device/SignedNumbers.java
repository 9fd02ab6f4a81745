package org.mizuhiki.apps.device;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;

/// Which chip a manager signed orders for, and up to which number, in its folder: a file for each device
/// (`vendor%2Fmodel%2Fserial.ordered`). Which chip and number come next the authority says; without this it
/// could have an order signed for another chip, or two under one number of which it chooses.
public record SignedNumbers(Path folder) {
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) ([0-9]{1,10})\n");

    private record Last(Digest chip, long number) {}

    /// Notes an order that is about to be signed.
    ///
    /// @param instead whether it shall take the place of one that was signed before
    /// @throws Refusal `chip-changed`, `order-number-signed`, `key-file-unreadable`
    public void add(Member.Device device, Digest chip, int number, boolean instead) {
        var file = folder.resolve(URLEncoder.encode(device.identity(), StandardCharsets.UTF_8) + ".ordered");
        var before = read(file).orElse(new Last(chip, 0));
        if (!before.chip().equals(chip)) {
            throw changed(file);
        }
        if (number <= before.number() && !instead) {
            throw signedBefore(number);
        }
        var line = chip + " " + Math.max(number, before.number()) + "\n";
        KeyFiles.write(file, line.getBytes(StandardCharsets.US_ASCII), "rw-------");
    }

    private static Optional<Last> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            var line = LINE.matcher(Files.readString(file, StandardCharsets.US_ASCII));
            if (line.matches()) {
                return Optional.of(new Last(new Digest(line.group(1)), Long.parseLong(line.group(2))));
            }
        } catch (IOException e) {
            throw Refusal.of("key-file-unreadable", "読めません: " + file, "Cannot be read: " + file, e);
        }
        throw Refusal.of("key-file-unreadable", "壊れています: " + file, "Damaged: " + file);
    }

    private static Refusal changed(Path file) {
        return Refusal.of(
                "chip-changed",
                "認証局が示したこの機器のチップは、前に指示したチップと違います。修理などで交換した場合に限り、このファイルを消してください: " + file,
                "The authority names another chip of this device than you ordered of before; "
                        + "only if it was exchanged, delete " + file);
    }

    private static Refusal signedBefore(int number) {
        return Refusal.of(
                "order-number-signed",
                "番号" + number + "の指示には既に署名しています。届かなかった指示に代えるなら --instead " + number + " を付けてください",
                "You have signed an order number " + number + " already; to put another in its place, "
                        + "because it never arrived, say --instead " + number);
    }
}
