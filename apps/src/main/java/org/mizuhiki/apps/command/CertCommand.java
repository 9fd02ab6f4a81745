package org.mizuhiki.apps.command;

import picocli.CommandLine.Command;

/// Certificates of strangers.
@Command(
        name = "cert",
        description = {"地域の外の証明書を調べる", "Look at certificates of other PKIs"},
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = CertCheck.class)
public final class CertCommand {}
