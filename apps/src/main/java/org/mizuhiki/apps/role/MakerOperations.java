package org.mizuhiki.apps.role;

import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mizuhiki.devices.Makers;
import org.mizuhiki.house.Bytes;

/// The operator's words about manufacturers of chips: `chip-maker-accept`, `chip-maker-end`, `chip-makers`.
final class MakerOperations {
    /// Devices of this vendor have no e-Key.
    private static final String NONE = "none";

    private MakerOperations() {}

    static Map<String, OperatorDoor.Operation> of(Makers makers) {
        return Map.of(
                "chip-maker-accept",
                asked -> {
                    makers.accept(maker(asked));
                    return "accepted";
                },
                "chip-maker-end",
                asked -> {
                    makers.end(maker(asked));
                    return "ended";
                },
                "chip-makers",
                asked -> makers.all().stream()
                        .map(m -> m.vendor() + " "
                                + m.key().map(MakerOperations::written).orElse(NONE) + (m.tokens() ? " tokens" : ""))
                        .collect(Collectors.joining("\n")));
    }

    private static Makers.Maker maker(Map<String, String> asked) {
        var key = Asked.need(asked, "key");
        return new Makers.Maker(
                Asked.need(asked, "vendor"),
                key.equals(NONE) ? Optional.empty() : Optional.of(Makers.key(Bytes.base64(key))),
                asked.getOrDefault("tokens", "no").equals("yes"));
    }

    private static String written(java.security.PublicKey key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }
}
