package org.mizuhiki.apps.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Signature;
import org.mizuhiki.trust.KeyFiles;
import picocli.CommandLine.Option;

/// With which key to open: the device's, or one of another PKI from PEM files.
final class OpenerOptions {
    private static final int MAX_KEY = 1 << 16;

    @Option(
            names = "--key",
            paramLabel = "PEM",
            description = "他のPKIの秘密鍵（PKCS#8、--cert とともに） / a private key of another PKI, PKCS#8, with --cert")
    private @Nullable Path key;

    @Option(names = "--cert", paramLabel = "PEM", description = "その証明書 / its certificate")
    private @Nullable Path certificate;

    /// Who says whether a signer is to be believed.
    @FunctionalInterface
    interface Trust {
        /// @return in words, for the person
        String judge(Signature signature);
    }

    /// What is done with the key.
    @FunctionalInterface
    interface Use {
        int with(Opener opener, Trust trust) throws Exception;
    }

    int use(DeviceOptions device, Use use) throws Exception {
        if (key == null && certificate == null) {
            return device.useRegion((opened, region) -> use.with(
                    opened.opener(),
                    signature -> Arguments.who(region.validator().check(signature))));
        }
        if (key == null || certificate == null) {
            throw Refusal.of("option-missing", "--key と --cert は両方指定してください", "--key and --cert go together");
        }
        var opener = new Opener.Foreign(KeyFiles.readChain(certificate).getFirst(), read(key));
        return use.with(
                opener,
                _ ->
                        "署名者の証明書は検証していません（端末で開くと検証されます） / signer's certificate NOT validated; open with a device for that");
    }

    private static PrivateKey read(Path file) throws IOException {
        if (Files.size(file) > MAX_KEY) {
            throw unreadable();
        }
        var text = Files.readString(file, StandardCharsets.US_ASCII);
        var begin = "-----BEGIN PRIVATE KEY-----";
        int from = text.indexOf(begin);
        int to = text.indexOf("-----END PRIVATE KEY-----");
        if (from < 0 || to < from) {
            throw unreadable();
        }
        var der = Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
        try {
            for (var algorithm : new String[] {"EC", "RSA"}) {
                var read = read(algorithm, der);
                if (read.isPresent()) {
                    return read.get();
                }
            }
            throw unreadable();
        } finally {
            Arrays.fill(der, (byte) 0);
        }
    }

    private static Optional<PrivateKey> read(String algorithm, byte... der) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der)));
        } catch (GeneralSecurityException e) {
            return Optional.empty(); // the other kind, perhaps
        }
    }

    private static Refusal unreadable() {
        return Refusal.of(
                "key-file-unreadable",
                "秘密鍵のファイルを読めません（PKCS#8のPEM、RSAまたはEC）",
                "The private key file cannot be read; it must be PKCS#8 PEM, RSA or EC");
    }
}
