package org.mizuhiki.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Refusal;

class QueryTest {
    @FuzzTest
    void numbersInQueriesAreNumbersOrRefused(FuzzedDataProvider data) {
        numberOrRefused(data.consumeRemainingAsString());
    }

    @Test
    void whatIsNoPlainNumberIsRefused() {
        for (var text : List.of("", "-1", "+1", "1e3", "0x10", "１", " 1", "9".repeat(19), "1\n")) {
            assertEquals("query-malformed", Workshop.refusal(() -> StoreRoutes.number(Optional.of(text))), text);
        }
        assertEquals(Optional.of(999_999_999_999_999_999L), StoreRoutes.number(Optional.of("9".repeat(18))));
    }

    private static void numberOrRefused(String text) {
        try {
            assertEquals(true, StoreRoutes.number(Optional.of(text)).orElseThrow() >= 0);
        } catch (Refusal e) {
            assertEquals("query-malformed", e.code());
        }
    }
}
