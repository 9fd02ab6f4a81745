package org.mizuhiki.enrol.acme;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;

/// Names that are asked for: `dns` (RFC 8555, 7.1.4) or `ip` (RFC 8738).
final class Identifiers {
    private Identifiers() {}

    static Map<String, String> of(Member.Server member) {
        var type = member.hasAddress() ? "ip" : "dns";
        return Map.of("type", type, "value", member.host());
    }

    /// Once the member's own host.
    ///
    /// @throws Refusal `identifier-unsupported`, `identifier-not-yours`, `jws-malformed`
    static void mustBe(Member.Server member, List<Fields> asked) {
        if (asked.isEmpty()) {
            throw Fields.malformed();
        }
        for (var identifier : asked) {
            var type = identifier.need("type");
            if (!type.equals("dns") && !type.equals("ip")) {
                throw Refusal.of("identifier-unsupported", "識別子の種類は dns か ip です", "An identifier's type is dns or ip");
            }
            var value = identifier.need("value").toLowerCase(Locale.ROOT);
            if (!of(member).equals(Map.of("type", type, "value", value))) {
                throw Refusal.of(
                        "identifier-not-yours",
                        "このアカウントで申請できるのは " + member.host() + " の証明書だけです",
                        "This account may ask for certificates of " + member.host() + " only");
            }
        }
    }
}
