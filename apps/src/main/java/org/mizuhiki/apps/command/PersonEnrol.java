package org.mizuhiki.apps.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.apps.qr.QrReader;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.Device;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.pocket.RegionFile;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.EnrolmentLink;
import org.mizuhiki.trust.Ticket;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Makes keys and redeems a ticket, or an invitation as a QR code. Neither is ever typed on a command line,
/// which others on the machine can read.
@Command(
        name = "enrol",
        description = {
            "端末で鍵を作り、登録券かQRコードで証明書を受け取る（鍵は端末から出ない）",
            "Make keys on this device and redeem a ticket or a QR code for certificates; the keys never leave"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES)
final class PersonEnrol implements Callable<Integer> {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MAX_FILE = 1024;

    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final Output output = new Output();

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init")
    private With with;

    /// One of these.
    static final class With {
        @Option(names = "--ticket-file", paramLabel = "FILE", description = "登録券のファイル / the file with the ticket")
        private @Nullable Path ticket;

        @Option(names = "--qr", paramLabel = "PICTURE", description = "QRコードの画像 / a picture of the QR code")
        private @Nullable Path qr;

        @Option(names = "--link-file", paramLabel = "FILE", description = "登録用リンクのファイル / the file with the link")
        private @Nullable Path link;
    }

    /// A line of `--json`.
    record Done(String id, String device) {}

    /// The line before it, with a QR code: the desk wants these digits.
    record Waiting(String code) {}

    @Override
    public Integer call() throws Exception {
        Crypto.choose();
        var file = device.regionFile();
        var ticket = ticket(file);
        var shown = new AtomicReference<>("");
        try (var card = device.newCard();
                var passphrase = device.passphrase(true);
                var connection = Region.connect(file, Optional.empty(), device.clock, device.die);
                var made = Device.create(
                        device.folder(),
                        connection.region(),
                        ticket,
                        passphrase,
                        new Seals(device.die),
                        device.clock,
                        card.signing(),
                        code -> waited(code, shown))) {
            file.write(device.folder().resolve("region.json"));
            output.tell(
                    new Done(made.id().value(), device.folder().toString()),
                    "登録しました。個人ID / enrolled, your ID: " + made.id());
            return Exit.OK;
        }
    }

    private boolean waited(String code, AtomicReference<String> shown) {
        if (!shown.getAndSet(code).equals(code)) {
            output.row(new Waiting(code));
            output.note("窓口の人にこの番号を伝えてください / tell this to the person at the desk:  " + code.substring(0, 3) + " "
                    + code.substring(3));
        }
        LockSupport.parkNanos(PAUSE.toNanos());
        return !Thread.currentThread().isInterrupted();
    }

    private Ticket ticket(RegionFile region) throws java.io.IOException {
        if (with.ticket != null) {
            return Ticket.parse(lastLine(with.ticket));
        }
        var text = with.qr != null ? QrReader.read(with.qr) : lastLine(java.util.Objects.requireNonNull(with.link));
        var link = EnrolmentLink.parse(text);
        link.mustBeFor(region.trust(), device.clock.instant());
        return link.ticket();
    }

    /// As the operator's command prints it: the ID, then the ticket or link.
    private static String lastLine(Path file) throws java.io.IOException {
        if (Files.size(file) > MAX_FILE) {
            throw Refusal.of("ticket-malformed", "登録券のファイルではありません", "This is not a ticket's file");
        }
        return Files.readString(file).strip().lines().reduce("", (_, last) -> last);
    }
}
