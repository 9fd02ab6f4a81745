package org.mizuhiki.apps.command;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.apps.qr.QrReader;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;
import org.mizuhiki.pocket.Activation;
import org.mizuhiki.pocket.ActivationSecret;
import org.mizuhiki.pocket.Pocket;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.provisional.RemoteActivation;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The patient's own device, with the sheet.
@Command(
        name = "activate",
        description = {
            "用紙の言葉かQRコードで自分の端末を登録する。自分の鍵を作り、文書を包み直し、用紙を無効にする",
            "Activate one's own device with the words or the QR code of the sheet: makes keys, wraps the letters for them,"
                    + " and ends the sheet. Run again it goes on where it was cut off"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES)
final class ProvisionalActivate implements Callable<Integer> {
    private static final SecretLine WORDS = new SecretLine("用紙の言葉（9語）", "the nine words of the sheet", "--words-file");

    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final Output output = new Output();

    @Option(
            names = "--words-file",
            paramLabel = "FILE",
            description = "言葉を1行目に書いたファイル / a file whose first line is the words")
    private @Nullable Path words;

    @Option(names = "--qr", paramLabel = "PICTURE", description = "QRコードの画像 / a picture of the QR code")
    private @Nullable Path qr;

    /// A line of `--json`.
    record Done(String id, String device, int letters, List<String> left, String code) {}

    @Override
    public Integer call() throws Exception {
        Crypto.choose();
        var file = device.regionFile();
        try (var secret = secret();
                var passphrase = device.passphrase(true);
                var anonymous = Region.connect(file, Optional.empty(), device.clock, device.die)) {
            var authority = Peers.connect(
                    URI.create(file.authority()),
                    Identity.anonymous(file.trust().roots()),
                    device.die);
            try (var made = Activation.begin(
                            device.folder(),
                            anonymous.region(),
                            new RemoteActivation(authority),
                            secret,
                            passphrase,
                            new Seals(device.die),
                            device.clock);
                    var connection = Region.connect(file, Optional.of(made), device.clock, device.die)) {
                file.write(device.folder().resolve("region.json"));
                var pocket = new Pocket(made, connection.region(), device.clock, device.die);
                var finished = pocket.activation().finish(passphrase);
                output.tell(
                        new Done(
                                made.id().value(),
                                device.folder().toString(),
                                finished.letters(),
                                finished.left().keySet().stream()
                                        .map(Digest::hex)
                                        .sorted()
                                        .toList(),
                                pocket.activation().code()),
                        "登録しました。個人ID / activated, your ID: " + made.id() + "\n用紙はもう使えません。廃棄してください"
                                + " / the sheet opens nothing any more; destroy it");
                finished.left()
                        .forEach((letter, why) -> output.note("開けない文書です。作成者に封緘し直し（letter reseal）を依頼してください / a letter"
                                + " was left out (" + why.code() + "); ask its author to seal it again: " + letter));
            }
            return Exit.OK;
        }
    }

    private ActivationSecret secret() throws Exception {
        if (qr != null) {
            return ActivationSecret.parse(QrReader.read(qr));
        }
        try (var typed = WORDS.of(words, false)) {
            return typed.lend(t -> ActivationSecret.parse(new String(t, StandardCharsets.UTF_8)));
        }
    }
}
