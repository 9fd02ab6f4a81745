package org.mizuhiki.apps.command;

import picocli.CommandLine.Command;

/// Connections of an institution's routers, and what is said about them.
@Command(
        name = "vpn",
        description = {
            "VPN接続（接続・切断・一覧・承認・ポリシー・グループ・記録・出入口の表示と切断・リモート保守）",
            "VPN connections: connect, disconnect, list, approve, policies, groups, records, live view and cut at the site,"
                    + " remote maintenance"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {
            VpnConnections.Connect.class,
            VpnConnections.Disconnect.class,
            VpnConnections.Bookings.class,
            VpnConnections.Cancel.class,
            VpnConnections.Running.class,
            VpnLog.class,
            VpnSite.Live.class,
            VpnSite.Table.class,
            VpnSite.Cut.class,
            VpnSite.HandIn.class,
            VpnFirstBoot.class,
            VpnSession.class,
            VpnMaintenance.Agreement.class,
            VpnMaintenance.History.class,
            VpnModel.class,
            VpnPapers.Waiting.class,
            VpnPapers.Approve.class,
            VpnPapers.Policy.class,
            VpnPapers.Uniform.class,
            VpnPapers.Group.class
        })
public final class VpnCommand {}
