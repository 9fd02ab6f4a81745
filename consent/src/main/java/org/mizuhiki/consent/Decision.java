package org.mizuhiki.consent;

import org.mizuhiki.house.Digest;

/// The answer to "may this person open this letter now?".
public sealed interface Decision {
    /// @param because the statement that allows it
    record Permitted(Digest because) implements Decision {}

    /// @param rule the stable code of the deciding rule, such as `grant-expired`
    record Denied(String rule, String japanese, String english) implements Decision {}
}
