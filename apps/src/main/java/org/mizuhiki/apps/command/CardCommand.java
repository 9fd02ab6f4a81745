package org.mizuhiki.apps.command;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.LocalDate;
import java.util.concurrent.Callable;
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
        subcommands = CardCommand.Simulate.class)
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
        private static final JpkiSimulator.Resident RESIDENT =
                new JpkiSimulator.Resident("模擬 太郎", LocalDate.of(1970, 1, 2), 3, "模擬県見本市1-2-3", "Mihon-shi");
        private static final String PIN = "1234";
        private static final String SIGNATURE_PIN = "ABC123";

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
                    .personalise(card, RESIDENT, secret(PIN), secret(SIGNATURE_PIN));
            var vpcd = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            try (var reader = VirtualReader.insert(vpcd, NationalCard.ATR, card)) {
                output.tell(
                        new Inserted("127.0.0.1:" + port, RESIDENT.name(), PIN, SIGNATURE_PIN),
                        "模擬カードを入れました。暗証番号 %s、署名用 %s / inserted; PIN %s, for signatures %s"
                                .formatted(PIN, SIGNATURE_PIN, PIN, SIGNATURE_PIN));
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
}
