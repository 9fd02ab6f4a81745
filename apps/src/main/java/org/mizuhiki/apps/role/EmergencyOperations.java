package org.mizuhiki.apps.role;

import java.time.Clock;
import java.util.Map;
import java.util.stream.Collectors;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.EmergencyTerminals;
import org.mizuhiki.wire.Json;

/// The operator's words about terminals at which patients' letters are opened in an emergency:
/// `terminal-accredit`, `terminal-withdraw`, `terminals`.
final class EmergencyOperations {
    private static final int USUAL_DAYS = 365;

    private EmergencyOperations() {}

    static Map<String, OperatorDoor.Operation> of(EmergencyTerminals terminals, Clock clock) {
        return Map.of(
                "terminal-accredit",
                        asked -> told(terminals.accredit(
                                Asked.need(asked, "element"),
                                new InstitutionCode(Asked.need(asked, "institution")),
                                clock.instant().plus(Asked.life(asked, USUAL_DAYS)))),
                "terminal-withdraw",
                        asked -> {
                            if (!terminals.withdraw(Asked.need(asked, "element"))) {
                                throw Refusal.of(
                                        "terminal-unknown", "この端末は認定されていません", "No such terminal is accredited");
                            }
                            return "withdrawn";
                        },
                "terminals",
                        _ -> {
                            var lines = terminals.all().stream()
                                    .map(EmergencyOperations::told)
                                    .collect(Collectors.joining("\n"));
                            return lines.isEmpty() ? "ありません / none" : lines;
                        });
    }

    private static String told(Object row) {
        return Json.write(row).asUtf8();
    }
}
