package org.mizuhiki.vpn;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Author;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Validator;

/// Connection information with the centre's signature. No time stamp: it lives for hours, is signed two
/// hundred times a second, and must go out while the stamp authority is away; the ledger's entry proves its
/// time afterwards.
///
/// @param information as [ConnectionInformation#encode] writes it
/// @param signature ECDSA P-256 with SHA-256, DER, over [ConnectionInformation#FORM], a zero byte, SHA-256 of
/// each certificate of the chain, a zero byte and the information: not even the chain has a second spelling
/// @param chain the centre's certificate (DER) and those above it
public record SignedInformation(Bytes information, Bytes signature, List<Bytes> chain) {
    /// Role in the certificate of whoever may sign connection information.
    public static final String CENTRE = "centre";

    private static final int LONGEST_CHAIN = 4;

    public SignedInformation {
        chain = List.copyOf(chain);
        Words.need(!chain.isEmpty(), "chain");
        Words.atMost(chain, LONGEST_CHAIN, "chain");
    }

    /// @param centre its server certificate and key
    public static SignedInformation sign(ConnectionInformation information, Author centre) {
        // nothing is signed that the other side would refuse, or would read as something else
        var encoded = ConnectionInformation.decode(information.encode()).encode();
        var chain = centre.chain().stream().map(KeyFiles::encoded).toList();
        return new SignedInformation(encoded, Crypto.signed(centre.key(), bound(encoded, chain)), chain);
    }

    /// Signature and signer; whether the connection is wanted is [RouterSide]'s question.
    ///
    /// @throws Refusal `information-forged` (no signature of a centre's), `declaration-malformed`, and those
    /// of [Validator]
    public ConnectionInformation open(Validator validator, Instant now) {
        if (information.size() > ConnectionInformation.MAX_BYTES) {
            throw Words.malformed("size");
        }
        var certificates = chain.stream().map(KeyFiles::certificate).toList();
        var signer = validator.check(certificates, Validator.Purpose.TLS_SERVER, now);
        // any other server of the region could sign as well as the centre, and may not
        if (!(signer instanceof Member.Server server) || !server.role().equals(CENTRE)) {
            throw forged();
        }
        if (!Crypto.verifies(certificates.getFirst().getPublicKey(), bound(information, chain), signature)) {
            throw forged();
        }
        return ConnectionInformation.decode(information);
    }

    private static Bytes bound(Bytes encoded, List<Bytes> chain) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(Bytes.utf8(ConnectionInformation.FORM).toArray());
        out.write(0);
        chain.forEach(c -> out.writeBytes(c.sha256().toArray()));
        out.write(0);
        out.writeBytes(encoded.toArray());
        return Bytes.of(out.toByteArray());
    }

    private static Refusal forged() {
        return Refusal.of(
                "information-forged",
                "接続情報の署名が接続管理センターのものではありません。接続しません",
                "The connection information does not carry the centre's signature; nothing is connected");
    }
}
