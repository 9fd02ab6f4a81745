package org.mizuhiki.apps.command;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.apps.device.DeviceChip;
import org.mizuhiki.chip.EKey;
import org.mizuhiki.enrol.SlotCertificate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.pocket.RegionFile;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.trust.Validator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What the device does with its chip.
final class ChipUse {
    private static final int LARGEST = 64 << 10;

    private ChipUse() {}

    /// With the region's authority.
    abstract static class WithAuthority extends ChipOptions {
        @Option(
                names = "--region",
                paramLabel = "FILE",
                required = true,
                description = "地域のファイル / the region's file (region.json)")
        @SuppressWarnings("NullAway.Init")
        private Path region;

        /// Whether a certificate's CA was replaced, as far as the region's lists say.
        Predicate<X509Certificate> replaced = _ -> false;

        abstract void with(DeviceChip chip, SlotCertificate.Authority authority) throws Exception;

        @Override
        final void with(DeviceChip chip) throws Exception {
            if (!Files.exists(region)) {
                throw Refusal.of("option-missing", "地域ファイルがありません: " + region, "There is no region file: " + region);
            }
            var file = RegionFile.read(region);
            try (var connection = Region.connect(file, Optional.empty(), clock, die)) {
                var trusted = connection.region();
                replaced = connection.revocations()::isOfRetiredCa;
                with(
                        chip,
                        new SlotCertificate.Authority(
                                URI.create(file.authority()),
                                trusted.trust().roots(),
                                trusted.validator(),
                                clock,
                                die));
            }
        }

        /// A line of `--json` for each certificate.
        record Certified(int slot, boolean renewed, String holder, String until) {}

        void tell(DeviceChip chip, int slot, boolean renewed, String said) {
            var own = chip.slot(slot).chain().getFirst();
            var until = Arguments.when(own.getNotAfter().toInstant());
            var holder = Arguments.who(Member.of(own));
            output.tell(
                    new Certified(slot, renewed, holder, until),
                    "スロット / slot %d: %s  %s  %s".formatted(slot, said, holder, until));
        }
    }

    /// Over EST.
    @Command(
            name = "enrol",
            description = {
                "チップの中に鍵を作り、登録券で証明書を受け取る（サービスは機器の証明書の後で）",
                "Make a slot's key and fetch its certificate with a ticket; the device (slot 0) first, then services"
            })
    static final class Enrol extends WithAuthority {
        @Option(
                names = "--slot",
                paramLabel = "N",
                defaultValue = "0",
                description = "0 は機器自身 / 0 is the device itself (default)")
        private int slot;

        @Option(
                names = "--ticket-file",
                paramLabel = "FILE",
                required = true,
                description = "登録券 / the ticket, alone in a file")
        @SuppressWarnings("NullAway.Init")
        private Path ticket;

        @Override
        void with(DeviceChip chip, SlotCertificate.Authority authority) throws IOException {
            if (slot > 0 && chip.slot(0).chain().isEmpty()) {
                throw Refusal.of(
                        "chip-empty",
                        "機器自身（スロット0）にまだ証明書がありません。先に機器の登録券で取得してください",
                        "The device itself (slot 0) has no certificate yet; enrol it first, with its own ticket");
            }
            var certificate = chip.certificate(slot, authority);
            var device = slot == 0 ? Optional.<SlotCertificate>empty() : Optional.of(chip.toldAll(authority));
            certificate.enrol(ticket(ticket), device);
            tell(chip, slot, true, "証明書を受け取りました / certified");
        }
    }

    /// What a device's process does every day.
    @Command(
            name = "renew",
            description = {"時期が来た証明書を更新する（毎日実行してよい）", "Renew what is due; may run every day"})
    static final class Renew extends WithAuthority {
        @Override
        void with(DeviceChip chip, SlotCertificate.Authority authority) {
            var slots = chip.key().view().slots();
            if (slots.stream().noneMatch(s -> s.state() == EKey.SlotState.CERTIFIED)) {
                output.note("更新する証明書がありません / there is no certificate to renew");
            }
            var refused = new ArrayList<Refusal>();
            for (int slot = 0; slot < slots.size(); slot++) {
                if (slots.get(slot).suspended()) {
                    output.note("スロット / slot " + slot + ": 停止中のため更新しません / suspended, not renewed");
                } else if (slots.get(slot).state() == EKey.SlotState.CERTIFIED) {
                    renew(chip, slot, authority).ifPresent(refused::add);
                }
            }
            if (!refused.isEmpty()) { // told at the end, and by the exit code
                throw refused.getFirst();
            }
        }

        /// @return why not; one slot keeps no other from its certificate
        private Optional<Refusal> renew(DeviceChip chip, int slot, SlotCertificate.Authority authority) {
            try {
                boolean renewed = chip.certificate(slot, authority).renewIfDue(replaced);
                if (!renewed) { // one that was revoked is never due, and must not look as if all were well
                    var chain = chip.slot(slot).chain();
                    authority.validator().check(chain, Validator.Purpose.TLS_CLIENT, clock.instant());
                }
                tell(chip, slot, renewed, renewed ? "更新しました / renewed" : "まだです / not due");
                return Optional.empty();
            } catch (Refusal e) {
                output.note("スロット / slot %d: 更新できません / not renewed: %s / %s（%s）"
                        .formatted(slot, e.japanese(), e.english(), e.code()));
                return Optional.of(e);
            }
        }
    }

    /// For trying it with other tools.
    @Command(
            name = "sign",
            description = {
                "ファイルにスロットの鍵で署名する（ECDSA、SHA-256、DER。openssl dgst -verify で確かめられる）",
                "Sign a file with a slot's key; `openssl dgst -sha256 -verify` reads it"
            })
    static final class Sign extends ChipOptions {
        @Option(names = "--slot", paramLabel = "N", defaultValue = "0", description = "スロット番号 / number of the slot")
        private int slot;

        @Option(names = "--out", paramLabel = "FILE", required = true, description = "署名の書き込み先 / where it goes")
        @SuppressWarnings("NullAway.Init")
        private Path out;

        @Option(
                names = "--certificates",
                paramLabel = "FILE",
                description = "スロットの証明書の書き込み先（PEM） / where the slot's certificates go, for whoever verifies")
        private @Nullable Path certificates;

        @Parameters(paramLabel = "FILE", description = "署名するファイル（64 KBまで） / what to sign, at most 64 KB")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Override
        void with(DeviceChip chip) throws IOException {
            mustNotReplaceIt(out);
            if (certificates != null) {
                mustNotReplaceIt(certificates);
            }
            var signature = chip.slot(slot).sign(Bytes.of(read(file)));
            KeyFiles.write(out, signature.toArray(), "rw-r--r--");
            if (certificates != null) {
                KeyFiles.writeChain(certificates, chip.slot(slot).chain());
            }
            output.tell(new Signed(slot, out.toString()), "署名しました / signed: " + out);
        }

        private void mustNotReplaceIt(Path target) throws IOException {
            if (Files.exists(target) && Files.isSameFile(target, file)) {
                throw Refusal.of(
                        "option-malformed",
                        "書き込み先が署名するファイルと同じです。別のファイルを指定してください: " + target,
                        "This is the file that is to be signed; name another to write to: " + target);
            }
        }

        /// A line of `--json`.
        record Signed(int slot, String file) {}
    }

    static Ticket ticket(Path file) throws IOException {
        return Ticket.parse(new String(read(file), StandardCharsets.US_ASCII));
    }

    private static byte[] read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString());
        }
        if (Files.size(file) > LARGEST) {
            throw Refusal.of("file-too-large", "64 KBを超えています: " + file, "Over 64 KB: " + file);
        }
        return Files.readAllBytes(file);
    }
}
