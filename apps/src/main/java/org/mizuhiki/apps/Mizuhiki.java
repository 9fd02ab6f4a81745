package org.mizuhiki.apps;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.mizuhiki.apps.command.Commands;
import org.mizuhiki.apps.command.Exit;
import org.mizuhiki.apps.demo.DemoCommand;
import org.mizuhiki.apps.demo.RehearseCommand;
import org.mizuhiki.apps.role.FoundCommand;
import org.mizuhiki.apps.role.OperateCommand;
import org.mizuhiki.apps.role.RestoreCommand;
import org.mizuhiki.apps.role.RoleCommand;
import org.mizuhiki.apps.role.Roles;
import org.mizuhiki.apps.role.Serving;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The one `main`: servers, people's commands, the operator's, the demo.
@Command(
        name = "mizuhiki",
        mixinStandardHelpOptions = true,
        version = "mizuhiki 0.1.0",
        description = {"水引 — 地域の医療機関をむすぶネットワーク", "An open network for regional medical care"})
public final class Mizuhiki {
    private Mizuhiki() {}

    static CommandLine commands() {
        var main = new CommandLine(new Mizuhiki());
        for (var role : Roles.NAMES) {
            main.addSubcommand(role, new RoleCommand());
        }
        Commands.all().forEach(main::addSubcommand);
        main.addSubcommand(new OperateCommand());
        main.addSubcommand(new FoundCommand());
        main.addSubcommand(new FoundCommand.OfWitness());
        main.addSubcommand(new RestoreCommand());
        main.addSubcommand(new DemoCommand());
        main.addSubcommand(new RehearseCommand());
        return Exit.prepare(main);
    }

    public static void main(String[] arguments) {
        var serving = Serving.asked(arguments);
        System.exit(serving.isPresent() ? serve(serving.get()) : commands().execute(arguments));
    }

    private static int serve(Serving serving) {
        try {
            serving.untilStopped();
            return Exit.OK;
        } catch (Exception e) {
            return Exit.told(e, new PrintWriter(System.err, true, StandardCharsets.UTF_8), false);
        }
    }
}
