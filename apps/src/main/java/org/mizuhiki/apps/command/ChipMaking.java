package org.mizuhiki.apps.command;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.apps.device.DeviceChip;
import org.mizuhiki.apps.device.SignerFolder;
import org.mizuhiki.chip.ChipOrder;
import org.mizuhiki.chip.EKey;
import org.mizuhiki.chip.EKeyFactory;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What the chip's maker and manager do.
final class ChipMaking {
    private ChipMaking() {}

    /// Table A.1.
    @Command(
            name = "make",
            description = {"ソフトウェアのチップを作り、初期登録する", "Make a chip of software, with its initial registration"})
    static final class Make extends ChipOptions {
        @Option(
                names = "--information",
                paramLabel = "TEXT",
                required = true,
                description = "機器情報 / what the device is, such as acme/R-1/0001")
        @SuppressWarnings("NullAway.Init")
        private String information;

        @Option(
                names = "--services",
                paramLabel = "N",
                defaultValue = "4",
                description = "サービスの枠の数 (1-16) / places for services")
        private int services;

        @Option(
                names = "--maker",
                paramLabel = "DIR",
                description = {
                    "製造者の鍵のフォルダー（chip maker で作成）。なければチップは自分を証明できず、機器として登録できない",
                    "the manufacturer's key (made by `chip maker`); without it nobody takes the chip for genuine"
                })
        private @Nullable Path maker;

        @Option(
                names = "--manager",
                paramLabel = "DIR",
                description = {
                    "管理者の鍵のフォルダー（なければ作る）。指定しなければチップのフォルダー",
                    "the manager's key, made if it is not there; the chip's own folder if nothing is said"
                })
        private @Nullable Path manager;

        @Override
        DeviceChip chip() {
            if (services < 1 || services > 16 || information.length() > 200) {
                throw Refusal.of(
                        "option-malformed",
                        "--services は1〜16、--information は200文字までです",
                        "--services is 1 to 16, --information has at most 200 characters");
            }
            var own = DeviceChip.manager(manager == null ? folder : manager).made(die);
            var made = maker == null ? own : Maker.of(maker).signer(die);
            return DeviceChip.make(folder, information, services, new EKeyFactory(made, own), die);
        }

        @Override
        void with(DeviceChip chip) {
            var name = chip.key().view().chip();
            output.tell(new Made(name.hex()), "チップを作成しました / made, its name: " + name);
        }

        /// A line of `--json`.
        record Made(String chip) {}
    }

    /// Whoever makes chips.
    @Command(
            name = "maker",
            mixinStandardHelpOptions = true,
            footer = Exit.CODES,
            description = {
                "チップの製造者の鍵を作り、公開鍵を表示する（運営者が operate chip-maker-accept で登録する）",
                "Make a manufacturer's key and tell its public half, for the operator's chip-maker-accept"
            })
    static final class Maker implements Callable<Integer> {
        @Parameters(paramLabel = "DIR", description = "鍵のフォルダー / where it lies, or is to lie")
        @SuppressWarnings("NullAway.Init")
        private Path folder;

        @Mixin
        private final Output output = new Output();

        static SignerFolder of(Path folder) {
            return new SignerFolder(folder, "maker");
        }

        /// A line of `--json`.
        record Told(String key) {}

        @Override
        public Integer call() {
            of(folder).made(new SecureRandom());
            var written = of(folder).written();
            output.tell(new Told(written), written);
            return Exit.OK;
        }
    }

    /// What is on it.
    @Command(
            name = "show",
            description = {"チップの中身（鍵以外）", "What is on the chip, but for its keys"})
    static final class Show extends ChipOptions {
        /// A line of `--json` for each slot.
        record SlotRow(int slot, String state, boolean suspended, String holder, String until) {}

        @Override
        void with(DeviceChip chip) {
            var view = chip.key().view();
            output.note("チップ / chip: " + view.chip());
            output.note("機器情報 / device: " + chip.information());
            for (int slot = 0; slot < view.slots().size(); slot++) {
                var state = view.slots().get(slot);
                var certificate = state.state() == EKey.SlotState.CERTIFIED && !state.suspended()
                        ? chip.slot(slot).chain()
                        : List.<X509Certificate>of();
                var holder = certificate.stream()
                        .findFirst()
                        .map(c -> Arguments.who(Member.of(c)))
                        .orElse("");
                var until = certificate.stream()
                        .findFirst()
                        .map(c -> Arguments.when(c.getNotAfter().toInstant()))
                        .orElse("");
                output.tell(
                        new SlotRow(slot, state.state().name(), state.suspended(), holder, until),
                        "%2d %-5s %-20s %s %s"
                                .formatted(slot, slot == 0 ? "機器" : "", words(state), holder, until)
                                .stripTrailing());
            }
        }

        private static String words(EKey.SlotView slot) {
            if (slot.suspended()) {
                return "停止中 / suspended";
            }
            return switch (slot.state()) {
                case FREE -> "空き / free";
                case INSTALLED -> "鍵なし / no key";
                case KEYED -> "鍵あり / key";
                case CERTIFIED -> "証明書あり / certified";
            };
        }
    }

    /// Application management.
    @Command(
            name = "install",
            description = {"サービスの枠を用意する（鍵はまだない）", "Bring a service onto the chip; its key comes with the certificate"})
    static final class Install extends ChipOptions {
        @Parameters(paramLabel = "SERVICE", description = "サービスの名前 / its name, at most 16 characters")
        @SuppressWarnings("NullAway.Init")
        private String service;

        @Option(
                names = "--provider",
                paramLabel = "PEM",
                required = true,
                description = "提供者の証明書 / the provider's certificate; what goes into the slot needs its signature")
        @SuppressWarnings("NullAway.Init")
        private Path provider;

        @Override
        void with(DeviceChip chip) {
            var key = KeyFiles.readChain(provider).getFirst().getPublicKey();
            int slot = chip.install(service, key, chip.manager());
            output.tell(new Placed(slot), "スロット " + slot + " に用意しました / installed in slot " + slot);
        }

        /// A line of `--json`.
        record Placed(int slot) {}
    }

    /// Of one slot of a service.
    abstract static class OfSlot extends ChipOptions {
        private final BiFunction<Integer, Bytes, ChipOrder> order;

        @Parameters(paramLabel = "SLOT", description = "スロット番号 (1-) / number of the slot")
        private int slot;

        OfSlot(BiFunction<Integer, Bytes, ChipOrder> order) {
            this.order = order;
        }

        @Override
        final void with(DeviceChip chip) {
            if (slot == 0) {
                throw Refusal.of(
                        "argument-malformed",
                        "スロット0は機器自身です。停止や削除ができるのはサービスのスロット（1以上）だけです",
                        "Slot 0 is the device itself; only a service (slot 1 or higher) is suspended or removed");
            }
            chip.order(order.apply(slot, chip.service(slot)), chip.manager());
            output.tell(new Done(slot), "完了しました / done: " + slot);
        }

        /// A line of `--json`.
        record Done(int slot) {}
    }

    @Command(
            name = "suspend",
            description = {"サービスを一時停止する", "Suspend a service"})
    static final class Suspend extends OfSlot {
        Suspend() {
            super(ChipOrder::suspend);
        }
    }

    @Command(
            name = "resume",
            description = {"サービスの停止を解く", "Resume a service"})
    static final class Resume extends OfSlot {
        Resume() {
            super(ChipOrder::resume);
        }
    }

    @Command(
            name = "remove",
            description = {"サービスを鍵ごと消す（戻せない）", "Delete a service with its keys, for good"})
    static final class Remove extends OfSlot {
        Remove() {
            super(ChipOrder::remove);
        }
    }
}
