package org.mizuhiki.apps.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.apps.device.PersonCard;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.Device;
import org.mizuhiki.pocket.Pocket;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.pocket.RegionFile;
import org.mizuhiki.seal.Seals;
import picocli.CommandLine.Option;

/// Where the person's keys are and to which region they belong.
final class DeviceOptions {
    private static final String FILE_VARIABLE = "MIZUHIKI_PASSPHRASE_FILE";
    private static final SecretLine PASSPHRASE = new SecretLine("パスフレーズ", "passphrase", "--passphrase-file");

    @Option(
            names = "--device",
            paramLabel = "DIR",
            description = "端末のフォルダー（既定 ~/.mizuhiki） / the device's folder (default ~/.mizuhiki)")
    private @Nullable Path device;

    @Option(
            names = "--region",
            paramLabel = "FILE",
            description = "地域ファイル（既定 DIR/region.json） / the region's file (default DIR/region.json)")
    private @Nullable Path region;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            description = {
                "パスフレーズを1行目に書いたファイル（省略時は環境変数 " + FILE_VARIABLE + " の指すファイル、なければ入力を求める）",
                "a file whose first line is the passphrase (default: the file named by " + FILE_VARIABLE
                        + ", else a prompt)"
            })
    private @Nullable Path passphraseFile;

    @Option(
            names = "--card",
            paramLabel = "DIR",
            description = {
                "署名の鍵をカードに入れている場合：カードのフォルダー",
                "for a person whose signing key is on a card: the card's folder"
            })
    private @Nullable Path card;

    final Clock clock = Clock.systemUTC();
    final SecureRandom die = new SecureRandom();

    /// What is done with an opened pocket.
    @FunctionalInterface
    interface Use {
        int with(Pocket pocket) throws Exception;
    }

    /// What is done with an opened device and its pocket.
    @FunctionalInterface
    interface UsePocket {
        int with(Device device, Pocket pocket) throws Exception;
    }

    /// What is done with an opened device and its region, without the flows.
    @FunctionalInterface
    interface UseRegion {
        int with(Device device, Region region) throws Exception;
    }

    /// What is done with an opened device and its connection.
    @FunctionalInterface
    interface UseConnection {
        int with(Device device, Region.Connection connection) throws Exception;
    }

    int useRegion(UseRegion use) throws Exception {
        return useConnection((opened, connection) -> use.with(opened, connection.region()));
    }

    /// Opens the device, renews its certificate unseen if it is time, and connects the region.
    int useConnection(UseConnection use) throws Exception {
        Crypto.choose();
        try (var held = card();
                var passphrase = passphrase(false);
                var opened = Device.open(folder(), passphrase, new Seals(die), held.signing())) {
            var current = Region.renewed(regionFile(), opened, passphrase, clock, die);
            try (var connection = Region.connect(regionFile(), Optional.of(current), clock, die)) {
                return use.with(current, connection);
            }
        }
    }

    /// Opens the device, connects the region, finishes what an earlier run left in the outbox, and wipes
    /// the keys afterwards.
    int use(Output output, Use use) throws Exception {
        return usePocket(output, (_, pocket) -> use.with(pocket));
    }

    /// As [#use], with the device beside the pocket.
    int usePocket(Output output, UsePocket use) throws Exception {
        return useRegion((opened, region) -> {
            var pocket = new Pocket(opened, region, clock, die);
            var pushed = pocket.errands().push();
            if (!pushed.done().isEmpty()) {
                output.note("送信箱に残っていた " + pushed.done().size() + " 件を送りました / sent what had waited in the outbox");
            }
            pushed.held().forEach((id, why) -> output.note("送信箱に残っています / still waiting: " + id + " " + why.code()));
            return use.with(opened, pocket);
        });
    }

    PersonCard card() {
        return card == null ? PersonCard.none() : PersonCard.open(card, die);
    }

    /// To be enrolled on; made if it is not there.
    PersonCard newCard() {
        return card == null ? PersonCard.none() : PersonCard.make(card, die);
    }

    Path folder() {
        return device != null ? device : Path.of(System.getProperty("user.home"), ".mizuhiki");
    }

    /// `--region`, or the copy that enrolment left in the device's folder.
    RegionFile regionFile() {
        var file = region != null ? region : folder().resolve("region.json");
        if (!Files.exists(file)) {
            throw Refusal.of(
                    "option-missing",
                    "地域ファイルがありません。--region FILE で指定してください",
                    "There is no region file; name one with --region FILE");
        }
        return RegionFile.read(file);
    }

    /// @param fresh asked twice at a prompt, so that a slip does not lock the person out
    Secret passphrase(boolean fresh) {
        var named = passphraseFile != null ? passphraseFile : fromEnvironment();
        return PASSPHRASE.of(named, fresh);
    }

    /// Of the file that was named; without one the password serves as passphrase too.
    Secret passphraseOr(Secret password) {
        var named = passphraseFile != null ? passphraseFile : fromEnvironment();
        return named != null ? PASSPHRASE.of(named, false) : password.lend(p -> Secret.taking(p.clone()));
    }

    private static @Nullable Path fromEnvironment() {
        var name = System.getenv(FILE_VARIABLE);
        return name == null || name.isBlank() ? null : Path.of(name);
    }
}
