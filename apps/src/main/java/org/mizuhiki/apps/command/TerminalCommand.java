package org.mizuhiki.apps.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.apps.device.DeviceTerminal;
import org.mizuhiki.apps.device.PersonCard;
import org.mizuhiki.chip.InstitutionForms;
import org.mizuhiki.chip.Points;
import org.mizuhiki.chip.SlotKey;
import org.mizuhiki.chip.TerminalElement;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.KeyFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The element of an eligibility terminal by hand: sealed before it is moved, opened where it stands.
@Command(
        name = "terminal",
        description = {
            "資格確認端末の素子：作成、機関への引渡し、移動前の封印、開設",
            "An eligibility terminal's element: its making, its institution, sealed before it is moved, opened after"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {
            TerminalCommand.Make.class,
            TerminalCommand.Show.class,
            TerminalCommand.Enrol.class,
            TerminalCommand.Administrator.class,
            TerminalCommand.Seal.class,
            TerminalCommand.Open.class,
            TerminalService.Sign.class,
            TerminalService.Check.class
        })
public final class TerminalCommand {
    /// What every command shares that uses an element.
    @Command(mixinStandardHelpOptions = true, footer = Exit.CODES)
    abstract static class OfTerminal implements Callable<Integer> {
        @Option(
                names = "--terminal",
                paramLabel = "DIR",
                required = true,
                description = "端末の素子のフォルダー / the folder of the terminal's element")
        @SuppressWarnings("NullAway.Init")
        Path folder;

        @Mixin
        final Output output = new Output();

        final SecureRandom die = new SecureRandom();

        /// A line of `--json`.
        ///
        /// @param element its key's point, base64, by which others check what it says
        record State(String element, String institution, boolean sealed, String opened, long life) {}

        abstract void with(TerminalElement element) throws IOException;

        @Override
        public final Integer call() throws IOException {
            Crypto.choose();
            try (var terminal = terminal()) {
                with(terminal.element());
            }
            return Exit.OK;
        }

        DeviceTerminal terminal() {
            return DeviceTerminal.open(folder, die);
        }

        void show(TerminalElement element) {
            var view = element.view();
            var opened = view.opened().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            var point = Base64.getEncoder()
                    .encodeToString(Points.point(view.key().key()).toArray());
            output.note("素子 / element: " + point);
            output.tell(
                    new State(point, view.institution(), view.sealed(), opened, view.life()),
                    "機関 / institution: %s  %s  mu %d"
                            .formatted(
                                    view.institution().isEmpty() ? "-" : view.institution(),
                                    view.sealed() ? "封印中 / sealed" : "封印なし / not sealed, " + opened,
                                    view.life()));
        }

        /// A line of `--json`.
        ///
        /// @param statement signature over it, base64; `chip terminal check` reads both
        record Said(boolean sealed, long life, String statement) {}

        /// For whoever answers for the terminal and does not believe its host.
        void say(TerminalElement element, @Nullable String nonce) {
            if (nonce == null) {
                return;
            }
            var said = element.sealing(TerminalService.nonce(nonce));
            var statement = said.encode().asBase64();
            output.tell(new Said(said.sealed(), said.life(), statement), statement);
        }
    }

    /// Orders that only the service gives.
    abstract static class Ordered extends OfTerminal {
        @Option(
                names = "--service",
                paramLabel = "DIR",
                required = true,
                description = "端末の提供者の鍵のフォルダー / the key of whoever answers for the terminal")
        @SuppressWarnings("NullAway.Init")
        Path service;

        final Function<Bytes, Bytes> service() {
            return TerminalService.folder(service).signer(die);
        }
    }

    @Command(
            name = "make",
            description = {"ソフトウェアの素子を作る（封印された状態）", "Make an element of software; it is sealed"})
    static final class Make extends OfTerminal {
        @Option(
                names = "--service",
                paramLabel = "DIR",
                required = true,
                description = "提供者の鍵のフォルダー（なければ作る） / the key that opens it, made if it is not there")
        @SuppressWarnings("NullAway.Init")
        private Path service;

        @Option(
                names = "--quota",
                paramLabel = "N",
                defaultValue = "1000",
                description = "時刻認証一回あたりの刻印の数 (1-32767) / stamps per anchor")
        private int quota;

        @Override
        DeviceTerminal terminal() {
            if (quota < 1 || quota > Short.MAX_VALUE) {
                throw Refusal.of("option-malformed", "--quota は1〜32767です", "--quota is 1 to 32767");
            }
            var key = TerminalService.folder(service).made(die).key();
            return DeviceTerminal.make(folder, key, quota, die);
        }

        @Override
        void with(TerminalElement element) {
            show(element);
        }
    }

    @Command(
            name = "show",
            description = {"素子の状態", "How the element is"})
    static final class Show extends OfTerminal {
        @Option(names = "--nonce", paramLabel = "HEX", description = TerminalService.NONCE)
        private @Nullable String nonce;

        @Override
        void with(TerminalElement element) {
            show(element);
            say(element, nonce);
        }
    }

    @Command(
            name = "enrol",
            description = {"素子を機関に引き渡す（以前の機関のものはすべて消え、封印される）", "Give the element to an institution; it is sealed then"})
    static final class Enrol extends Ordered {
        @Option(
                names = "--institution",
                paramLabel = "CODE",
                required = true,
                description = "機関コード / the institution's code")
        @SuppressWarnings("NullAway.Init")
        private String institution;

        @Option(
                names = "--institutions",
                paramLabel = "DIR",
                description =
                        "カードが信じる機関の根の鍵（--admission と） / the root of institutions that cards believe, with --admission")
        private @Nullable Path institutions;

        @Option(
                names = "--admission",
                paramLabel = "FILE",
                description =
                        "機関の証明書の保存先（emergency open が使う） / where the institution's certificate goes, for `emergency open`")
        private @Nullable Path admission;

        @Override
        void with(TerminalElement element) throws IOException {
            var keys = element.enrol(institution, service());
            if (!keys.isMadeBy(element.view().key())) {
                throw Refusal.of("element-forged", "素子が作った鍵ではありません", "The element did not make these keys");
            }
            if (institutions != null && admission != null) {
                var root = TerminalService.institutions(institutions).signer(die);
                new Admission(InstitutionForms.certificate(institution, keys.authentication()), root).write(admission);
            }
            show(element);
        }
    }

    @Command(
            name = "administrator",
            description = {"機関の管理者を登録する（本人のカードで開設できる）", "Register an administrator, whose own card opens it offline"})
    static final class Administrator extends Ordered {
        @Option(names = "--place", paramLabel = "N", defaultValue = "0", description = "0-3")
        private int place;

        @Option(
                names = "--certificate",
                paramLabel = "PEM",
                required = true,
                description = "管理者の証明書 / the administrator's certificate")
        @SuppressWarnings("NullAway.Init")
        private Path certificate;

        @Override
        void with(TerminalElement element) {
            mustBePlace(place);
            element.register(place, KeyFiles.readChain(certificate).getFirst().getPublicKey(), service());
            show(element);
        }
    }

    @Command(
            name = "seal",
            description = {
                "移動の前に封印する（誰でもできる）。封印を解けるのは提供者だけ",
                "Seal it before it is moved, whoever you are; only its service opens it again"
            })
    static final class Seal extends OfTerminal {
        @Option(names = "--nonce", paramLabel = "HEX", description = TerminalService.NONCE)
        private @Nullable String nonce;

        @Override
        void with(TerminalElement element) {
            element.seal();
            show(element);
            say(element, nonce);
        }
    }

    @Command(
            name = "open",
            description = {
                "開設する。封印中は提供者だけが、封印がなければ管理者も自分のカードで。電源が切れるまで（ソフトウェアの素子ではこの命令の間だけ）有効",
                "Open it: a sealed one its service alone, else an administrator by his own card, too; until the power"
                        + " goes, which an element of software has only as long as this command runs"
            })
    static final class Open extends OfTerminal {
        @Option(
                names = "--service",
                paramLabel = "DIR",
                description = {
                    "提供者の鍵のフォルダー。--card もなければ、遠くの提供者の署名を標準入力で待つ（chip terminal sign）",
                    "the service's key; without it and --card, a signature of the service elsewhere is read from the"
                            + " input (`chip terminal sign`)"
                })
        private @Nullable Path service;

        @Option(names = "--card", paramLabel = "DIR", description = "管理者のカード / the administrator's card")
        private @Nullable Path card;

        @Option(names = "--certificate", paramLabel = "PEM", description = "管理者の証明書（--card と） / with --card")
        private @Nullable Path certificate;

        @Option(names = "--place", paramLabel = "N", defaultValue = "0", description = "管理者の番号 (0-3)")
        private int place;

        @Override
        void with(TerminalElement element) {
            mustBePlace(place);
            if (card != null && certificate != null) {
                byCard(element, card, certificate);
            } else if (service != null) {
                element.open(TerminalService.folder(service).signer(die));
            } else {
                element.open(this::asked);
            }
            show(element);
        }

        private void byCard(TerminalElement element, Path own, Path pem) {
            var key = KeyFiles.readChain(pem).getFirst().getPublicKey();
            try (var held = PersonCard.open(own, die)) {
                SlotKey signing = held.signing().orElseThrow().key(key);
                element.open(place, form -> Crypto.signed(signing, form));
            }
        }

        private Bytes asked(Bytes form) {
            output.note("提供者に署名してもらってください / have the service sign: chip terminal sign --order " + form.asBase64());
            output.note("署名 / its answer: ");
            try {
                var line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)).readLine();
                return Bytes.base64(line == null ? "" : line.strip());
            } catch (IOException e) {
                throw Refusal.of("option-missing", "署名を読めません", "No signature could be read", e);
            }
        }
    }

    private static void mustBePlace(int place) {
        if (place < 0 || place >= TerminalElement.ADMINISTRATORS) {
            throw Refusal.of("option-malformed", "--place は0〜3です", "--place is 0 to 3");
        }
    }
}
