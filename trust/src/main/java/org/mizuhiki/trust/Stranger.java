package org.mizuhiki.trust;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;

/// A certificate of another PKI with all that came along, as it came: DER, not yet looked at.
///
/// @param others certificates of CAs and signers of lists, in any order
/// @param lists revocation lists (RFC 5280)
/// @param ocsp OCSP responses (RFC 6960)
/// @param mail the address that the certificate is to name, such as a mail's sender
public record Stranger(
        Bytes certificate, List<Bytes> others, List<Bytes> lists, List<Bytes> ocsp, Optional<String> mail) {
    public Stranger {
        others = List.copyOf(others);
        lists = List.copyOf(lists);
        ocsp = List.copyOf(ocsp);
    }

    /// Own certificate first, as a signature carries them.
    public static Stranger of(List<Bytes> chain) {
        return new Stranger(chain.getFirst(), chain.subList(1, chain.size()), List.of(), List.of(), Optional.empty());
    }

    public Stranger from(String address) {
        return new Stranger(certificate, others, lists, ocsp, Optional.of(address));
    }

    long size() {
        return (long) certificate.size() + size(others) + size(lists) + size(ocsp);
    }

    private static long size(List<Bytes> all) {
        return all.stream().mapToLong(Bytes::size).sum();
    }
}
