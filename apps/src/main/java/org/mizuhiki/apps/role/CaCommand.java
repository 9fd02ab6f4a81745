package org.mizuhiki.apps.role;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.Accreditation;
import org.mizuhiki.trust.CaName;
import org.mizuhiki.trust.CaReplacement;
import org.mizuhiki.trust.SigningKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `mizuhiki ca …`: what is done with the root's key, each time with a written protocol, and the rehearsal of
/// the worst.
@Command(
        name = "ca",
        mixinStandardHelpOptions = true,
        description = {"認証局の儀式・交替・訓練を行います。", "Ceremonies, replacement and drills of certification authorities."},
        subcommands = {CaCommand.Ceremony.class, CaCommand.Replace.class, CaDrill.class})
public final class CaCommand {
    /// @throws Refusal `argument-malformed`
    static CaReplacement.Because because(String said) {
        return switch (said) {
            case "compromised" -> CaReplacement.Because.COMPROMISED;
            case "lost" -> CaReplacement.Because.LOST;
            default ->
                throw Refusal.of(
                        "argument-malformed",
                        "--because は compromised（漏えい）か lost（紛失）です",
                        "--because is compromised or lost");
        };
    }

    /// Where the root's key is, and who watches.
    static final class RootOptions {
        @Option(
                names = "--present",
                required = true,
                paramLabel = "NAME",
                description = "立会人（2名以上、1名ずつ指定） / somebody who is present; at least two")
        List<String> present = List.of();

        @Option(
                names = "--token",
                paramLabel = "LIBRARY",
                description = "ルートの鍵の装置（PKCS#11ライブラリ） / PKCS#11 library of the token with the root's key")
        Optional<Path> token = Optional.empty();

        @Option(names = "--pin-file", paramLabel = "FILE", description = "装置の暗証番号のファイル / file with the token's PIN")
        Optional<Path> pin = Optional.empty();

        SigningKeys keys(Path folder, Clock clock, SecureRandom die) throws IOException {
            if (token.isEmpty()) {
                return SigningKeys.inFolder(folder, die);
            }
            var file = pin.orElseThrow(
                    () -> Refusal.of("argument-missing", "--token には --pin-file が必要です", "--token needs --pin-file"));
            try (var secret =
                    Secret.taking(Files.readString(file).strip().getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
                return SigningKeys.inToken(token.get(), secret, clock);
            }
        }

        String place(Path folder) {
            return token.map(t -> "token " + t).orElse("file " + folder.resolve("root.key"));
        }

        Protocol protocol(String act, Path folder, Clock clock) {
            return new Protocol(act, clock.instant().truncatedTo(ChronoUnit.SECONDS), present, place(folder));
        }
    }

    /// Founds a region before witnesses.
    @Command(
            name = "ceremony",
            mixinStandardHelpOptions = true,
            description = {"立会人の前で地域を創設し、記録を残します。", "Founds a region before people, with a written protocol."})
    static final class Ceremony implements Callable<Integer> {
        @Mixin
        private final FoundOptions options = new FoundOptions();

        @Mixin
        private final RootOptions root = new RootOptions();

        @Override
        public Integer call() throws IOException {
            var clock = Clock.systemUTC();
            var die = new SecureRandom();
            var accreditation = options.folder.resolve("accreditation");
            var folder = accreditation.resolve("root");
            var protocol = root.protocol("創設 / founded", folder, clock);
            options.founding().hold(root.keys(folder, clock, die), clock, die);
            System.out.print(protocol.keep(options.folder, Accreditation.open(accreditation, die)));
            return 0;
        }
    }

    /// A new key for a CA.
    @Command(
            name = "replace",
            mixinStandardHelpOptions = true,
            description = {
                "認証局に新しい鍵を与え、ルートで認証します（認証局サーバーを止めて、ルートのある機械で）。",
                "Gives a CA a new key, certified by the root (with the authority stopped, where the root is)."
            })
    static final class Replace implements Callable<Integer> {
        @Option(
                names = "--folder",
                required = true,
                paramLabel = "DIR",
                description = "認証局のフォルダー / the authority's folder")
        @SuppressWarnings("NullAway.Init")
        Path folder;

        @Option(
                names = "--root",
                paramLabel = "DIR",
                description = "保管庫から出したルートのフォルダー（既定: 認証局の accreditation/root） / the root's folder")
        Optional<Path> rootFolder = Optional.empty();

        @Option(
                names = "--ca",
                required = true,
                paramLabel = "NAME",
                description = "person, institution, server, device, service")
        @SuppressWarnings("NullAway.Init")
        String ca;

        @Option(names = "--because", required = true, paramLabel = "WHY", description = "compromised（漏えい） / lost（紛失）")
        @SuppressWarnings("NullAway.Init")
        String because;

        @Mixin
        private final RootOptions root = new RootOptions();

        @Override
        public Integer call() throws IOException {
            if (OperatorDoor.isOpen(folder)) {
                throw Refusal.of(
                        "server-running",
                        "認証局サーバーが動いています。止めてからやり直してください",
                        "The authority is running; stop it first, it takes the new key at its next start");
            }
            var clock = Clock.systemUTC();
            var die = new SecureRandom();
            var accreditation = folder.resolve("accreditation");
            var there = rootFolder.orElse(accreditation.resolve("root"));
            var why = because(because);
            var name = name();
            var protocol = root.protocol("交替 / replaced: " + name.text() + ", " + because, there, clock);
            new CaReplacement(
                            accreditation,
                            root.keys(there, clock, die),
                            there.resolve("root-ml-dsa-65.key"),
                            clock,
                            die)
                    .replace(name, why);
            System.out.print(protocol.keep(folder, Accreditation.open(accreditation, die)));
            return 0;
        }

        private CaName name() {
            return Stream.of(CaName.values())
                    .filter(n -> n.text().equals(ca.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> Refusal.of("ca-unknown", "そのような認証局はありません", "There is no CA of this name"));
        }
    }
}
