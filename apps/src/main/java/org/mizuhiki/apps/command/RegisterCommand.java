package org.mizuhiki.apps.command;

import picocli.CommandLine.Command;

/// Steps a) to l) of the registration of a VPN device and its service (seed 003, D.6).
@Command(
        name = "register",
        description = {
            "VPN機器の登録とサービスの申請（加入からサービス開始まで、手順 a〜l）",
            "Registration of a VPN device and its service, steps a) to l)"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {
            RegisterApplications.Join.class,
            RegisterApplications.Buy.class,
            RegisterWork.RegisterDevice.class,
            RegisterWork.Issue.class,
            RegisterWork.Load.class,
            RegisterApplications.Received.class,
            RegisterApplications.Use.class,
            RegisterWork.Request.class,
            RegisterApplications.Connect.class,
            RegisterWork.Provide.class,
            RegisterAnswers.Approve.class,
            RegisterAnswers.Refuse.class,
            RegisterAnswers.Withdraw.class,
            RegisterLook.Show.class,
            RegisterLook.All.class,
            RegisterLook.Waiting.class
        })
public final class RegisterCommand {}
