package org.mizuhiki.apps.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.account.Seen;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.DeviceAccount;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.EnrolmentLink;

/// Somebody with a phone only, at a desk: the QR code's page makes keys, certificate and account, by clicking
/// at real servers.
@Tag("V4")
@Tag("B4")
class PortalEnrolTest extends PortalClicking {
    private static final String PASSWORD = "sakura musubi awaji";

    PortalEnrolTest(PortalStage stage) {
        super(stage);
    }

    /// The ID that the desk was told, and the link that its QR code shows.
    private record Invited(PersonId person, EnrolmentLink link) {}

    private Invited invited() {
        var portal = stage.played.machine.web() + "/enrol";
        var slip = desk("invite", Map.of("kind", "patient", "portal", portal))
                .lines()
                .toList();
        return new Invited(new PersonId(slip.get(0)), EnrolmentLink.parse(slip.get(1)));
    }

    private String desk(String verb, Map<String, String> words) {
        return stage.played.machine.place().operate("gateway-a", verb, words);
    }

    private void choosePassword(String next) {
        page().locator("#new-password").fill(PASSWORD);
        page().locator("#again").fill(PASSWORD);
        // the desk can confirm, and another device comes too late, once this one has asked
        page().waitForResponse(
                        answer -> answer.url().endsWith("/v1/enrolments")
                                && answer.request().method().equals("POST"),
                        () -> click(AriaRole.BUTTON, next));
    }

    private String digits() {
        return page().locator(".digits").textContent().replace(" ", "");
    }

    @Test
    void aPhoneGetsKeysCertificateAndAccountAtADesk(@TempDir Path folder) {
        var invited = invited();
        var asked = new ArrayList<String>();
        open("ja-JP", ColorScheme.LIGHT, "about:blank");
        page().onRequest(request -> asked.add(request.url()));
        page().navigate(invited.link().revealed());
        headed("登録");
        // nothing of the secret stays where a browser keeps addresses, or goes where servers log them
        assertFalse(page().url().contains("#1."), page().url());
        var secret = invited.link().revealed().split("#1\\.")[1].split("\\.")[1];
        assertFalse(asked.stream().anyMatch(url -> url.contains(secret)));
        look("ja-30-enrol");
        choosePassword("次へ");
        assertThat(page().locator(".digits")).isVisible();
        look("ja-31-digits");
        desk("confirm", Map.of("invitation", invited.link().ticket().id(), "code", digits()));
        headed("あなたの文書");
        assertThat(page().locator(".person")).hasText(invited.person().value());
        look("ja-32-enrolled");
        click(AriaRole.BUTTON, "ログアウト");
        page().locator("#id").fill(invited.person().value());
        page().locator("#password").fill(PASSWORD);
        click(AriaRole.BUTTON, "ログイン");
        headed("あなたの文書");
        arrivesOnADevice(invited.person(), folder);
    }

    /// The account and its keyring are what our devices make and read.
    private void arrivesOnADevice(PersonId person, Path folder) {
        var region = stage.played.machine.region();
        var accounts = Region.accounts(region, Optional.empty(), Played.CLOCK, Played.DIE);
        try (var password = Secret.taking(Bytes.utf8(PASSWORD).toArray());
                var connection = Region.connect(region, Optional.empty(), Played.CLOCK, Played.DIE);
                var account = accounts.logIn(person, password, Seen.NOTHING);
                var device = DeviceAccount.arrive(
                        folder.resolve("device"),
                        account,
                        password,
                        new Seals(Played.DIE),
                        connection.region().validator(),
                        Played.CLOCK,
                        Optional.empty())) {
            assertEquals(person, device.id());
            assertEquals(
                    List.of("password"),
                    account.ways().stream().map(w -> w.kind().word()).toList());
        }
    }

    @Test
    void aSecondDeviceAnotherRegionsLinkAndADeclinedOneAreRefused() {
        var invited = invited();
        open("en-GB", ColorScheme.DARK, invited.link().revealed());
        choosePassword("Next");
        assertThat(page().locator(".digits")).isVisible();
        var first = digits();
        // over the shoulder: the same link on another device
        open("en-GB", ColorScheme.DARK, invited.link().revealed());
        choosePassword("Next");
        assertThat(page().getByRole(AriaRole.ALERT).last()).containsText("ticket-used");
        look("en-33-second");
        desk("decline", Map.of("invitation", invited.link().ticket().id()));
        assertEquals(6, first.length());
        var other = invited.link()
                .revealed()
                .replaceFirst("#1\\..", "#1." + (invited.link().revealed().contains("#1.A") ? "B" : "A"));
        open("en-GB", ColorScheme.DARK, other);
        assertThat(page().getByRole(AriaRole.ALERT).last()).containsText("region-differs");
        open("en-GB", ColorScheme.DARK, stage.played.machine.web() + "/enrol#1.nonsense");
        assertThat(page().getByRole(AriaRole.ALERT).last()).containsText("link-malformed");
    }
}
