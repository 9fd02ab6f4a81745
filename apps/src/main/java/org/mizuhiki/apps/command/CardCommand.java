package org.mizuhiki.apps.command;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.mizuhiki.apps.device.DeviceNationalCard;
import org.mizuhiki.chip.JpkiSimulator;
import org.mizuhiki.chip.MunicipalitySimulator;
import org.mizuhiki.chip.NationalCard;
import org.mizuhiki.chip.Programs;
import org.mizuhiki.chip.SoftCard;
import org.mizuhiki.chip.VirtualReader;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Cards and card readers on this machine.
@Command(
        name = "card",
        description = {"カードとカードリーダー", "Cards and card readers"},
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {CardCommand.Simulate.class, CardCommand.Make.class})
public final class CardCommand {
    /// A line of `--json`.
    record Inserted(String reader, String name, String pin, String signaturePin) {}

    /// Lets ordinary card software, such as OpenSC, see a simulated national ID card.
    @Command(
            name = "simulate",
            description = {
                "模擬マイナンバーカードを仮想カードリーダー（vsmartcard の vpcd）に入れる。Ctrl-C で抜く。カードは毎回新しい",
                "Put a SIMULATED national ID card into vsmartcard's virtual reader; Ctrl-C pulls it out. A new card each time"
            },
            mixinStandardHelpOptions = true,
            footer = Exit.CODES)
    static final class Simulate implements Callable<Integer> {
        @Mixin
        private final Output output = new Output();

        @Option(names = "--port", paramLabel = "PORT", description = "この機械の vpcd のポート / vpcd's port on this machine")
        private int port = 35_963;

        @Override
        public Integer call() throws Exception {
            if (port < 1 || port > 65_535) {
                throw Refusal.of("option-malformed", "--port は1〜65535です", "--port is 1 to 65535");
            }
            var die = new SecureRandom();
            var card = SoftCard.inMemory(die);
            card.install(Programs.NATIONAL_CARD_SIMULATOR, Bytes.of());
            var jpki = new JpkiSimulator(Clock.systemUTC(), die);
            new MunicipalitySimulator(jpki, nobody(die))
                    .personalise(
                            card,
                            DeviceNationalCard.RESIDENT,
                            secret(DeviceNationalCard.PIN),
                            secret(DeviceNationalCard.SIGNATURE_PIN));
            var vpcd = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            try (var reader = VirtualReader.insert(vpcd, NationalCard.ATR, card)) {
                output.tell(
                        new Inserted(
                                "127.0.0.1:" + port,
                                DeviceNationalCard.RESIDENT.name(),
                                DeviceNationalCard.PIN,
                                DeviceNationalCard.SIGNATURE_PIN),
                        "模擬カードを入れました。暗証番号 %s、署名用 %s / inserted; PIN %s, for signatures %s"
                                .formatted(
                                        DeviceNationalCard.PIN,
                                        DeviceNationalCard.SIGNATURE_PIN,
                                        DeviceNationalCard.PIN,
                                        DeviceNationalCard.SIGNATURE_PIN));
                reader.await();
            }
            return Exit.OK;
        }

        /// The root of institutions: its key is thrown away, no institution gets in.
        private static PublicKey nobody(SecureRandom die) throws Exception {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), die);
            return generator.generateKeyPair().getPublic();
        }

        private static Secret secret(String text) {
            return Secret.taking(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /// A line of `--json`.
    record Made(String name, String pin, String signaturePin) {}

    /// For a machine without a card reader.
    @Command(
            name = "make",
            description = {
                "模擬マイナンバーカードをフォルダーに作る（--simulated-card で使う）",
                "Make a SIMULATED national ID card in a folder, for --simulated-card"
            },
            mixinStandardHelpOptions = true,
            footer = Exit.CODES)
    static final class Make implements Callable<Integer> {
        @Mixin
        private final Output output = new Output();

        @Option(
                names = "--simulated-card",
                paramLabel = "DIR",
                required = true,
                description = "新しいフォルダー / a new folder")
        @SuppressWarnings("NullAway.Init")
        private Path folder;

        @Option(
                names = "--institutions",
                paramLabel = "DIR",
                required = true,
                description =
                        "カードが信じる機関の根の鍵（なければ作る） / the root of institutions that the card believes; made if it is not there")
        @SuppressWarnings("NullAway.Init")
        private Path institutions;

        @Override
        public Integer call() {
            var die = new SecureRandom();
            var root = TerminalService.institutions(institutions).made(die).key();
            DeviceNationalCard.make(folder, root, Clock.systemUTC(), die).close();
            var made = new Made(
                    DeviceNationalCard.RESIDENT.name(), DeviceNationalCard.PIN, DeviceNationalCard.SIGNATURE_PIN);
            output.tell(made, "模擬カードを作りました。暗証番号 / made; PIN " + made.pin());
            return Exit.OK;
        }
    }
}
