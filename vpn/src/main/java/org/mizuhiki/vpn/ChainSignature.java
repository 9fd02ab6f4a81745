package org.mizuhiki.vpn;

import java.io.ByteArrayOutputStream;
import java.security.cert.X509Certificate;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.seal.Author;
import org.mizuhiki.trust.KeyFiles;

/// A machine's signature without time stamp, with the certificates that it is to be checked by: the ledger's
/// entry proves its time.
///
/// @param signature ECDSA P-256 with SHA-256, DER, over the form, a zero byte, SHA-256 of each certificate of
/// the chain, a zero byte and the content: not even the chain has a second spelling
/// @param chain the signer's certificate (DER) and those above it
public record ChainSignature(Bytes signature, List<Bytes> chain) {
    private static final int LONGEST_CHAIN = 4;

    public ChainSignature {
        chain = List.copyOf(chain);
        Words.need(!chain.isEmpty(), "chain");
        Words.atMost(chain, LONGEST_CHAIN, "chain");
    }

    /// @param form what kind of content it is: a signature under one form is none under another
    public static ChainSignature sign(String form, Bytes content, Author author) {
        var chain = author.chain().stream().map(KeyFiles::encoded).toList();
        return new ChainSignature(Crypto.signed(author.key(), bound(form, content, chain)), chain);
    }

    /// Whether the first certificate's key signed it; whose that is, and whether it stands, is the caller's
    /// question.
    public boolean holds(String form, Bytes content) {
        return Crypto.verifies(certificates().getFirst().getPublicKey(), bound(form, content, chain), signature);
    }

    /// @throws org.mizuhiki.house.Refusal `certificate-malformed`
    public List<X509Certificate> certificates() {
        return chain.stream().map(KeyFiles::certificate).toList();
    }

    private static Bytes bound(String form, Bytes content, List<Bytes> chain) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(Bytes.utf8(form).toArray());
        out.write(0);
        chain.forEach(c -> out.writeBytes(c.sha256().toArray()));
        out.write(0);
        out.writeBytes(content.toArray());
        return Bytes.of(out.toByteArray());
    }
}
