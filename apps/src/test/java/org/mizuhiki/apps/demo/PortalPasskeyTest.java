package org.mizuhiki.apps.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.account.Accounts;
import org.mizuhiki.account.Passkey;
import org.mizuhiki.account.Seen;
import org.mizuhiki.account.SlotKind;
import org.mizuhiki.account.WayIn;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.Region;

/// Passkeys by clicking, with Chromium's own authenticator of software, at real servers: what the page makes
/// opens in our devices' code, and the other way round.
@Tag("V4")
@Tag("B4")
class PortalPasskeyTest extends PortalClicking {
    private static final String PRF = """
            async ([salt, credential]) => {
              const octets = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
              const found = await navigator.credentials.get({publicKey: {challenge: new Uint8Array(32),
                rpId: location.hostname, userVerification: 'required',
                allowCredentials: credential === '' ? [] : [{type: 'public-key', id: octets(credential)}],
                extensions: {prf: {eval: {first: octets(salt)}}}}});
              const first = found.getClientExtensionResults().prf.results.first;
              return btoa(String.fromCharCode(...new Uint8Array(first)));
            }""";
    private static final String MADE = """
            async (person) => {
              const made = await navigator.credentials.create({publicKey: {rp: {id: location.hostname, name: 'x'},
                user: {id: new TextEncoder().encode(person), name: person, displayName: person},
                challenge: new Uint8Array(32), pubKeyCredParams: [{type: 'public-key', alg: -7}],
                authenticatorSelection: {residentKey: 'required', userVerification: 'required'},
                extensions: {prf: {}}}});
              return btoa(String.fromCharCode(...new Uint8Array(made.rawId)));
            }""";

    private final PortalDoor door;

    PortalPasskeyTest(PortalStage stage) {
        super(stage);
        door = stage.door(stage.played.cast.otherPatient());
    }

    /// A device whose authenticator verifies its user and has the PRF.
    private CDPSession authenticator() {
        var session = page().context().newCDPSession(page());
        session.send("WebAuthn.enable");
        var options = new JsonObject();
        options.addProperty("protocol", "ctap2");
        options.addProperty("ctap2Version", "ctap2_1");
        options.addProperty("transport", "internal");
        options.addProperty("hasResidentKey", true);
        options.addProperty("hasUserVerification", true);
        options.addProperty("hasPrf", true);
        options.addProperty("isUserVerified", true);
        options.addProperty("automaticPresenceSimulation", true);
        var arguments = new JsonObject();
        arguments.add("options", options);
        session.send("WebAuthn.addVirtualAuthenticator", arguments);
        return session;
    }

    private Accounts accounts() {
        return Region.accounts(stage.played.machine.region(), Optional.empty(), Played.CLOCK, Played.DIE);
    }

    private Secret evaluated(PersonId person, String credential) {
        var salt = Passkey.salt(person).asBase64();
        var result = (String) page().evaluate(PRF, List.of(salt, credential));
        return Secret.taking(Bytes.base64(result).toArray());
    }

    private void removed(String remove, String yes) {
        clickOne(AriaRole.BUTTON, remove);
        click(AriaRole.BUTTON, yes);
    }

    @Test
    void aPasskeyMadeByAPageOpensPageAndDeviceUntilItIsRemoved() {
        open("ja-JP", ColorScheme.LIGHT, door.page());
        authenticator();
        logIn(door, "ログイン");
        click(AriaRole.LINK, "開け方と安全");
        headed("開け方と安全");
        click(AriaRole.BUTTON, "パスキーを追加する");
        assertThat(page().getByText("パスキーを追加しました")).isVisible();
        assertThat(page().locator("ul.letters > li")).hasCount(2);
        look("ja-10-ways");
        // a device opens what the page closed
        try (var way = new WayIn.OfPasskey(evaluated(door.person(), ""));
                var account = accounts().enter(door.person(), way, Seen.NOTHING)) {
            assertEquals(
                    List.of(SlotKind.PASSKEY, SlotKind.PASSWORD),
                    account.ways().stream()
                            .map(w -> w.kind())
                            .sorted(java.util.Comparator.comparing(SlotKind::word))
                            .toList());
        }
        // the same passkey twice on one device would be of no use
        click(AriaRole.BUTTON, "パスキーを追加する");
        assertThat(page().getByRole(AriaRole.ALERT)).containsText("すでに登録されています");
        click(AriaRole.BUTTON, "ログアウト");
        headed("ログイン");
        look("ja-11-login-passkey");
        // nobody types anything: the passkey says whose it is
        click(AriaRole.BUTTON, "パスキーでログイン");
        headed("あなたの文書");
        assertThat(page().locator(".person")).hasText(door.person().value());
        click(AriaRole.LINK, "開け方と安全");
        removed("取り消す", "はい、取り消す");
        assertThat(page().getByText("取り消しました。")).isVisible();
        assertThat(page().locator("ul.letters > li")).hasCount(1);
        try (var way = new WayIn.OfPasskey(evaluated(door.person(), ""))) {
            var refusal = assertThrows(Refusal.class, () -> accounts().enter(door.person(), way, Seen.NOTHING));
            assertEquals("way-in-unknown", refusal.code());
        }
        click(AriaRole.BUTTON, "ログアウト");
        headed("ログイン");
        click(AriaRole.BUTTON, "パスキーでログイン");
        assertThat(page().getByRole(AriaRole.ALERT)).containsText("way-in-unknown");
        logIn(door, "ログイン");
        headed("あなたの文書");
    }

    @Test
    void aPasskeyThatADeviceAddedOpensThePageInEnglishAndInTheDark() {
        open("en-GB", ColorScheme.DARK, door.page());
        authenticator();
        var person = door.person();
        var credential = (String) page().evaluate(MADE, person.value());
        var prf = evaluated(person, credential);
        try (var password = Secret.taking(Bytes.utf8(door.password()).toArray());
                var account = accounts().logIn(person, password, Seen.NOTHING)) {
            account.addPasskey(new Passkey(Bytes.base64(credential), Bytes.utf8("cose"), prf));
        }
        page().locator("#id").fill(person.value());
        click(AriaRole.BUTTON, "Log in by passkey");
        headed("Your letters");
        click(AriaRole.LINK, "Ways in and safety");
        clickOne(AriaRole.BUTTON, "Remove");
        look("en-10-ways");
        click(AriaRole.BUTTON, "Keep it");
        removed("Remove", "Yes, remove it");
        assertThat(page().locator("ul.letters > li")).hasCount(1);
    }

    @Test
    void whoHasNoPasskeyIsToldAndWhatThePrfGivesNeverStaysInThePage() {
        open("ja-JP", ColorScheme.LIGHT, door.page());
        authenticator();
        click(AriaRole.BUTTON, "パスキーでログイン");
        assertThat(page().getByRole(AriaRole.ALERT)).containsText("取り消されたか");
        // what is handed to the worker is gone from the page
        page().evaluate(
                        "() => { globalThis.posted = []; const post = Worker.prototype.postMessage;"
                                + " Worker.prototype.postMessage = function (message, handed) { post.call(this, message, handed);"
                                + " posted.push(...message.given.filter((g) => g instanceof Uint8Array).map((g) => g.byteLength)); } }");
        logIn(door, "ログイン");
        click(AriaRole.LINK, "開け方と安全");
        click(AriaRole.BUTTON, "パスキーを追加する");
        assertThat(page().getByText("パスキーを追加しました")).isVisible();
        assertEquals(List.of(0, 0, 0), page().evaluate("posted"));
        assertFalse(page().content().contains(door.password()));
        removed("取り消す", "はい、取り消す");
        assertThat(page().locator("ul.letters > li")).hasCount(1);
    }
}
