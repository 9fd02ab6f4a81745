package org.mizuhiki.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mizuhiki.keys.PostgresKeyServerTest.assertRefused;
import static org.mizuhiki.keys.PostgresKeyServerTest.kinds;
import static org.mizuhiki.keys.PostgresKeyServerTest.statement;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Who is shown which statements.
@Tag("V6")
@Tag("V7")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FiledListsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private Region region;

    @BeforeAll
    void open() {
        region = new Region(folder);
    }

    @AfterAll
    void close() {
        region.close();
    }

    @Test
    void theOwnerSeesWhoOpenedWhatAndWhen() {
        var r = region.letter();
        r.open(r.granted());
        var all = List.of("disclosure", "lateral-grant", "letter-sealed", "care-relation", "care-relation");
        assertEquals(all, kinds(region.keys.involving(r.patient.id(), 50, Long.MAX_VALUE)));
        assertEquals(
                List.of("letter-sealed", "lateral-grant", "disclosure"),
                kinds(region.keys.aboutLetter(r.patient.id(), r.letter)));
        assertEquals(
                List.of("disclosure", "lateral-grant"),
                kinds(region.keys.involving(r.colleague.id(), 50, Long.MAX_VALUE)));
    }

    @Test
    void theListIsReadPageByPage() {
        var r = region.letter();
        r.open(r.granted());
        var whole = region.keys.involving(r.patient.id(), 50, Long.MAX_VALUE);
        var first = region.keys.involving(r.patient.id(), 2, Long.MAX_VALUE);
        var second = region.keys.involving(r.patient.id(), 2, first.getLast().number());
        assertEquals(whole.subList(0, 2), first);
        assertEquals(whole.subList(2, 4), second);
        assertRefused("page-malformed", () -> region.keys.involving(r.patient.id(), 201, 1));
        assertRefused("page-malformed", () -> region.keys.involving(r.patient.id(), 0, 1));
    }

    @Test
    void whatDecidesAboutARelationIsGivenWithoutTheLettersOfBoth() {
        var r = region.letter();
        r.open(r.granted());
        var halves = region.keys.relation(r.doctor.id(), r.patient.id());
        assertEquals(List.of("care-relation", "care-relation"), kinds(halves));
        r.end(r.patient, statement(halves.getFirst()));
        assertEquals(
                List.of("care-relation", "care-relation", "revocation"),
                kinds(region.keys.relation(r.doctor.id(), r.patient.id())));
        assertEquals(List.of(), region.keys.relation(r.colleague.id(), r.patient.id()));
    }

    @Test
    void aReaderSeesOfALetterOnlyWhatNamesThem() {
        var r = region.letter();
        r.granted();
        var other = region.doctor();
        var slot = region.slot();
        region.keys.grant(r.doctor.id(), region.sign(r.grantTo(other, slot), r.doctor), slot);
        assertEquals(List.of("letter-sealed", "lateral-grant"), kinds(region.keys.aboutLetter(other.id(), r.letter)));
        assertEquals(3, region.keys.aboutLetter(r.doctor.id(), r.letter).size());
    }
}
