package org.mizuhiki.apps.command;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.apps.boot.FirstBootDocument;
import org.mizuhiki.apps.boot.FirstBootLink;
import org.mizuhiki.apps.boot.FirstBootTerms;
import org.mizuhiki.apps.qr.QrCode;
import org.mizuhiki.apps.role.Roles;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.wire.Json;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes what a clinic is sent with its router: a stick's file and a QR code, either of which is enough.
@Command(
        name = "first-boot",
        description = {
            "新しいVPN機器の初期設定（USBメモリのファイルとQRコード）を作る（プロバイダ、センターの機械で）",
            "Make a new router's first-boot document, as a stick's file and a QR code (provider, at the centre's"
                    + " machine)"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES)
final class VpnFirstBoot implements Callable<Integer> {
    private static final int MAX_TICKET = 1024;

    @Parameters(
            paramLabel = "ROUTER",
            description = "VPN機器（契約者/サービス/提供者/型式/番号） / subscriber/service/vendor/model/serial")
    @SuppressWarnings("NullAway.Init")
    private String router;

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "センターの設定ファイル / the centre's configuration")
    @SuppressWarnings("NullAway.Init")
    private Path config;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "FOLDER",
            description = "書き込み先（USBメモリなど）。登録券を含むので他人に見せない / where it goes, such as the stick; it holds tickets")
    @SuppressWarnings("NullAway.Init")
    private Path to;

    /// Both or none: a registered device has its certificates already.
    static final class Tickets {
        @Option(
                names = "--device-ticket-file",
                required = true,
                paramLabel = "FILE",
                description = "機器の登録券のファイル / the file with the device's ticket")
        private @Nullable Path device;

        @Option(
                names = "--service-ticket-file",
                required = true,
                paramLabel = "FILE",
                description = "サービスの登録券のファイル / the file with the service's ticket")
        private @Nullable Path service;
    }

    @ArgGroup(exclusive = false)
    private @Nullable Tickets tickets;

    @Option(names = "--time", paramLabel = "SERVER", description = "時刻サーバー（5台まで） / a time server, up to five")
    private List<String> time = List.of();

    @Option(
            names = "--towards",
            paramLabel = "ADDRESS",
            description =
                    "インターネット側を知るためのアドレス（既定はセンター） / by which the router knows its own address (default: the centre)")
    private @Nullable String towards;

    @Option(names = "--days", defaultValue = "7", description = "有効日数 / days it lasts (${DEFAULT-VALUE})")
    private int days;

    @Mixin
    private final Output output = new Output();

    private final Clock clock = Clock.systemUTC();

    /// A line of `--json`.
    record Made(String router, String digest, String address, String until, String folder) {}

    @Override
    public Integer call() throws IOException {
        // 1. the centre publishes what the router is to be
        Member.Service.parse(router);
        var wish = new FirstBootTerms.Wish(router, Optional.ofNullable(towards), time);
        var asked = Map.of("terms", Json.write(wish).asUtf8());
        var published =
                Json.read(Bytes.utf8(Roles.operateBy(config, "first-boot", asked)), FirstBootTerms.Published.class);
        // 2. the link pins it, with the tickets
        var until = clock.instant().plus(Arguments.days(days));
        var link = new FirstBootLink(
                published.terms().sha256(),
                tickets(),
                java.time.Instant.ofEpochSecond(until.getEpochSecond()),
                URI.create(published.address()));
        FirstBootTerms.of(link, published.terms());
        // 3. for the stick, the printer, and whoever types
        Files.createDirectories(to);
        var qr = QrCode.of(link.revealed());
        keep(FirstBootDocument.FILE, new FirstBootDocument(link, Optional.of(published.terms())).encode());
        keep("mizuhiki-first-boot.png", qr.png());
        keep("mizuhiki-first-boot.svg", qr.svg());
        keep("mizuhiki-first-boot.txt", Bytes.utf8(link.revealed() + "\n"));
        output.tell(
                new Made(router, link.terms().hex(), published.address(), Arguments.when(link.until()), to.toString()),
                "初期設定を書き込みました / first-boot document written: %s  %s まで / until"
                        .formatted(to, Arguments.when(link.until())));
        return Exit.OK;
    }

    private void keep(String name, Bytes content) {
        KeyFiles.write(to.resolve(name), content.toArray(), "rw-------");
    }

    private Optional<FirstBootLink.Tickets> tickets() throws IOException {
        if (tickets == null) {
            return Optional.empty();
        }
        return Optional.of(new FirstBootLink.Tickets(
                ticket(Objects.requireNonNull(tickets.device)), ticket(Objects.requireNonNull(tickets.service))));
    }

    private static Ticket ticket(Path file) throws IOException {
        if (Files.size(file) > MAX_TICKET) {
            throw Refusal.of("ticket-malformed", "登録券のファイルではありません", "This is not a ticket's file");
        }
        return Ticket.parse(Files.readString(file).strip().lines().reduce("", (_, last) -> last));
    }
}
