package org.mizuhiki.apps.command;

import java.nio.file.Files;
import java.nio.file.Path;
import org.mizuhiki.bridge.Partners;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.KeyFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Certificates of partners.
@Command(
        name = "partner",
        description = {"相手の証明書を一覧・登録・承認する", "Partners' certificates: list, add, accept a change"},
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {MailPartner.All.class, MailPartner.Add.class, MailPartner.Accept.class})
final class MailPartner {
    /// A line of `--json`.
    record Row(String address, String fingerprint, String since, boolean changed) {
        static Row of(Partners.Partner p) {
            return new Row(
                    p.address(),
                    p.fingerprint().hex(),
                    Arguments.when(p.since()),
                    p.next().isPresent());
        }

        String line() {
            return "%s  %s  %s%s".formatted(address, fingerprint, since, changed ? "  変更の承認待ち / a change waits" : "");
        }
    }

    @Command(
            name = "list",
            description = {"覚えている証明書の一覧", "Certificates that are known"})
    static final class All extends MailVerb {
        @Override
        int with(MailSession session) {
            var all = session.mail().partners().all();
            output.noteIfNone(all);
            all.stream().map(Row::of).forEach(r -> output.tell(r, r.line()));
            return Exit.OK;
        }
    }

    @Command(
            name = "add",
            description = {
                "ファイルの証明書を登録する（地域が信頼するルートで確かめる）",
                "Add a certificate from a file, checked under the trusted foreign roots"
            })
    static final class Add extends MailVerb {
        private static final int MOST = 1 << 20;

        @Parameters(index = "0", paramLabel = "ADDRESS")
        @SuppressWarnings("NullAway.Init")
        private String address;

        @Parameters(index = "1", paramLabel = "FILE", description = "PEM（本人の証明書が先頭） / PEM, own certificate first")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Override
        int with(MailSession session) throws Exception {
            var pem = Bytes.of(Files.newInputStream(file).readNBytes(MOST)).asUtf8();
            var chain = KeyFiles.chain(pem).stream().map(KeyFiles::encoded).toList();
            output.note(session.mail().addPartner(address, chain));
            return Exit.OK;
        }
    }

    @Command(
            name = "accept",
            description = {"変わった証明書を受け入れる（本人に確かめてから）", "Accept a changed certificate, after asking the person"})
    static final class Accept extends MailVerb {
        @Parameters(paramLabel = "ADDRESS")
        @SuppressWarnings("NullAway.Init")
        private String address;

        @Override
        int with(MailSession session) {
            var row = Row.of(session.mail().partners().accept(address));
            output.tell(row, row.line());
            return Exit.OK;
        }
    }
}
