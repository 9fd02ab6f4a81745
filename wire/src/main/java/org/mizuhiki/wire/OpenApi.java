package org.mizuhiki.wire;

import java.util.List;
import org.mizuhiki.house.Bytes;

/// The OpenAPI 3.1 document of a server, made from the same routes that it serves.
@SuppressWarnings("DoNotCallSuggester")
public final class OpenApi {
    private OpenApi() {}

    /// The document as JSON.
    public static Bytes describe(String title, List<Route> routes) {
        throw new IllegalStateException("being built");
    }

    /// What a document says otherwise than the routes, in words; empty when they agree. For tests of
    /// every room.
    public static List<String> differences(Bytes document, List<Route> routes) {
        throw new IllegalStateException("being built");
    }
}
