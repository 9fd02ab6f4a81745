package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;
import org.mizuhiki.house.Refusal;

/// Expecting a clear "no".
final class Refused {
    private Refused() {}

    static Refusal with(String code, Executable attempt) {
        var refusal = assertThrows(Refusal.class, attempt);
        assertEquals(code, refusal.code(), refusal.english());
        return refusal;
    }
}
