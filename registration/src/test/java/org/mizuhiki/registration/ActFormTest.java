package org.mizuhiki.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.registration.World.refused;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;

/// Every act has one record, every record is one act, and docs/events.md lists them all.
@Tag("D5")
class ActFormTest {
    private static final Instant AT = Instant.parse("2026-11-22T05:00:00Z");
    private static final PersonId SIGNER = PersonId.random(World.DIE);
    private static final Digest SOME = Bytes.utf8("some").sha256();

    private static List<Step> steps() {
        var device = new Member.Device("acme", "R-1", "0001");
        var bytes = Bytes.utf8("bytes");
        return List.of(
                new Step.AccreditationApplication(Role.VENDOR, Optional.of("acme")),
                new Step.AccreditationAnswer(Optional.of(AT), "審査済み"),
                new Step.AccreditationWithdrawal("取消し"),
                new Step.MembershipApplication(World.PROVIDER),
                new Step.MembershipAnswer(true, "承認"),
                new Step.PurchaseApplication(World.VENDOR, "R-1"),
                new Step.DeviceRegistration(device, bytes, World.DEVICE_CA),
                new Step.DeviceCertificate(SOME),
                new Step.DeviceLoading(SOME, bytes),
                new Step.DeviceReceipt(device),
                new Step.UseApplication(device, "medical-vpn"),
                new Step.UseAnswer(false, "不承認"),
                new Step.ServiceRequest(bytes, World.SERVICE_CA),
                new Step.ServiceCertificate(SOME),
                new Step.ServiceLoading(SOME, bytes, bytes, Optional.of(bytes)),
                new Step.ConnectionApplication("medical-vpn"),
                new Step.ServiceProvision("medical-vpn"),
                new Step.Declination("在庫なし"),
                new Step.Withdrawal(Step.Withdrawal.Part.SERVICE, "解約"));
    }

    private static Act act(Step step) {
        return new Act(Optional.of(new Act.Place(SOME, SOME)), World.CLINIC, SIGNER.value(), AT, "0".repeat(32), step);
    }

    @Test
    void everyActIsReadAsItWasWritten() {
        assertEquals(List.of(Kind.values()), steps().stream().map(Step::kind).toList());
        for (var step : steps()) {
            assertEquals(act(step), ActForm.read(act(step).canonical()));
        }
        var opening = new Act(
                Optional.empty(),
                World.CLINIC,
                World.CLINIC.value(),
                AT,
                "0".repeat(32),
                new Step.MembershipApplication(World.PROVIDER));
        assertEquals(opening, ActForm.read(opening.canonical()));
        assertEquals(opening.id(), opening.file());
    }

    @Test
    void everyFieldThatIsMissingStrangeOrTooMuchIsRefused() {
        for (var step : steps()) {
            var record = act(step).canonical();
            malformed(record.with("more", "x"));
            for (var field : record.fields().keySet()) {
                var less = new TreeMap<>(record.fields());
                less.remove(field);
                malformedOrOther(record, Canonical.of(less));
                malformed(record.with(field, ""));
                malformed(record.with(field, "x\u202ey"));
                malformed(record.with(field, "x".repeat(10_000)));
            }
        }
        var record = act(steps().getFirst()).canonical();
        for (var time : List.of("2026-11-22T24:00:00Z", "2026-11-22T05:00:00.000Z", "2026-11-22T05:00:60Z")) {
            malformed(record.with("at", time));
        }
    }

    /// Without its place a first act opens a file of its own, and without `until` an answer is malformed.
    private static void malformedOrOther(Canonical whole, Canonical less) {
        try {
            var read = ActForm.read(less);
            assertTrue(!read.canonical().equals(whole) && read.canonical().equals(less));
        } catch (Refusal e) {
            assertEquals("act-malformed", e.code());
        }
    }

    private static void malformed(Canonical record) {
        refused("act-malformed", () -> ActForm.read(record));
    }

    @FuzzTest(maxDuration = "60s")
    void anyRecordIsReadInOneSpellingOrRefused(byte[] input) {
        try {
            var encoded = Bytes.of(input);
            assertEquals(
                    encoded, ActForm.read(Canonical.decode(encoded)).canonical().encode());
        } catch (Refusal e) {
            assertTrue(List.of("act-malformed", "record-not-canonical").contains(e.code()), e.code());
        }
    }

    @Test
    void everyEventStandsOnThePageWithItsFields() throws IOException {
        var coded = new TreeMap<String, SortedSet<String>>();
        for (var step : steps()) {
            var own = new TreeSet<>(act(step).canonical().fields().keySet());
            own.removeAll(List.of("form", "kind", "file", "before", "by", "signer", "at", "nonce"));
            coded.put(step.kind().text(), own);
        }
        assertEquals(coded, written());
        var text = Files.readString(page());
        for (var common : act(steps().getFirst()).canonical().fields().keySet()) {
            assertTrue(text.contains("`" + common + "`"), common);
        }
        assertTrue(text.contains(ActForm.FORM));
    }

    /// The table whose rows have a letter: `| letter | kind | own fields | said by |` and a column more.
    private static Map<String, SortedSet<String>> written() throws IOException {
        var kinds = new TreeMap<String, SortedSet<String>>();
        var text = Files.readString(page());
        for (var line : text.substring(text.indexOf("## Registration")).lines().toList()) {
            var cells = line.split("\\|", -1);
            if (cells.length == 7 && cells[2].strip().startsWith("`")) {
                kinds.put(words(cells[2]).first(), words(cells[3]));
            }
        }
        return kinds;
    }

    private static SortedSet<String> words(String cell) {
        return Pattern.compile("`([A-Za-z-]+)`")
                .matcher(cell)
                .results()
                .map(m -> m.group(1))
                .collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
    }

    private static Path page() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/events.md"))) {
            folder = Objects.requireNonNull(folder.getParent(), "docs/events.md is missing");
        }
        return folder.resolve("docs/events.md");
    }
}
