package org.mizuhiki.apps.command;

import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.registration.Party;
import org.mizuhiki.registration.Registry;
import org.mizuhiki.registration.Step;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What the subscriber does: a), b), f), g), k).
final class RegisterApplications {
    private RegisterApplications() {}

    /// Opens a file, or goes on in one: a) and b) come in any order.
    abstract static class Opening extends PartyCommand {
        @Option(
                names = "--file",
                paramLabel = "FILE",
                description = "既にある手続きに続ける / go on in this file",
                converter = Arguments.Name.class)
        private @Nullable Digest file;

        abstract Step step();

        @Override
        final void with(Party party, Region region) {
            tell(file == null ? party.open(step()) : party.next(file, step()));
        }
    }

    /// a)
    @Command(
            name = "join",
            description = {"a) サービス提供者に加入を申請する", "a) Ask a provider for membership"})
    static final class Join extends Opening {
        @Parameters(
                paramLabel = "PROVIDER",
                description = "提供者の機関コード / the provider's code",
                converter = Arguments.Institution.class)
        @SuppressWarnings("NullAway.Init")
        private InstitutionCode provider;

        @Override
        Step step() {
            return new Step.MembershipApplication(provider);
        }
    }

    /// b)
    @Command(
            name = "buy",
            description = {"b) VPN機器提供者に機器の購入を申請する", "b) Ask a vendor for a device"})
    static final class Buy extends Opening {
        @Parameters(
                paramLabel = "VENDOR",
                description = "機器提供者の機関コード / the vendor's code",
                converter = Arguments.Institution.class)
        @SuppressWarnings("NullAway.Init")
        private InstitutionCode vendor;

        @Option(names = "--model", required = true, description = "機種 / the device's model")
        @SuppressWarnings("NullAway.Init")
        private String model;

        @Override
        Step step() {
            return new Step.PurchaseApplication(vendor, model);
        }
    }

    /// f)
    @Command(
            name = "received",
            description = {"f) 機器を受け取ったことを確認する", "f) Acknowledge the device"})
    static final class Received extends FileCommand {
        @Override
        Registry.Filed step(Party by) {
            return by.receive(file);
        }
    }

    /// g)
    @Command(
            name = "use",
            description = {"g) サービスの利用を申請する", "g) Ask to use a service on the device"})
    static final class Use extends FileCommand {
        @Option(
                names = "--service",
                defaultValue = "medical-vpn",
                description = "サービス名 / the service's name (${DEFAULT-VALUE})")
        @SuppressWarnings("NullAway.Init")
        private String service;

        @Override
        Registry.Filed step(Party by) {
            return by.use(file, service);
        }
    }

    /// k)
    @Command(
            name = "connect",
            description = {"k) VPN接続を申請する", "k) Ask to be connected"})
    static final class Connect extends FileCommand {
        @Override
        Registry.Filed step(Party by) {
            return by.connect(file);
        }
    }
}
