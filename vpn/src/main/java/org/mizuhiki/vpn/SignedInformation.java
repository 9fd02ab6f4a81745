package org.mizuhiki.vpn;

import java.time.Instant;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Author;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Validator;

/// Connection information with the centre's signature. No time stamp: it lives for hours, is signed two
/// hundred times a second, and must go out while the stamp authority is away; the ledger's entry proves its
/// time afterwards.
///
/// @param information as [ConnectionInformation#encode] writes it
/// @param signature as [ChainSignature] has it, over [ConnectionInformation#FORM] and the information
/// @param chain the centre's certificate (DER) and those above it
public record SignedInformation(Bytes information, Bytes signature, List<Bytes> chain) {
    /// Role in the certificate of whoever may sign connection information.
    public static final String CENTRE = "centre";

    public SignedInformation {
        chain = List.copyOf(new ChainSignature(signature, chain).chain());
    }

    /// @param centre its server certificate and key
    public static SignedInformation sign(ConnectionInformation information, Author centre) {
        // nothing is signed that the other side would refuse, or would read as something else
        var encoded = information.encode();
        var _ = ConnectionInformation.decode(encoded);
        var signed = ChainSignature.sign(ConnectionInformation.FORM, encoded, centre);
        return new SignedInformation(encoded, signed.signature(), signed.chain());
    }

    /// Signature and signer; whether the connection is wanted is [RouterSide]'s question.
    ///
    /// @throws Refusal `information-forged` (no signature of a centre's), `declaration-malformed`, and those
    /// of [Validator]
    public ConnectionInformation open(Validator validator, Instant now) {
        if (information.size() > ConnectionInformation.MAX_BYTES) {
            throw Words.malformed("size");
        }
        var signed = new ChainSignature(signature, chain);
        var signer = validator.check(signed.certificates(), Validator.Purpose.TLS_SERVER, now);
        // any other server of the region could sign as well as the centre, and may not
        if (!(signer instanceof Member.Server server) || !server.role().equals(CENTRE)) {
            throw forged();
        }
        if (!signed.holds(ConnectionInformation.FORM, information)) {
            throw forged();
        }
        return ConnectionInformation.decode(information);
    }

    private static Refusal forged() {
        return Refusal.of(
                "information-forged",
                "接続情報の署名が接続管理センターのものではありません。接続しません",
                "The connection information does not carry the centre's signature; nothing is connected");
    }
}
