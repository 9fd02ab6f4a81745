package org.mizuhiki.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.chip.Counted;
import org.mizuhiki.chip.DateStamps;
import org.mizuhiki.chip.Programs;
import org.mizuhiki.chip.SoftCard;
import org.mizuhiki.chip.TerminalElement;
import org.mizuhiki.chip.TickClock;
import org.mizuhiki.chip.TickProof;
import org.mizuhiki.chip.TickStamps;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.javacard.Oscillator;
import org.mizuhiki.ledger.PinnedStampRoots;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.Accreditation;
import org.mizuhiki.trust.TimeStampServer;

/// A terminal's element and the region's own time-stamping authority (RFC 3161). It stands in this room, as
/// the lowest that sees both.
class TerminalTimeStampTest {
    private static final SecureRandom DIE = new SecureRandom();
    private static final KeyPair SERVICE = pair();
    /// The authority says whole seconds.
    private static final TickClock TICKS =
            new TickClock(Duration.ofMillis(1), 0.0001, Duration.ofSeconds(1), Duration.ofSeconds(5));

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-04-01T00:00:00Z");
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };
    private final AtomicLong passed = new AtomicLong();
    private Optional<Accreditation> region = Optional.empty();

    @BeforeEach
    void found() {
        region = Optional.of(Accreditation.found(folder, "みずひき", URI.create("http://127.0.0.1:8080"), clock, DIE));
    }

    private static KeyPair pair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), DIE);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static Bytes signed(Bytes content) {
        return Crypto.signed(SERVICE.getPrivate(), DIE, content);
    }

    private TimeStampServer authority() {
        return region.orElseThrow().stamps(clock, DIE);
    }

    private Instant verified(Bytes token, Digest imprint) {
        var stamp = new Seals(DIE).stamps().verify(token, imprint);
        new PinnedStampRoots(region.orElseThrow().roots()).check(stamp.chain(), stamp.at());
        return stamp.at();
    }

    private void pass(Duration time) {
        now = now.plus(time);
        passed.addAndGet(time.toNanos());
    }

    private SoftCard ticking() {
        var card = SoftCard.inMemory(DIE);
        card.wind(Oscillator.beside(passed::get, clock));
        card.install(Programs.TIMER, Bytes.of());
        card.install(Programs.TERMINAL, TerminalElement.tickingParameters(SERVICE.getPublic(), 10));
        return card;
    }

    private Bytes asked() {
        var nonce = new byte[16];
        DIE.nextBytes(nonce);
        pass(Duration.ofMillis(10));
        return TickStamps.asked(Bytes.of(nonce), now);
    }

    private TickProof.Anchor anchor(TerminalElement element) {
        var asked = asked();
        var before = element.stamps().anchor(asked, signed(element.view().key().toSign(asked)));
        pass(Duration.ofMillis(80));
        var token = authority().stamp(before.imprint());
        pass(Duration.ofMillis(120));
        return new TickProof.Anchor(asked, before, token, element.stamps().confirm(token.sha256()));
    }

    private static Counted stamp(TerminalElement element, String text) {
        var message = Bytes.utf8(text).sha256();
        return new Counted.Stamped(message, element.stamps().stamp(message));
    }

    @Test
    @Tag("H8")
    void aMomentIsProvenByTheRegionsStamps() {
        var element = TerminalElement.on(ticking());
        var proof = new TickProof(element.view().key(), TICKS, this::verified);
        var opening = anchor(element);
        pass(Duration.ofHours(1));
        var visit = stamp(element, "visit");
        var truth = now;
        pass(Duration.ofHours(1));
        var closing = anchor(element);
        var between = proof.prove(opening, List.of(visit), closing).getFirst();
        assertTrue(between.holds(truth), between + " holds " + truth);
        assertTrue(Duration.between(between.after(), between.before()).toMillis() < 4000, between.toString());
        var swapped = new TickProof.Anchor(opening.asked(), opening.before(), closing.token(), opening.after());
        assertEquals(
                "stamp-forged",
                assertThrows(Refusal.class, () -> proof.when(swapped, visit)).code());
    }

    /// The machine sleeps: its monotonic count stands still and the clock goes on.
    @Test
    @Tag("H8")
    void whenItsMachineSleptAnElementBeginsAnew() {
        var card = ticking();
        var element = TerminalElement.on(card);
        var opening = anchor(element);
        now = now.plusSeconds(3);
        assertThrows(Refusal.class, () -> stamp(element, "nobody is selected"));
        var anew = anchor(TerminalElement.on(card));
        assertNotEquals(opening.before().epoch(), anew.before().epoch());
        var proof = new TickProof(element.view().key(), TICKS, this::verified);
        var stamp = stamp(element, "after it");
        assertEquals(
                "stamp-other-epoch",
                assertThrows(Refusal.class, () -> proof.when(opening, stamp)).code());
    }

    @Test
    @Tag("H9")
    void aDateIsProvenByTheRegionsStamps() {
        var card = SoftCard.inMemory(DIE);
        card.install(Programs.TERMINAL, TerminalElement.parameters(SERVICE.getPublic(), 10));
        var element = TerminalElement.on(card);
        var opening = dated(element);
        var visit = stamp(element, "visit");
        pass(Duration.ofHours(1));
        var closing = dated(element);
        var proven = DateStamps.prove(element.view().key(), opening, List.of(visit), closing);
        var today = LocalDate.ofInstant(now, DateStamps.ZONE);
        assertEquals(Optional.of(today), proven.date());
    }

    private DateStamps.Anchor dated(TerminalElement element) {
        var asked = asked();
        var stamp = element.stamps().anchor(asked, signed(element.view().key().toSign(asked)));
        var token = authority().stamp(stamp.imprint());
        return new DateStamps.Anchor(asked, stamp, verified(token, stamp.imprint()));
    }
}
