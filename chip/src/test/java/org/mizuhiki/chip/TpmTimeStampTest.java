package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.Accreditation;
import org.mizuhiki.trust.TimeStampServer;

/// Time Stamp with Tick Stamp, whole: a TPM, the region's time-stamping authority, the verifier.
@Tag("H8")
class TpmTimeStampTest {
    /// The authority says whole seconds, so its time may be one behind.
    private static final TickClock CLOCK =
            new TickClock(Duration.ofMillis(1), 0.001, Duration.ofSeconds(1), Duration.ofSeconds(30));

    private static final Seals SEALS = new Seals(Cards.DIE);
    private static final Clock TIME = Clock.systemUTC();

    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Accreditation region;

    @SuppressWarnings("NullAway.Init")
    private static TimeStampServer authority;

    @SuppressWarnings("NullAway.Init")
    private Swtpm chip;

    @SuppressWarnings("NullAway.Init")
    private TpmElement element;

    @SuppressWarnings("NullAway.Init")
    private TpmTicks ticks;

    @SuppressWarnings("NullAway.Init")
    private TickProof proof;

    @BeforeAll
    static void found() {
        region = Accreditation.found(
                folder.resolve("region"), "みずひき", URI.create("http://127.0.0.1:1"), TIME, Cards.DIE);
        authority = region.stamps(TIME, Cards.DIE);
    }

    @BeforeEach
    void begin() throws Exception {
        var own = Files.createTempDirectory(folder, "test");
        chip = new Swtpm(own);
        open();
        var key = ticks.install();
        proof = new TickProof(key, CLOCK, (token, imprint) -> {
            var stamp = SEALS.stamps().verify(token, imprint);
            assertIssued(region.roots().getFirst(), stamp.chain().getFirst());
            return stamp.at();
        });
    }

    private static void assertIssued(X509Certificate root, X509Certificate authority) {
        assertDoesNotThrow(() -> authority.verify(root.getPublicKey()));
    }

    private void open() {
        element = TpmElement.open(chip.socket(), Secret.taking());
        ticks = element.ticks(Factory.code(9), Secret.taking());
    }

    @AfterEach
    void end() {
        element.close();
        chip.close();
    }

    private TickProof.Anchor anchor() {
        var nonce = new byte[16];
        Cards.DIE.nextBytes(nonce);
        var asked = TickStamps.asked(Bytes.of(nonce), TIME.instant());
        var before = ticks.anchor(asked);
        var token = authority.stamp(before.imprint());
        return new TickProof.Anchor(asked, before, token, ticks.confirm(token.sha256()));
    }

    /// @param earliest and `latest`: what the real clock says
    private record Made(Counted.Stamped stamped, Instant earliest, Instant latest) {}

    private Made made(int number) {
        Digest message = Bytes.utf8("visit " + number).sha256();
        var earliest = TIME.instant();
        var stamp = ticks.stamp(message);
        return new Made(new Counted.Stamped(message, stamp), earliest, TIME.instant());
    }

    private static String refused(Runnable attempt) {
        return assertThrows(Refusal.class, attempt::run).code();
    }

    @Test
    void eachStampIsProvenToItsTime() throws Exception {
        var early = made(0);
        var opening = anchor();
        var first = made(1);
        Thread.sleep(300);
        var second = made(2);
        var closing = anchor();
        var proven = proof.prove(opening, List.of(first.stamped(), second.stamped()), closing);
        for (var pair : List.of(List.of(first, proven.get(0)), List.of(second, proven.get(1)))) {
            var made = (Made) pair.get(0);
            var between = (TickClock.Between) pair.get(1);
            assertTrue(between.holds(made.earliest()) || between.holds(made.latest()), between + " " + made);
            assertTrue(Duration.between(between.after(), between.before()).compareTo(Duration.ofSeconds(4)) < 0);
        }
        assertTrue(proven.get(1).after().isAfter(proven.get(0).after().plusMillis(250)), "the ticks tell them apart");
        assertTrue(proof.when(opening, early.stamped()).holds(early.latest()), "before the anchor, too");
    }

    @Test
    void whatIsLeftOutIsMissing() {
        var opening = anchor();
        var first = made(1);
        var second = made(2);
        var closing = anchor();
        assertEquals("stamp-missing", refused(() -> proof.prove(opening, List.of(second.stamped()), closing)));
        assertEquals(
                2,
                proof.prove(opening, List.of(second.stamped(), first.stamped()), closing)
                        .size());
    }

    @Test
    void nothingJoinsTwoPowerOns() throws Exception {
        var opening = anchor();
        element.close();
        chip.cutPower();
        open();
        var after = made(1);
        assertEquals("stamp-other-epoch", refused(() -> proof.when(opening, after.stamped())));
        assertFalse(proof.when(anchor(), after.stamped()).after().isAfter(after.latest()));
    }

    @Test
    void aTokenOverSomethingElseIsNoAnchor() {
        var good = anchor();
        var other = authority.stamp(Bytes.utf8("something else").sha256());
        var stamped = made(1).stamped();
        var swapped = new TickProof.Anchor(good.asked(), good.before(), other, good.after());
        assertEquals("stamp-forged", refused(() -> proof.when(swapped, stamped)));
        var confirmed = new TickProof.Anchor(good.asked(), good.before(), other, ticks.confirm(other.sha256()));
        assertEquals("stamp-broken", refused(() -> proof.when(confirmed, stamped)));
    }
}
