package org.mizuhiki.apps.command;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.pocket.Device;
import org.mizuhiki.pocket.Pocket;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.Directory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Oneself and others.
@Command(
        name = "person",
        description = {"端末の登録と、ほかの人の検索", "Enrol this device, and find people"},
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {PersonEnrol.class, PersonInvite.class, PersonCommand.Show.class, PersonCommand.Find.class})
public final class PersonCommand {
    /// A line of `--json`.
    record Row(String id, String who, String signing, String sealing, String expires) {
        static Row of(Directory.Listing l) {
            var signing = l.signing().getFirst();
            return new Row(
                    l.member().identity(),
                    Arguments.who(l.member()),
                    Fingerprint.of(signing),
                    Fingerprint.of(l.sealing()),
                    Arguments.when(signing.getNotAfter().toInstant()));
        }
    }

    /// Oneself.
    @Command(
            name = "show",
            description = {"この端末の持ち主と証明書", "Who this device belongs to, and its certificates"},
            mixinStandardHelpOptions = true,
            footer = Exit.CODES)
    static final class Show implements Callable<Integer> {
        @Mixin
        private final DeviceOptions device = new DeviceOptions();

        @Mixin
        private final Output output = new Output();

        @Override
        public Integer call() throws Exception {
            Crypto.choose();
            try (var card = device.card();
                    var passphrase = device.passphrase(false);
                    var opened = Device.open(device.folder(), passphrase, new Seals(device.die), card.signing())) {
                var signing = opened.author().certificate();
                var row = new Row(
                        opened.id().value(),
                        signing.getSubjectX500Principal().toString(),
                        Fingerprint.of(signing),
                        Fingerprint.of(opened.sealing()),
                        Arguments.when(signing.getNotAfter().toInstant()));
                output.tell(row, lines(row));
                return Exit.OK;
            }
        }
    }

    /// Others.
    @Command(
            name = "find",
            description = {
                "個人IDまたは名前・医療機関名で探す（鍵は台帳で検証される）",
                "Find people by ID, or professionals by name; keys are verified against the ledger"
            })
    static final class Find extends PocketCommand {
        @Parameters(paramLabel = "TEXT", description = "個人ID、名前または医療機関名 / an ID, a name or an institution")
        private @Nullable String text;

        @Override
        void with(Pocket pocket) throws Exception {
            var asked = java.util.Objects.requireNonNull(text);
            var found = asked.startsWith("P-")
                    ? java.util.List.of(pocket.people().find(new PersonId(asked)))
                    : pocket.people().search(asked);
            output.noteIfNone(found);
            found.stream().map(Row::of).forEach(row -> output.tell(row, lines(row)));
        }
    }

    private static String lines(Row row) {
        return "%s  %s%n  署名鍵 / signing: %s%n  封緘鍵 / sealing: %s%n  期限 / until: %s"
                .formatted(row.id, row.who, row.signing, row.sealing, row.expires);
    }
}
