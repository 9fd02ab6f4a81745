package org.mizuhiki.seal;

import java.security.SecureRandom;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Refusal;

/// Canonical records in the room's CAdES profile.
final class CadesRecords implements SignedRecords {
    static final String SUITE = "mizuhiki-record-1";

    private final CadesSignatures signatures;

    CadesRecords(SecureRandom die) {
        this.signatures = new CadesSignatures(die);
    }

    @Override
    public Bytes sign(Canonical record, Author author, StampAuthority stamps) {
        var signed = signatures.sign(record.encode(), SUITE, List.of(), author, stamps);
        if (signed.size() > MAX_BYTES) {
            throw No.RECORD_TOO_LARGE.refusal();
        }
        return signed;
    }

    @Override
    public Verified verify(Bytes signed) {
        if (signed.size() > MAX_BYTES) {
            throw No.RECORD_MALFORMED.refusal();
        }
        var checked = signatures.verify(signed, SUITE, false, No.RECORD_MALFORMED);
        try {
            return new Verified(Canonical.decode(checked.content()), checked.by());
        } catch (Refusal e) {
            throw No.RECORD_MALFORMED.refusal(e);
        }
    }
}
