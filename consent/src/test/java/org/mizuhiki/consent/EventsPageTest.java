package org.mizuhiki.consent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// docs/events.md and the code say the same.
@Tag("B2")
class EventsPageTest {
    private static final Pattern WORD = Pattern.compile("`([a-z-]+)`");

    private static Path page() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/events.md"))) {
            folder = Objects.requireNonNull(folder.getParent(), "docs/events.md is missing");
        }
        return folder.resolve("docs/events.md");
    }

    private static Map<String, SortedSet<String>> written() throws IOException {
        var kinds = new TreeMap<String, SortedSet<String>>();
        for (var line : Files.readAllLines(page())) {
            var cells = line.split("\\|", -1);
            if (cells.length == 6 && cells[1].strip().startsWith("`")) {
                kinds.put(words(cells[1]).first(), words(cells[2]));
            }
        }
        return kinds;
    }

    private static SortedSet<String> words(String cell) {
        return WORD.matcher(cell).results().map(m -> m.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyEventStandsOnThePageWithAllItsFields() throws IOException {
        var world = new World(5);
        var at = Pretend.NOW;
        var grant = world.grant(world.doctor, world.colleague, at, at);
        var coded = new TreeMap<String, SortedSet<String>>();
        for (var permitted : Statement.class.getPermittedSubclasses()) {
            Statement one = switch (permitted.getSimpleName()) {
                case "CareRelation" -> world.relation(world.doctor, world.doctor, world.patient, at, at);
                case "LetterSealed" -> world.sealed(at);
                case "LetterResealed" ->
                    new Statement.LetterResealed(
                            world.doctor, world.patient, world.letter, world.letter, world.letter, at, world.nonce());
                case "LateralGrant" -> world.onward(world.colleague, world.stranger, grant, 1, at, at);
                case "Veto" -> world.veto(world.patient, world.colleague, at);
                case "VetoLifted" -> new Statement.VetoLifted(world.patient, grant.id(), at, world.nonce());
                case "ProvisionalRegistration" -> world.registration(world.doctor, world.colleague, at, at);
                case "ProvisionalConfirmation" ->
                    new Statement.ProvisionalConfirmation(world.patient, world.patient, grant.id(), at, world.nonce());
                case "EmergencyAccess" -> world.access(at, at);
                case "EmergencyOpening" -> world.opening(world.stranger, world.access(at, at), at, at);
                case "Revocation" -> world.revocation(world.doctor, grant, at);
                case "Disclosure" -> world.disclosure(world.colleague, Optional.of(grant.id()), at);
                default -> throw new AssertionError("a new statement needs a line here: " + permitted);
            };
            coded.put(one.kind(), new TreeSet<>(one.canonical().fields().keySet()));
        }
        assertEquals(coded, written());
    }

    @Test
    void everyFieldIsExplained() throws IOException {
        var text = Files.readString(page());
        var table = text.substring(text.indexOf("| field | meaning |"));
        for (var fields : written().values()) {
            for (var field : fields) {
                assertTrue(table.contains("`" + field + "`"), field);
            }
        }
        assertTrue(text.contains("`" + StatementForm.FORM + "`"));
        assertTrue(text.contains("`key-entry`"));
    }
}
