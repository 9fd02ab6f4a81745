package org.mizuhiki.apps.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.apps.qr.QrCode;
import org.mizuhiki.apps.role.RoleConfig;
import org.mizuhiki.apps.role.Roles;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.EnrolmentLink;
import org.mizuhiki.trust.Invitations.Stage;
import org.mizuhiki.trust.Invitations.Standing;
import org.mizuhiki.wire.Json;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The desk: a QR code for the person who stands there, and the confirmation of the device that read it.
@Command(
        name = "invite",
        description = {
            "窓口で、目の前の人の端末を登録する。QRコードを示し、端末に出る6桁の番号を確認する（医療機関のサーバの機械で）",
            "Enrol the device of somebody at the desk: shows a QR code, then asks for the six digits on that device (on the"
                    + " machine of the institution's gateway)"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES)
final class PersonInvite implements Callable<Integer> {
    private static final Duration PAUSE = Duration.ofMillis(500);

    @Mixin
    private final Output output = new Output();

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "医療機関のサーバの設定 / the gateway's configuration")
    @SuppressWarnings("NullAway.Init")
    private Path config;

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init")
    private Asked asked;

    /// One of these.
    static final class Asked {
        @Option(names = "--patient", description = "患者（個人IDは自動） / a patient; the ID is made")
        private boolean patient;

        @Option(names = "--professional", paramLabel = "NAME", description = "自機関の医療従事者 / a professional of ours")
        private @Nullable String professional;

        @Option(
                names = "--invitation",
                paramLabel = "ID",
                description = "--no-wait で出した招待の続き / go on with an invitation made with --no-wait")
        private @Nullable String invitation;
    }

    @Option(
            names = "--again",
            paramLabel = "ID",
            description = {
                "すべての鍵を失った人：本人確認のうえ、同じ個人IDで（先に失効させる）",
                "somebody who lost all keys, identified anew: the same ID again, revoked before"
            })
    private @Nullable String again;

    @Option(
            names = "--portal",
            paramLabel = "URL",
            description = "患者ポータルの登録ページ https://…/enrol / the portal's page, https://…/enrol")
    private @Nullable String portal;

    @Option(names = "--png", paramLabel = "FILE", description = "QRコードをPNGで書く / write the QR code as PNG")
    private @Nullable Path png;

    @Option(names = "--svg", paramLabel = "FILE", description = "QRコードをSVGで書く / write the QR code as SVG")
    private @Nullable Path svg;

    @Option(names = "--no-wait", description = "確認を待たずに終わる / do not wait for the device")
    private boolean noWait;

    @Option(names = "--code", paramLabel = "DIGITS", description = "端末に出ている6桁の番号 / the six digits on that device")
    private @Nullable String code;

    @Option(names = "--decline", description = "招待を取り消す / take the invitation back")
    private boolean decline;

    /// A line of `--json`.
    record Row(String invitation, String id, String stage, int others, int wrong, String expires) {
        static Row of(String invitation, String id, Standing s) {
            return new Row(
                    invitation,
                    id,
                    s.stage().name().toLowerCase(java.util.Locale.ROOT),
                    s.others(),
                    s.wrong(),
                    Arguments.when(s.expires()));
        }
    }

    @Override
    public Integer call() throws Exception {
        if (asked.invitation != null) {
            return goOn(asked.invitation, "");
        }
        var words = ask("invite", wish()).lines().toList();
        var link = EnrolmentLink.parse(words.get(1));
        show(link);
        var invitation = link.ticket().id();
        output.note("個人ID / ID: " + words.get(0) + "   招待 / invitation: " + invitation + "   "
                + Arguments.when(link.expires()) + " まで有効 / valid until then");
        if (noWait) {
            output.row(Row.of(invitation, words.get(0), standing(invitation)));
            return Exit.OK;
        }
        return goOn(invitation, words.get(0));
    }

    private Map<String, String> wish() {
        var wish = new HashMap<String, String>();
        wish.put("kind", asked.patient ? "patient" : "professional");
        if (asked.professional != null) {
            wish.put("name", asked.professional);
        }
        if (again != null) {
            wish.put("id", again);
        }
        if (portal != null) {
            wish.put("portal", portal);
        }
        return wish;
    }

    /// The link is a secret until the desk confirms: it is on the screen and in files for their owner only.
    private void show(EnrolmentLink link) throws Exception {
        var qr = QrCode.of(link.revealed());
        if (png != null) {
            keep(png, qr.png());
        }
        if (svg != null) {
            keep(svg, qr.svg());
        }
        if (png == null && svg == null) {
            output.note(qr.terminal());
        }
    }

    private static void keep(Path file, Bytes content) throws Exception {
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                        java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
        Files.write(file, content.toArray());
    }

    private int goOn(String invitation, String id) throws Exception {
        if (decline) {
            return told(invitation, id, body(ask("decline", Map.of("invitation", invitation))));
        }
        var standing = shown(invitation);
        if (standing.stage() == Stage.SHOWN) {
            if (standing.others() > 0) {
                output.note("！別の端末もこのQRコードを読み取っています。番号が合わなければ取り消してください"
                        + " / another device has read this QR code as well");
            }
            standing = confirmed(invitation);
        }
        return told(invitation, id, standing);
    }

    private Standing confirmed(String invitation) {
        if (code != null) {
            return body(ask("confirm", Map.of("invitation", invitation, "code", code)));
        }
        while (true) {
            try {
                var typed = typed();
                return typed.isEmpty()
                        ? body(ask("decline", Map.of("invitation", invitation)))
                        : body(ask("confirm", Map.of("invitation", invitation, "code", typed)));
            } catch (Refusal refusal) {
                if (!refusal.code().equals("confirmation-wrong")) {
                    throw refusal;
                }
                output.note(refusal.japanese() + " / " + refusal.english());
            }
        }
    }

    @SuppressWarnings("SystemConsoleNull") // JDK 25 does without a terminal
    private static String typed() {
        var console = System.console();
        if (console == null || !console.isTerminal()) {
            throw Refusal.of(
                    "option-missing",
                    "番号を入力できる端末がありません。--code で指定してください",
                    "There is no terminal to type the code; use --code");
        }
        var typed = console.readLine("%s", "端末の6桁の番号（空欄で取り消し） / six digits on the device (empty declines): ");
        return typed == null ? "" : typed.strip();
    }

    private Standing shown(String invitation) throws InterruptedException {
        var standing = standing(invitation);
        while (standing.stage() == Stage.WAITING) {
            Thread.sleep(PAUSE);
            standing = standing(invitation);
        }
        return standing;
    }

    private int told(String invitation, String id, Standing standing) {
        boolean good = standing.stage() == Stage.CONFIRMED || standing.stage() == Stage.ISSUED;
        output.tell(
                Row.of(invitation, id, standing),
                switch (standing.stage()) {
                    case CONFIRMED, ISSUED -> "確認しました。端末が証明書を受け取ります / confirmed; the device gets its certificates";
                    case WAITING -> "まだどの端末も読み取っていません / no device has read it yet";
                    case SHOWN -> "端末が確認を待っています / a device waits for the desk";
                    case DECLINED -> "取り消されました / declined";
                    case EXPIRED -> "期限が切れました / expired";
                });
        return good || decline ? Exit.OK : Exit.REFUSED;
    }

    private Standing standing(String invitation) {
        return body(ask("invitation", Map.of("invitation", invitation)));
    }

    private static Standing body(String json) {
        return Json.read(Bytes.utf8(json), Standing.class);
    }

    private String ask(String operation, Map<String, String> arguments) {
        return Roles.operate(RoleConfig.read(config).folder(), operation, arguments);
    }
}
