package org.mizuhiki.apps.command;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.mizuhiki.apps.device.SignerFolder;
import org.mizuhiki.chip.ElementKey;
import org.mizuhiki.chip.Points;
import org.mizuhiki.chip.Sealing;
import org.mizuhiki.chip.TerminalElement;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What whoever answers for a terminal does far away from it.
final class TerminalService {
    static final String NONCE =
            "提供者が選んだ32バイトの乱数（16進）。封印されているかを素子が署名して答える / 32 fresh bytes of the service's: the element signs whether it is"
                    + " sealed";

    private TerminalService() {}

    static SignerFolder folder(Path folder) {
        return new SignerFolder(folder, "service");
    }

    /// The root of institutions, whose word cards take.
    static SignerFolder institutions(Path folder) {
        return new SignerFolder(folder, "institutions");
    }

    static Bytes nonce(String hex) {
        try {
            var nonce = Bytes.of(HexFormat.of().parseHex(hex));
            if (nonce.size() == Sealing.NONCE) {
                return nonce;
            }
        } catch (IllegalArgumentException e) {
            throw malformed("--nonce");
        }
        throw malformed("--nonce");
    }

    private static Refusal malformed(String option) {
        return Refusal.of("option-malformed", option + " の形式が正しくありません", option + " is malformed");
    }

    /// About one element.
    @Command(mixinStandardHelpOptions = true, footer = Exit.CODES)
    abstract static class OfElement implements Callable<Integer> {
        @Option(
                names = "--element",
                paramLabel = "BASE64",
                required = true,
                description = "素子（chip terminal make が表示したもの） / the element, as `chip terminal make` told it")
        @SuppressWarnings("NullAway.Init")
        private String element;

        @Mixin
        final Output output = new Output();

        final ElementKey element() {
            try {
                return new ElementKey(Points.key(Bytes.base64(element)), false);
            } catch (IllegalArgumentException e) {
                throw malformed("--element");
            }
        }

        abstract void with(ElementKey element);

        @Override
        public final Integer call() {
            Crypto.choose();
            with(element());
            return Exit.OK;
        }
    }

    /// Nothing but the opening of this one element is signed, whatever is sent.
    @Command(
            name = "sign",
            description = {
                "離れた端末の開設に署名する（その素子の開設だけ。ほかの命令には署名しない）",
                "Sign that one terminal far away be opened, and nothing else"
            })
    static final class Sign extends OfElement {
        @Option(
                names = "--service",
                paramLabel = "DIR",
                required = true,
                description = "提供者の鍵のフォルダー / the service's key")
        @SuppressWarnings("NullAway.Init")
        private Path service;

        @Option(
                names = "--order",
                paramLabel = "BASE64",
                required = true,
                description = "端末が表示したもの / what the terminal told")
        @SuppressWarnings("NullAway.Init")
        private String order;

        /// A line of `--json`.
        record Signed(String signature) {}

        @Override
        void with(ElementKey element) {
            var form = Bytes.base64(order);
            if (!TerminalElement.isOpening(element, form)) {
                throw Refusal.of(
                        "terminal-order-other",
                        "この素子の開設の申請ではありません。署名しませんでした",
                        "This is not the opening of that element; nothing was signed");
            }
            var signature =
                    folder(service).signer(new SecureRandom()).apply(form).asBase64();
            output.tell(new Signed(signature), signature);
        }
    }

    @Command(
            name = "check",
            description = {
                "封印についての素子の言葉を確かめる。移動の前後で mu が同じなら、途中で何も署名していない",
                "Check an element's word about its seal; the same mu before and after: it signed nothing on its way"
            })
    static final class Check extends OfElement {
        @Option(names = "--nonce", paramLabel = "HEX", required = true, description = NONCE)
        @SuppressWarnings("NullAway.Init")
        private String nonce;

        @Option(
                names = "--statement",
                paramLabel = "BASE64",
                required = true,
                description = "素子の言葉 / what the element said")
        @SuppressWarnings("NullAway.Init")
        private String statement;

        /// A line of `--json`.
        record Checked(boolean sealed, long life) {}

        @Override
        void with(ElementKey element) {
            var said = Sealing.read(Bytes.base64(statement));
            if (!said.isBy(element, nonce(nonce))) {
                throw Refusal.of(
                        "statement-forged",
                        "この素子がこの番号に答えたものではありません",
                        "This element did not say that, or not upon this nonce");
            }
            output.tell(
                    new Checked(said.sealed(), said.life()),
                    "%s  mu %d".formatted(said.sealed() ? "封印中 / sealed" : "封印なし / not sealed", said.life()));
        }
    }
}
