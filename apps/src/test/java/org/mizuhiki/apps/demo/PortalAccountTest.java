package org.mizuhiki.apps.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.account.Accounts;
import org.mizuhiki.account.Guardians;
import org.mizuhiki.account.RecoveryCode;
import org.mizuhiki.account.Seen;
import org.mizuhiki.apps.qr.QrReader;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.Recoveries;
import org.mizuhiki.pocket.DeviceAccount;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.seal.Seals;

/// The account's page by clicking, at real servers: password, code on paper, guardians' requests.
@Tag("V4")
@Tag("B4")
@Tag("F11")
class PortalAccountTest extends PortalClicking {
    private static final String OTHER = "awaji awabi musubi";

    private final PortalDoor door;

    PortalAccountTest(PortalStage stage) {
        super(stage);
        door = stage.door(stage.played.cast.otherPatient());
    }

    private Accounts accounts() {
        return Region.accounts(stage.played.machine.region(), Optional.empty(), Played.CLOCK, Played.DIE);
    }

    private static Secret secret(String text) {
        return Secret.taking(Bytes.utf8(text).toArray());
    }

    private void typePassword(String password, String again) {
        page().locator("#new-password").fill(password);
        page().locator("#again").fill(again);
    }

    private void account(String name) {
        click(AriaRole.LINK, name);
        headed(name);
    }

    /// Nothing has to be scrolled sideways on a screen of half the width, as with 200 % zoom.
    private void fitsAtTwiceTheSize() {
        page().setViewportSize(640, 800);
        assertTrue((boolean)
                page().evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
        page().setViewportSize(1280, 720);
    }

    @Test
    void aPersonChangesThePasswordPrintsACodeAndComesBackByIt() throws Exception {
        open("ja-JP", ColorScheme.LIGHT, door.page());
        logIn(door, "ログイン");
        account("開け方と安全");
        account("パスワードを変える");
        typePassword("short", "short");
        click(AriaRole.BUTTON, "パスワードを変える");
        assertThat(page().locator("#wrong")).containsText("短すぎます");
        typePassword(OTHER, OTHER + "!");
        click(AriaRole.BUTTON, "パスワードを変える");
        assertThat(page().locator("#wrong")).containsText("違います");
        typePassword(OTHER, OTHER);
        look("ja-12-password");
        click(AriaRole.BUTTON, "パスワードを変える");
        assertThat(page().getByText("パスワードを変えました。")).isVisible();
        click(AriaRole.LINK, "「開け方と安全」へ戻る");
        account("復旧コードを印刷する");
        var code = page().locator("p.code").textContent();
        // what nobody confirmed opens nothing
        try (var typed = secret(code);
                var way = RecoveryCode.read(typed)) {
            var refusal = assertThrows(Refusal.class, () -> accounts().enter(door.person(), way, Seen.NOTHING));
            assertEquals("way-in-unknown", refusal.code());
        }
        look("ja-13-code");
        fitsAtTwiceTheSize();
        printed(code);
        click(AriaRole.BUTTON, "はい、この紙を使えるようにする");
        assertThat(page().getByText("復旧コードを使えるようにしました")).isVisible();
        click(AriaRole.BUTTON, "ログアウト");
        comesBack(code);
        look("ja-15-account");
        fitsAtTwiceTheSize();
        // a device opens by the same sheet
        try (var typed = secret(code);
                var way = RecoveryCode.read(typed);
                var opened = accounts().enter(door.person(), way, Seen.NOTHING)) {
            assertEquals(2, opened.ways().size());
        }
        clickOne(AriaRole.BUTTON, "取り消す");
        click(AriaRole.BUTTON, "はい、取り消す");
        assertThat(page().getByText("取り消しました。")).isVisible();
    }

    /// The sheet has code and QR code and no button.
    private void printed(String code) throws Exception {
        page().emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
        assertEquals(
                0, page().locator("button:visible, header:visible, nav:visible").count());
        var picture = PortalStage.PICTURES.resolve("ja-13-code-print.png");
        page().locator(".sheet").screenshot(new Locator.ScreenshotOptions().setPath(picture));
        assertEquals(door.person() + " " + code, QrReader.read(picture));
        page().emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.SCREEN));
    }

    /// By the sheet, as typed by hand, to another password: the one that the other tests know.
    private void comesBack(String code) {
        account("パスワードを忘れたとき");
        page().locator("#id").fill(door.person().value().toLowerCase(java.util.Locale.ROOT));
        page().locator("#code")
                .fill(code.replace("-", " ").toLowerCase(java.util.Locale.ROOT).substring(1));
        typePassword(door.password(), door.password());
        click(AriaRole.BUTTON, "新しいパスワードを決めて入る");
        assertThat(page().getByRole(AriaRole.ALERT).last()).containsText("入力の誤り");
        look("ja-14-recover");
        page().locator("#code").fill(code.replace("-", " ").toLowerCase(java.util.Locale.ROOT));
        typePassword(door.password(), door.password());
        click(AriaRole.BUTTON, "新しいパスワードを決めて入る");
        headed("あなたの文書");
        account("開け方と安全");
        assertThat(page().getByText("パスワードが決められました").first()).isVisible();
        assertThat(page().getByText("パスワード以外の方法で入りました").first()).isVisible();
    }

    private void named(PortalDoor person, List<Cast.Player> three) {
        open("en-GB", ColorScheme.LIGHT, person.page());
        logIn(person, "Log in");
        account("Ways in and safety");
        account("Name your guardians");
        for (int n = 0; n < three.size(); n++) {
            page().locator("#guardian-" + n).fill(person.person().value());
        }
        click(AriaRole.BUTTON, "Name these three");
        assertThat(page().getByRole(AriaRole.ALERT)).containsText("guardians-three");
        for (int n = 0; n < three.size(); n++) {
            page().locator("#guardian-" + n).fill(three.get(n).id().value());
        }
        click(AriaRole.BUTTON, "Name these three");
        assertThat(page().getByText("Done; tell the three.")).isVisible();
        look("en-18-guardians");
    }

    @Test
    void guardiansThatAPageNamedOpenTheAccountByTheCodeThatWasSaidAndThePersonStopsIt() throws Exception {
        var cast = stage.played.cast;
        var person = stage.door(cast.patient());
        named(person, List.of(cast.doctorB(), cast.doctorC(), cast.otherPatient()));
        var device = new Seals(Played.DIE).newReaderKey();
        var begun = accounts().askGuardians(person.person(), device);
        open("en-GB", ColorScheme.DARK, door.page());
        logIn(door, "Log in");
        account("Ways in and safety");
        assertThat(page().getByText("Somebody asks you, as a guardian, for help"))
                .isVisible();
        account("What you are asked as a guardian");
        page().locator("li input").fill("0000-0000-0000-0000");
        click(AriaRole.BUTTON, "I spoke with the person: approve");
        assertThat(page().getByRole(AriaRole.ALERT)).containsText("recovery-code-differs");
        look("en-16-guarding");
        page().locator("li input").fill(Guardians.code(person.person(), device.publicKey()));
        click(AriaRole.BUTTON, "I spoke with the person: approve");
        assertThat(page().locator("li .holds")).containsText("Approved");
        var recoveries = accounts().servers().recoveries();
        assertEquals(1, recoveries.standing(begun.id(), begun.secret()).approvals());
        // with another guardian's device, what the page shared out opens the account
        approvedOnADevice(cast.doctorB(), begun, device.publicKey(), person.person());
        for (int i = 0; i < 600 && !isOpen(recoveries, begun); i++) {
            Thread.sleep(Duration.ofMillis(200));
        }
        try (var region = Region.connect(stage.played.machine.region(), Optional.empty(), Played.CLOCK, Played.DIE);
                var account = accounts()
                        .recover(
                                person.person(),
                                begun.id(),
                                begun.secret(),
                                device,
                                DeviceAccount.guardians(region.region().validator(), Played.CLOCK),
                                Seen.NOTHING)) {
            assertEquals(2, account.ways().size());
        }
        stopped(person);
    }

    private static boolean isOpen(Recoveries recoveries, Recoveries.Begun begun) {
        return recoveries.standing(begun.id(), begun.secret()).slot().isPresent();
    }

    private void approvedOnADevice(Cast.Player guardian, Recoveries.Begun begun, Bytes key, PersonId person) {
        var own = Region.accounts(
                stage.played.machine.region(), Optional.of(guardian.device()), Played.CLOCK, Played.DIE);
        var recoveries = own.servers().recoveries();
        var asked = recoveries.asked(guardian.id()).stream()
                .filter(a -> a.id().equals(begun.id()))
                .findFirst()
                .orElseThrow();
        var author = guardian.device().author();
        var approval = Guardians.approve(
                asked,
                guardian.id(),
                Guardians.code(person, key),
                guardian.device().opener(),
                author,
                new Seals(Played.DIE));
        recoveries.approve(guardian.id(), author.certificate(), approval);
    }

    /// One that the person did not ask for.
    private void stopped(PortalDoor person) {
        var begun = accounts().askGuardians(person.person(), new Seals(Played.DIE).newReaderKey());
        click(AriaRole.BUTTON, "Log out");
        logIn(person, "Log in");
        account("Ways in and safety");
        assertThat(page().getByText("A recovery by your guardians is under way").first())
                .isVisible();
        look("en-17-recovery-under-way");
        clickOne(AriaRole.BUTTON, "Stop it");
        click(AriaRole.BUTTON, "Stop it");
        assertThat(page().getByText("Stopped; your guardians are told.")).isVisible();
        var refusal = assertThrows(
                Refusal.class, () -> accounts().servers().recoveries().standing(begun.id(), begun.secret()));
        assertEquals("recovery-over", refusal.code());
        clickOne(AriaRole.BUTTON, "Remove");
        click(AriaRole.BUTTON, "Yes, remove it");
        assertThat(page().locator("ul.letters > li")).hasCount(1);
    }
}
