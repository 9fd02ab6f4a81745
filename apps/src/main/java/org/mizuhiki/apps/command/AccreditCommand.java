package org.mizuhiki.apps.command;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.registration.Licence;
import org.mizuhiki.registration.Party;
import org.mizuhiki.registration.Registry;
import org.mizuhiki.registration.Role;
import org.mizuhiki.registration.Step;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Accreditation of providers, vendors, device-CAs and service-CAs.
@Command(
        name = "accredit",
        description = {"事業者・機関の認定（申請・可否・取消し・一覧）", "Accreditation: apply, approve, refuse, withdraw, list"},
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {
            AccreditCommand.Apply.class,
            AccreditCommand.Approve.class,
            AccreditCommand.Refuse.class,
            AccreditCommand.Withdraw.class,
            AccreditCommand.Show.class
        })
public final class AccreditCommand {
    /// A line of `--json`.
    record Row(String file, String holder, String name, String role, String vendor, String state, String until) {
        static Row of(Licence l) {
            return new Row(
                    l.file().hex(),
                    l.holder().value(),
                    l.name(),
                    l.role().text(),
                    l.vendor().orElse(""),
                    l.state().name(),
                    l.until().map(Object::toString).orElse(""));
        }
    }

    /// The organisation asks.
    @Command(
            name = "apply",
            description = {"登録認定機関に認定を申請する", "Apply to the accreditation body"})
    static final class Apply extends PartyCommand {
        @Parameters(
                paramLabel = "ROLE",
                description = "provider, vendor, device-ca, service-ca",
                converter = Arguments.AsRole.class)
        @SuppressWarnings("NullAway.Init")
        private Role role;

        @Option(names = "--vendor", paramLabel = "CODE", description = "機器名に使う提供者コード（vendorのみ） / a vendor's code")
        private @Nullable String vendor;

        @Override
        void with(Party party, Region region) {
            tell(party.open(new Step.AccreditationApplication(role, Optional.ofNullable(vendor))));
        }
    }

    /// The body says yes.
    @Command(
            name = "approve",
            description = {"認定する（登録認定機関）", "Approve an application (accreditation body)"})
    static final class Approve extends FileCommand {
        @Option(names = "--days", defaultValue = "365", description = "有効日数 / days it lasts (${DEFAULT-VALUE})")
        private int days;

        @Option(names = "--reason", defaultValue = "審査済み", description = "理由 / why (${DEFAULT-VALUE})")
        @SuppressWarnings("NullAway.Init")
        private String reason;

        @Override
        Registry.Filed step(Party by) {
            var until = party.clock().instant().plus(Arguments.days(days));
            return by.answer(file, Optional.of(until), reason);
        }
    }

    /// The body says no.
    @Command(
            name = "refuse",
            description = {"認定しない（登録認定機関）", "Refuse an application (accreditation body)"})
    static final class Refuse extends FileCommand {
        @Option(names = "--reason", required = true, description = "理由 / why")
        @SuppressWarnings("NullAway.Init")
        private String reason;

        @Override
        Registry.Filed step(Party by) {
            return by.answer(file, Optional.empty(), reason);
        }
    }

    /// The body takes it back, or the holder returns it.
    @Command(
            name = "withdraw",
            description = {"認定を取り消す、または返上する", "Withdraw or return an accreditation"})
    static final class Withdraw extends FileCommand {
        @Option(names = "--reason", required = true, description = "理由 / why")
        @SuppressWarnings("NullAway.Init")
        private String reason;

        @Override
        Registry.Filed step(Party by) {
            return by.next(file, new Step.AccreditationWithdrawal(reason));
        }
    }

    /// Lists.
    @Command(
            name = "list",
            description = {"認定の一覧（申請中は当事者と登録認定機関だけに見える）", "Who is accredited for what, until when"})
    static final class Show extends PartyCommand {
        @Override
        void with(Party party, Region region) {
            var all = party.registry().licences();
            output.noteIfNone(all);
            for (var licence : all) {
                var row = Row.of(licence);
                output.tell(
                        row,
                        "%s %s %s%s  %s %s%n    %s"
                                .formatted(
                                        licence.state().japanese(),
                                        licence.role().japanese(),
                                        row.name,
                                        row.vendor.isEmpty() ? "" : " (" + row.vendor + ")",
                                        row.holder,
                                        licence.until().map(Arguments::when).orElse(""),
                                        row.file));
            }
        }
    }
}
