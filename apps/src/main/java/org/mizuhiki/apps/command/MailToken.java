package org.mizuhiki.apps.command;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.mizuhiki.bridge.Tokens;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Tokens of mail programs.
@Command(
        name = "token",
        description = {"メールソフト用のトークンを作る・一覧する・取り消す", "Tokens for mail programs: add, list, remove"},
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {MailToken.Add.class, MailToken.All.class, MailToken.Remove.class})
final class MailToken {
    /// What all three share; no key is needed, so no passphrase is asked for.
    @Command(mixinStandardHelpOptions = true, footer = Exit.CODES)
    abstract static class Verb implements Callable<Integer> {
        @Mixin
        final DeviceOptions device = new DeviceOptions();

        @Mixin
        final Output output = new Output();

        abstract void with(Tokens tokens);

        @Override
        public Integer call() {
            with(new Tokens(device.folder(), device.clock, device.die));
            return Exit.OK;
        }
    }

    @Command(
            name = "add",
            description = {"新しいトークンを一度だけ表示する", "Make a token; it is shown this once"})
    static final class Add extends Verb {
        @Parameters(paramLabel = "NAME")
        @SuppressWarnings("NullAway.Init")
        private String name;

        /// A line of `--json`.
        record Given(String name, String token) {}

        @Override
        void with(Tokens tokens) {
            try (var token = tokens.add(name)) {
                var text = token.lend(t -> new String(t, StandardCharsets.US_ASCII));
                output.tell(new Given(name, text), text);
            }
        }
    }

    @Command(
            name = "list",
            description = {"トークンの一覧", "Tokens by name"})
    static final class All extends Verb {
        /// A line of `--json`.
        record Row(String name, String since) {}

        @Override
        void with(Tokens tokens) {
            var all = tokens.list();
            output.noteIfNone(all);
            all.forEach(t -> output.tell(
                    new Row(t.name(), Arguments.when(t.since())), t.name() + "  " + Arguments.when(t.since())));
        }
    }

    @Command(
            name = "remove",
            description = {"トークンを取り消す（直ちに効く）", "Revoke a token, at once"})
    static final class Remove extends Verb {
        @Parameters(paramLabel = "NAME")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Override
        void with(Tokens tokens) {
            tokens.remove(name);
            output.note("取り消しました / revoked: " + name);
        }
    }
}
