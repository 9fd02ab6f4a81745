package org.mizuhiki.chip;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;

/// A service's key that other programs must reach, such as strongSwan the key of a tunnel: a token beside the
/// e-Key makes, keeps and uses it, and the slot of its service on the e-Key vouches for it. Who is certified
/// is as certain as ever; where the key lies is the host's word, as tokens behind PKCS#11 prove nothing.
///
/// @param token where the key lies
/// @param voucher the service's slot on the e-Key; its own key needs no certificate
public record VouchedSlot(KeySlot token, KeySlot voucher) implements KeySlot {
    @Override
    public PublicKey generate() {
        return token.generate();
    }

    @Override
    public Optional<PublicKey> publicKey() {
        return token.publicKey();
    }

    @Override
    public Bytes sign(Bytes content) {
        return token.sign(content);
    }

    @Override
    public void store(List<X509Certificate> chain) {
        token.store(chain);
    }

    @Override
    public List<X509Certificate> chain() {
        return token.chain();
    }

    /// @throws org.mizuhiki.house.Refusal `chip-empty` without a key
    @Override
    public Optional<ChipProof> prove(Bytes nonce) {
        var key = token.publicKey().orElseThrow(Slots::empty);
        var own = voucher.publicKey().orElseGet(voucher::generate);
        return voucher.prove(nonce)
                .map(proof -> proof.with(new ChipProof.Voucher(own, voucher.sign(proof.vouching(key)))));
    }

    @Override
    public void clear() {
        token.clear();
    }
}
