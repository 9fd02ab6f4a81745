package org.mizuhiki.apps.command;

import java.nio.file.Path;
import org.mizuhiki.apps.device.DeviceChip;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.registration.Chip;
import org.mizuhiki.registration.Party;
import org.mizuhiki.registration.Registry;
import org.mizuhiki.trust.Member;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What vendor, provider and CAs carry out: c), d), e), h), i), j), l).
final class RegisterWork {
    private RegisterWork() {}

    /// With the device at hand.
    abstract static class AtTheDevice extends FileCommand {
        @Option(
                names = "--chip",
                paramLabel = "DIR",
                required = true,
                description = "機器のチップのフォルダー / the device's chip: a folder")
        @SuppressWarnings("NullAway.Init")
        private Path chip;

        abstract Registry.Filed step(Party by, Chip chip);

        /// With a chip of software, made at its first use; the service comes onto it when h) needs it.
        @Override
        final Registry.Filed step(Party by) {
            try (var device = DeviceChip.isThere(chip)
                    ? DeviceChip.open(chip, party.die())
                    : DeviceChip.make(chip, chip.getFileName().toString(), 4, party.die())) {
                return step(
                        by,
                        device.tiers(() -> by.look(file).service().orElseThrow().name(), by.certificate()));
            }
        }
    }

    /// c)
    @Command(
            name = "device",
            description = {"c) 機器のチップに鍵を作り、機器を登録する", "c) Make the chip's key and register the device"})
    static final class RegisterDevice extends AtTheDevice {
        @Option(
                names = "--device-name",
                paramLabel = "VENDOR/MODEL/SERIAL",
                required = true,
                description = "機器 / the device, such as acme/R-1/0001")
        @SuppressWarnings("NullAway.Init")
        private String device;

        @Option(
                names = "--ca",
                paramLabel = "CODE",
                required = true,
                description = "機器証明書発行機関 / the device-CA's code",
                converter = Arguments.Institution.class)
        @SuppressWarnings("NullAway.Init")
        private InstitutionCode ca;

        @Override
        Registry.Filed step(Party by, Chip chip) {
            return by.register(file, Member.Device.parse(device), chip, ca);
        }
    }

    /// d), i)
    @Command(
            name = "issue",
            description = {"d) i) 待っている証明書を発行する（発行機関）", "d) i) Issue the certificate that waits (device-CA, service-CA)"
            })
    static final class Issue extends FileCommand {
        @Override
        Registry.Filed step(Party by) {
            return by.issue(file);
        }
    }

    /// e), j)
    @Command(
            name = "loaded",
            description = {
                "e) j) 発行された証明書をチップに搭載し、チップの署名で報告する",
                "e) j) Load what was issued into the chip, and report it with the chip's signature"
            })
    static final class Load extends AtTheDevice {
        @Override
        Registry.Filed step(Party by, Chip chip) {
            return by.load(file, chip);
        }
    }

    /// h)
    @Command(
            name = "request",
            description = {
                "h) チップの2階層目に鍵を作り、サービス証明書の発行を依頼する",
                "h) Make the key of tier 2 and ask for the service's certificate"
            })
    static final class Request extends AtTheDevice {
        @Option(
                names = "--ca",
                paramLabel = "CODE",
                required = true,
                description = "サービス証明書発行機関 / the service-CA's code",
                converter = Arguments.Institution.class)
        @SuppressWarnings("NullAway.Init")
        private InstitutionCode ca;

        @Override
        Registry.Filed step(Party by, Chip chip) {
            return by.request(file, chip, ca);
        }
    }

    /// l)
    @Command(
            name = "provide",
            description = {"l) サービスの提供を始める", "l) Serve from here on"})
    static final class Provide extends FileCommand {
        @Override
        Registry.Filed step(Party by) {
            return by.provide(file);
        }
    }
}
