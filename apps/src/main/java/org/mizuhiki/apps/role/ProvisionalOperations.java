package org.mizuhiki.apps.role;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.provisional.PostgresProvisionals;
import org.mizuhiki.wire.Json;

/// The operator's words about people who register patients provisionally: `registrar-accredit`,
/// `registrar-withdraw`, and for the supervision `registrars`, `provisionals`. Lists are one JSON object a line.
final class ProvisionalOperations {
    private static final int USUAL_DAYS = 92;

    private ProvisionalOperations() {}

    static Map<String, OperatorDoor.Operation> of(PostgresProvisionals provisionals) {
        return Map.of(
                "registrar-accredit", asked -> told(accredit(provisionals, asked)),
                "registrar-withdraw",
                        asked -> "ended; suspended " + provisionals.withdraw(person(asked, "person"), all(asked)),
                "registrars", _ -> lines(provisionals.registrars().stream()),
                "provisionals", _ -> lines(provisionals.all().stream()));
    }

    private static Object accredit(PostgresProvisionals provisionals, Map<String, String> asked) {
        return provisionals.accredit(
                person(asked, "person"),
                person(asked, "supervisor"),
                quota(Asked.need(asked, "quota")),
                Asked.life(asked, USUAL_DAYS));
    }

    private static boolean all(Map<String, String> asked) {
        return "true".equals(asked.get("all"));
    }

    private static PersonId person(Map<String, String> asked, String name) {
        return new PersonId(Asked.need(asked, name));
    }

    private static int quota(String said) {
        try {
            return Integer.parseInt(said);
        } catch (NumberFormatException e) {
            throw Refusal.of("argument-malformed", "quota は人数です", "quota is a number of persons", e);
        }
    }

    private static String lines(Stream<?> rows) {
        var lines = rows.map(ProvisionalOperations::told).collect(Collectors.joining("\n"));
        return lines.isEmpty() ? "ありません / none" : lines;
    }

    private static String told(Object row) {
        return Json.write(row).asUtf8();
    }
}
