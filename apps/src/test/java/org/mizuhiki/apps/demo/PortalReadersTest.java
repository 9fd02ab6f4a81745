package org.mizuhiki.apps.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.Delegations;
import org.mizuhiki.pocket.Grants;
import org.mizuhiki.pocket.Relations;

/// Who may read, by clicking, at real servers: what a person says by a page, doctors' devices and the servers
/// obey.
@Tag("V4")
@Tag("B4")
class PortalReadersTest extends PortalClicking {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final long PAUSE = Duration.ofMillis(20).toNanos();

    private final Cast cast;
    private final PortalDoor door;

    PortalReadersTest(PortalStage stage) {
        super(stage);
        cast = stage.played.cast;
        door = stage.door(cast.patient());
    }

    private void sure(Locator within, String button, String yes, String done) {
        within.getByRole(AriaRole.BUTTON).getByText(button).first().click();
        within.getByText(yes).first().click();
        assertThat(page().getByText(done)).isVisible();
    }

    private Locator about(String list, Cast.Player player) {
        return page().locator("ul." + list + " > li")
                .filter(new Locator.FilterOptions().setHasText(player.id().value()));
    }

    /// The store has let go of the envelope, too: a reader does not even get what is closed.
    private void refused(Cast.Player reader) {
        var refusal =
                assertThrows(Refusal.class, () -> reader.pocket().reading().open(stage.letter, "treatment"));
        assertEquals("blob-unknown", refusal.code());
    }

    private List<Grants.State> states(Cast.Player by, Cast.Player reader) {
        return by.pocket().grants().list().stream()
                .filter(g -> g.statement().reader().equals(reader.id())
                        && g.statement().by().equals(by.id()))
                .map(Grants.Grant::state)
                .distinct()
                .toList();
    }

    @Test
    void aPersonAgreesToADoctorAndEndsIt() {
        cast.doctorC().pocket().relations().propose(cast.patient().id(), MONTH);
        open("ja-JP", ColorScheme.LIGHT, door.page());
        logIn(door, "ログイン");
        click(AriaRole.LINK, "できごと");
        headed("できごと");
        assertThat(page().getByText("あなたの担当になることを申し出ました").first()).isVisible();
        look("ja-20-news");
        clickOne(AriaRole.LINK, "「見せている人」を見る");
        headed("見せている人");
        sure(about("relations", cast.doctorC()), "認める", "はい、認める", "認めました。");
        assertThat(about("relations", cast.doctorC())).containsText("あなたが認めた担当です");
        assertEquals(Relations.State.STANDING, state());
        sure(about("relations", cast.doctorC()), "担当を終える", "はい、終える", "終えました。");
        assertThat(about("relations", cast.doctorC())).hasCount(0);
        assertEquals(Relations.State.ENDED, state());
    }

    private Relations.State state() {
        return cast.doctorC().pocket().relations().list().stream()
                .filter(r -> r.patient().equals(cast.patient().id()))
                .findFirst()
                .orElseThrow()
                .state();
    }

    @Test
    void whatIsTakenBackOrBarredNobodyOpens() {
        var grants = cast.doctorA().pocket().grants();
        for (var reader : List.of(cast.doctorB(), cast.doctorC())) {
            grants.give(stage.letter, reader.id(), MONTH, "referral");
            reader.pocket().reading().open(stage.letter, "treatment");
        }
        cast.patient()
                .pocket()
                .delegations()
                .add(cast.otherPatient().id(), new Delegations.Scope.Letters(List.of(stage.letter)), MONTH);
        cast.otherPatient().pocket().reading().open(stage.letter, "delegate-some");
        open("en-GB", ColorScheme.DARK, door.page());
        logIn(door, "Log in");
        click(AriaRole.LINK, "Who may read");
        headed("Who may read");
        assertThat(page().locator("ul.readers > li")).hasCount(3);
        look("en-21-readers");
        page().setViewportSize(640, 800);
        assertTrue((boolean)
                page().evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
        page().setViewportSize(1280, 720);
        // a delegate's reading ends
        sure(about("readers", cast.otherPatient()), "End reading for me", "Yes, take it back", "Taken back.");
        assertThat(page().locator("ul.readers > li")).hasCount(2);
        refused(cast.otherPatient());
        assertEquals(List.of(Grants.State.REVOKED), states(cast.patient(), cast.otherPatient()));
        // one grant is taken back
        sure(about("readers", cast.doctorC()), "Take back", "Yes, take it back", "Taken back.");
        assertThat(page().locator("ul.readers > li")).hasCount(1);
        refused(cast.doctorC());
        assertEquals(List.of(Grants.State.REVOKED), states(cast.doctorA(), cast.doctorC()));
        // a reader is barred, whoever grants
        sure(about("readers", cast.doctorB()), "Bar this person", "Yes, bar this person", "Barred.");
        assertThat(page().getByText("Nobody but you and the author.")).isVisible();
        assertThat(about("barred", cast.doctorB())).hasCount(1);
        refused(cast.doctorB());
        assertEquals(
                List.of(cast.doctorB().id()),
                cast.patient().pocket().vetoes().list().stream()
                        .map(v -> v.bars())
                        .toList());
        look("en-22-barred");
        // and let in again by the next grant only
        sure(about("barred", cast.doctorB()), "Undo", "Yes, undo it", "Undone.");
        refused(cast.doctorB());
        assertEquals(List.of(), cast.patient().pocket().vetoes().list());
        nextSecond();
        grants.give(stage.letter, cast.doctorB().id(), MONTH, "referral");
        cast.doctorB().pocket().reading().open(stage.letter, "treatment");
    }

    /// Statements have whole seconds, and what was granted in the second in which a veto was lifted fell with it.
    private static void nextSecond() {
        var second = Played.CLOCK.instant().getEpochSecond();
        while (Played.CLOCK.instant().getEpochSecond() <= second) {
            LockSupport.parkNanos(PAUSE);
        }
    }
}
