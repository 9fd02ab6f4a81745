package org.mizuhiki.apps.command;

import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.apps.device.DeviceChip;
import org.mizuhiki.apps.device.SignedNumbers;
import org.mizuhiki.chip.ChipOrder;
import org.mizuhiki.chip.ChipSigner;
import org.mizuhiki.chip.EKeyForms;
import org.mizuhiki.chip.SignedOrder;
import org.mizuhiki.devices.ChipOrders;
import org.mizuhiki.devices.OrderErrand;
import org.mizuhiki.devices.RemoteChipOrders;
import org.mizuhiki.enrol.SlotCertificate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Author;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.wire.Peers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Orders to a chip that is elsewhere: whoever manages it, or provides a service on it, leaves them at the
/// authority; the device fetches them.
final class ChipOrdering {
    private ChipOrdering() {}

    /// What a device's process does often.
    @Command(
            name = "sync",
            description = {
                "認証局に届いている指示を受け取り、チップで実行し、チップの受領証を返す（何度実行してもよい）",
                "Fetch the orders that wait for this chip, carry them out, and bring back its receipts; may run often"
            })
    static final class Sync extends ChipUse.WithAuthority {
        /// A line of `--json` for each order.
        record Ordered(int number, ChipOrder.Action action, int slot, boolean done) {}

        @Override
        void with(DeviceChip chip, SlotCertificate.Authority authority) {
            var connection = Peers.connect(
                    authority.address(), chip.certificate(0, authority).identity(), die);
            var results = new OrderErrand(chip, connection).run();
            if (results.isEmpty()) {
                output.note("待っている指示はありません / no order waits");
            }
            for (var result : results) {
                var order = result.signed().order();
                output.tell(
                        new Ordered(result.signed().number(), order.action(), order.slot(), result.done()),
                        "%d %s スロット / slot %d: %s"
                                .formatted(
                                        result.signed().number(),
                                        order.action(),
                                        order.slot(),
                                        result.done() ? "実行しました / done" : "実行できません / impossible"));
            }
        }
    }

    /// About one device's chip, as an institution.
    abstract static class AtAuthority implements Callable<Integer> {
        @Mixin
        final PartyOptions party = new PartyOptions();

        @Mixin
        final Output output = new Output();

        @Option(
                names = "--device-name",
                paramLabel = "VENDOR/MODEL/SERIAL",
                required = true,
                description = "機器 / the device, such as acme/R-1/0001")
        @SuppressWarnings("NullAway.Init")
        String name;

        abstract void with(ChipOrders orders, Member.Device device, Author author);

        @Override
        public final Integer call() throws Exception {
            return party.act((author, region, file) -> with(
                    new RemoteChipOrders(party.authority(author, region, file)), Member.Device.parse(name), author));
        }
    }

    @Command(
            name = "order",
            mixinStandardHelpOptions = true,
            footer = Exit.CODES,
            description = {
                "離れたチップに指示する：install, suspend, resume, remove, unblock",
                "Order a chip that is elsewhere to install, suspend, resume, remove or unblock a service"
            })
    static final class Place extends AtAuthority {
        enum Wish {
            INSTALL,
            SUSPEND,
            RESUME,
            REMOVE,
            UNBLOCK
        }

        @Parameters(index = "0", paramLabel = "ORDER", description = "install, suspend, resume, remove, unblock")
        @SuppressWarnings("NullAway.Init")
        private Wish wish;

        @Parameters(index = "1", paramLabel = "SERVICE", description = "サービスの名前 / its name, at most 16 characters")
        @SuppressWarnings("NullAway.Init")
        private String service;

        @Option(names = "--slot", paramLabel = "N", required = true, description = "スロット番号 (1-) / number of the slot")
        private int slot;

        @Option(
                names = "--provider",
                paramLabel = "PEM",
                description = "install: 提供者の証明書 / the certificate of whoever provides the service")
        private @Nullable Path provider;

        @Option(
                names = "--manager",
                paramLabel = "DIR",
                description = {
                    "管理者の鍵のフォルダー。なければ自分の鍵で、提供者として指示する（suspend, resume, remove のみ）",
                    "the manager's key; without it your own key orders, as the service's provider"
                })
        private @Nullable Path manager;

        @Option(
                names = "--instead",
                paramLabel = "NUMBER",
                description = {
                    "まだ実行されていない指示の番号。その指示に代えて実行させる（管理者のみ）",
                    "the number of an order that still waits: this one takes its place (the manager's only)"
                })
        private @Nullable Integer instead;

        /// A line of `--json`.
        record Left(int number) {}

        @Override
        void with(ChipOrders orders, Member.Device device, Author author) {
            var standing = orders.standing(device);
            int number = instead == null ? standing.next() : instead;
            if (manager != null) {
                new SignedNumbers(manager).add(device, standing.chip(), number, instead != null);
            }
            var signed = SignedOrder.of(standing.chip(), number, order(), signer(author));
            orders.place(signed);
            output.tell(
                    new Left(signed.number()),
                    "指示 " + signed.number() + " を預けました。機器が受け取ると実行されます / left; the device will fetch it");
        }

        private ChipSigner signer(Author author) {
            return manager == null
                    ? ChipSigner.of(author.chain().getFirst().getPublicKey(), author.key(), party.die())
                    : DeviceChip.manager(manager).signer(party.die());
        }

        private ChipOrder order() {
            Bytes named = EKeyForms.serviceName(service);
            return switch (wish) {
                case INSTALL -> ChipOrder.install(slot, provider(), named);
                case SUSPEND -> ChipOrder.suspend(slot, named);
                case RESUME -> ChipOrder.resume(slot, named);
                case REMOVE -> ChipOrder.remove(slot, named);
                case UNBLOCK -> ChipOrder.unblock(slot, named);
            };
        }

        private PublicKey provider() {
            if (provider == null) {
                throw Refusal.of(
                        "option-missing",
                        "install には --provider（提供者の証明書）が必要です",
                        "install needs --provider, a certificate");
            }
            return DeviceChip.mustBeP256(KeyFiles.readChain(provider).getFirst().getPublicKey());
        }
    }

    @Command(
            name = "orders",
            mixinStandardHelpOptions = true,
            footer = Exit.CODES,
            description = {"自機関がチップに出した指示と、チップの答え", "What your institution ordered of a chip, and what the chip said"})
    static final class Look extends AtAuthority {
        @Override
        void with(ChipOrders orders, Member.Device device, Author author) {
            List<ChipOrders.PlacedOrder> placed = orders.standing(device).orders();
            for (var order : placed) {
                output.tell(
                        order,
                        "%d %s %s スロット / slot %d: %s  %s"
                                .formatted(
                                        order.number(),
                                        order.action().name().toLowerCase(Locale.ROOT),
                                        order.service(),
                                        order.slot(),
                                        words(order.state()),
                                        order.receipt()
                                                .map(r -> Arguments.when(r.at()))
                                                .orElse("")));
            }
        }

        private static String words(ChipOrders.OrderState state) {
            return switch (state) {
                case WAITING -> "未実行 / waiting";
                case DONE -> "実行済み / done";
                case IMPOSSIBLE -> "実行できず / impossible";
                case UNKNOWN -> "番号は使用済み（これか機器での操作） / its number was used, by it or at the device";
            };
        }
    }
}
