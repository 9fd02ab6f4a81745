package org.mizuhiki.centre;

import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Author;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Validator;
import org.mizuhiki.vpn.ChainSignature;

/// A batch of records with the signature of the router that saw them: it cannot say later that it did not.
///
/// @param batch as [LogBatch#encode] writes it
/// @param signed with the router's service key, under [LogBatch#FORM]
public record SignedBatch(Bytes batch, ChainSignature signed) {
    /// @param router its service certificate and key
    public static SignedBatch sign(LogBatch batch, Author router) {
        var encoded = LogBatch.decode(batch.encode()).encode();
        return new SignedBatch(encoded, ChainSignature.sign(LogBatch.FORM, encoded, router));
    }

    /// Signature and signer, whose certificate stood when the batch was closed.
    ///
    /// @throws Refusal `log-forged` (no signature of the router that it names), `log-malformed`, and those of
    /// [Validator]
    public LogBatch open(Validator validator) {
        var read = LogBatch.decode(batch);
        var signer = validator.check(signed.certificates(), Validator.Purpose.TLS_CLIENT, read.at());
        // any other router of the region could sign as well
        if (!(signer instanceof Member.Service service) || !service.identity().equals(read.router())) {
            throw forged();
        }
        if (!signed.holds(LogBatch.FORM, batch)) {
            throw forged();
        }
        return read;
    }

    private static Refusal forged() {
        return Refusal.of(
                "log-forged",
                "通信記録の署名が、記録したVPN機器のものではありません。証拠になりません",
                "The records of traffic do not carry the signature of the router that they name; they prove nothing");
    }
}
