package org.mizuhiki.apps.command;

import picocli.CommandLine.Command;

/// A device's chip by hand; its two tiers are those of seed 003, D.5.
@Command(
        name = "chip",
        description = {
            "機器のチップ（e-Key）：初期登録、サービスの追加と削除、証明書の取得と更新",
            "A device's chip (e-Key): initial registration, services, certificates"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {
            ChipMaking.Maker.class,
            ChipMaking.Make.class,
            ChipMaking.Show.class,
            ChipMaking.Install.class,
            ChipMaking.Suspend.class,
            ChipMaking.Resume.class,
            ChipMaking.Remove.class,
            ChipUse.Enrol.class,
            ChipUse.Renew.class,
            ChipUse.Sign.class,
            ChipRouterKey.class,
            ChipOrdering.Sync.class,
            ChipOrdering.Place.class,
            ChipOrdering.Look.class,
            TerminalCommand.class
        })
public final class ChipCommand {}
