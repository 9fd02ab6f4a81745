package org.mizuhiki.apps;

import ch.qos.logback.classic.Level;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.mizuhiki.apps.command.Commands;
import org.mizuhiki.apps.command.Exit;
import org.mizuhiki.apps.demo.DemoCommand;
import org.mizuhiki.apps.demo.RehearseCommand;
import org.mizuhiki.apps.role.CaCommand;
import org.mizuhiki.apps.role.FoundCommand;
import org.mizuhiki.apps.role.OperateCommand;
import org.mizuhiki.apps.role.RestoreCommand;
import org.mizuhiki.apps.role.RoleCommand;
import org.mizuhiki.apps.role.Roles;
import org.mizuhiki.apps.role.Serving;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The one `main`: servers, people's commands, the operator's, the demo.
@Command(
        name = "mizuhiki",
        mixinStandardHelpOptions = true,
        version = "mizuhiki 0.1.0",
        description = {"水引 — 地域の医療機関をむすぶネットワーク", "An open network for regional medical care"},
        footer = {
            "",
            "ほかに / also:  ./mizuhiki setup（準備 / make ready）· test [ROOM…]（検査 / tests）· bench [NAME]（速さ / speed）"
        })
public final class Mizuhiki {
    private Mizuhiki() {}

    static CommandLine commands() {
        var main = new CommandLine(new Mizuhiki());
        for (var role : Roles.NAMES) {
            main.addSubcommand(role, new RoleCommand());
        }
        main.addSubcommand("router", new RoleCommand());
        Commands.all().forEach(main::addSubcommand);
        main.addSubcommand(new OperateCommand());
        main.addSubcommand(new FoundCommand());
        main.addSubcommand(new FoundCommand.OfWitness());
        main.addSubcommand(new RestoreCommand());
        main.addSubcommand(new CaCommand());
        main.addSubcommand(new DemoCommand());
        main.addSubcommand(new RehearseCommand());
        return Exit.prepare(main);
    }

    public static void main(String[] arguments) {
        var serving = Serving.asked(arguments);
        if (serving.isEmpty() && arguments.length > 0 && Commands.isPeoples(arguments[0])) {
            quieten();
        }
        System.exit(serving.isPresent() ? serve(serving.get()) : commands().execute(arguments));
    }

    /// A server's log is read by its operator; a person is told by the command what matters to them, not by
    /// what fetches lists behind it.
    private static void quieten() {
        if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof ch.qos.logback.classic.Logger root) {
            root.setLevel(Level.ERROR);
        }
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
