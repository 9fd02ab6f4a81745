package org.mizuhiki.vpn;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.wire.Json;

/// What an institution says about connections, to be signed for it. Times are whole seconds, UTC; `nonce` is
/// 128 random bits, hexadecimal. A later declaration about the same [#subject] takes the place of an earlier
/// one; what is to end is said again with an `until` that has passed.
public sealed interface Declaration
        permits UniformPolicy, SubscriberPolicy, Membership, Approval, MaintenanceAgreement, MaintenanceWork {
    /// Stands in all of them, so that a signature over something else is never passed off as one.
    String FORM = "mizuhiki-vpn-1";

    /// Name of the ledger's entry.
    String kind();

    /// Whose word it is.
    InstitutionCode by();

    Instant at();

    Instant until();

    /// What it is about: of several with the same kind, institution and subject the latest counts.
    String subject();

    /// 128 random bits, hexadecimal: what tells two of one content apart, and keeps a digest from telling
    /// anything.
    static String nonce(SecureRandom die) {
        var raw = new byte[16];
        die.nextBytes(raw);
        return HexFormat.of().formatHex(raw);
    }

    default boolean stands(Instant now) {
        return !now.isBefore(at()) && now.isBefore(until());
    }

    /// The one encoding. The content is JSON in a canonical record, as it has lists in it.
    default Canonical canonical() {
        return Canonical.of(
                Map.of("form", FORM, "kind", kind(), "content", Json.write(this).asUtf8()));
    }

    default Digest id() {
        return canonical().digest();
    }

    /// What the ledger holds of it.
    default Entry entry() {
        return new Entry(kind(), id());
    }
}
