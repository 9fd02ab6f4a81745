package org.mizuhiki.apps.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.mizuhiki.account.PersonAccount;
import org.mizuhiki.account.RecoveryCode;
import org.mizuhiki.apps.qr.RecoverySheet;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.Account.Notice;
import org.mizuhiki.pocket.Device;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.seal.Reader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The ways to one's account, on a device that has it.
final class AccountWays {
    private AccountWays() {}

    /// A line of `--json`.
    record Row(String kind, String name, String at) {}

    /// A line of `--json`: what happened.
    record NoticeRow(String notice, int times, String at) {}

    static void tell(Output output, java.util.List<Notice> notices) {
        notices.stream()
                .limit(10)
                .forEach(n ->
                        output.note("お知らせ / notice: " + n.kind() + " ×" + n.times() + "  " + Arguments.when(n.at())));
    }

    /// What the store counted by itself: a key server in wrong hands cannot keep it from the person.
    /// Without it the person is in all the same.
    static void tellGuessed(Output output, PersonAccount account) {
        try {
            account.guessed().stream()
                    .limit(10)
                    .forEach(g -> output.note(
                            "お知らせ / notice: locked-at-store ×" + g.times() + "  " + Arguments.when(g.at())));
        } catch (Refusal refusal) {
            output.note("保管サーバーのお知らせを取得できません / the store's notices cannot be had: " + refusal.code());
        }
    }

    /// What every command here shares.
    @Command(mixinStandardHelpOptions = true, footer = Exit.CODES)
    abstract static class OnAccount implements Callable<Integer> {
        @Mixin
        final AccountOptions options = new AccountOptions();

        abstract void with(PersonAccount account, Device device, Region region, Secret passphrase) throws Exception;

        @Override
        public final Integer call() throws Exception {
            return options.use(this::with);
        }
    }

    /// All ways in.
    @Command(name = "list", description = "アカウントの開け方と、起きたこと / the ways to the account, and what happened")
    static final class List extends OnAccount {
        @Override
        void with(PersonAccount account, Device device, Region region, Secret passphrase) {
            account.ways()
                    .forEach(w ->
                            options.output.tell(new Row(w.kind().word(), w.name(), w.at()), w.name() + "  " + w.at()));
            account.recoveries()
                    .forEach(r -> options.output.note("後見人による復旧が申し込まれています。心当たりがなければ「account veto」 / a recovery is"
                            + " under way; if it is not yours: account veto. " + Arguments.when(r.opens())));
            tell(options.output, account.notices());
        }
    }

    /// A printed sheet.
    @Command(
            name = "add-code",
            description = {"復旧コードを作り、印刷用の用紙（PDF・SVG）に書く", "Make a recovery code, on a sheet to print (PDF, SVG)"})
    static final class AddCode extends OnAccount {
        @Option(
                names = "--sheet",
                required = true,
                paramLabel = "FILE",
                description = "用紙（.pdf ならPDF、ほかはSVG） / the sheet: PDF if it ends in .pdf, else SVG")
        @SuppressWarnings("NullAway.Init")
        private Path sheet;

        @Override
        void with(PersonAccount account, Device device, Region region, Secret passphrase) throws Exception {
            if (Files.exists(sheet)) {
                throw Refusal.of("file-exists", "保存先のファイルがすでにあります", "The file to save to is there already");
            }
            boolean pdf = sheet.toString().toLowerCase(Locale.ROOT).endsWith(".pdf");
            // the sheet first: a device that dies after it leaves a sheet that opens nothing, never a way without one
            account.addRecoveryCode(code -> {
                        var revealed = RecoveryCode.revealed(code);
                        OwnersFile.create(
                                sheet,
                                pdf
                                        ? RecoverySheet.pdf(account.person(), revealed)
                                        : RecoverySheet.svg(account.person(), revealed));
                    })
                    .close();
            options.output.tell(
                    new Row("recovery-code", account.ways().getLast().name(), sheet.toString()),
                    "印刷して、ファイルは消してください / print it, then delete the file: " + sheet);
        }
    }

    /// A national ID card.
    @Command(
            name = "add-card",
            description = {
                "マイナンバーカード（模擬カード）で開けられるようにする",
                "Let a national ID card (of the simulator) open the account, with the key server's share"
            })
    static final class AddCard extends OnAccount {
        @Mixin
        private final NationalCardOptions national = new NationalCardOptions();

        @Override
        void with(PersonAccount account, Device device, Region region, Secret passphrase) throws Exception {
            try (var signature = national.signature(account.person())) {
                account.addCard(signature);
            }
            options.output.note("追加しました / added");
        }
    }

    /// Three people.
    @Command(
            name = "add-guardians",
            description = {
                "後見人3名を決める。2名の承認と待ち時間で開く",
                "Name three guardians: two of them open the account for you, after a delay"
            })
    static final class AddGuardians extends OnAccount {
        @Parameters(arity = "3", paramLabel = "ID", description = "後見人の個人ID / the guardians' IDs")
        @SuppressWarnings("NullAway.Init")
        private java.util.List<String> ids;

        @Override
        void with(PersonAccount account, Device device, Region region, Secret passphrase) {
            var keys = new TreeMap<PersonId, Reader.XWing>();
            for (var id : ids) {
                var person = new PersonId(id);
                var listing = region.directory().find(person);
                keys.put(person, region.directoryCheck().check(person, listing));
            }
            account.addGuardians(keys);
            options.output.note("決めました。後見人に知らせてください / done; tell the guardians");
        }
    }

    /// The master key changes with it.
    @Command(
            name = "remove",
            description = {"開け方を一つ削除し、主鍵を交換する", "Remove a way in; the master key is changed with it"})
    static final class Remove extends OnAccount {
        @Parameters(paramLabel = "NAME", description = "一覧にある名前 / its name in the list")
        @SuppressWarnings("NullAway.Init")
        private String name;

        @Override
        void with(PersonAccount account, Device device, Region region, Secret passphrase) {
            account.remove(name);
            options.output.note("削除しました / removed");
        }
    }

    /// Another password.
    @Command(name = "password", description = "パスワードを変える / set another password")
    static final class Password extends OnAccount {
        @Override
        void with(PersonAccount account, Device device, Region region, Secret passphrase) {
            try (var password = options.password(true)) {
                account.setPassword(password);
            }
            options.output.note("変更しました / set");
        }
    }

    /// Against a recovery that one did not ask for.
    @Command(
            name = "veto",
            description = {"後見人による復旧を取り消す（自分が申し込んでいない場合）", "End recoveries that you did not ask for"})
    static final class Veto extends OnAccount {
        @Override
        void with(PersonAccount account, Device device, Region region, Secret passphrase) {
            options.output.note(account.veto() + " 件を取り消しました / ended");
        }
    }
}
