package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;
import org.mizuhiki.house.Refusal;

/// Asserts a clear no.
final class Refused {
    private Refused() {}

    static void with(String code, Executable deed) {
        assertEquals(code, assertThrows(Refusal.class, deed).code());
    }
}
