package org.mizuhiki.seal;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// The same with the native provider first, where it loads.
class NativeWycheproofTest extends WycheproofTest {
    @BeforeAll
    static void nativeFirst() {
        NativeProvider.first();
    }

    @AfterAll
    static void asBefore() {
        NativeProvider.gone();
    }
}
