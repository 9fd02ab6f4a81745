package org.mizuhiki.trust;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;

/// What the authority publishes for everybody, self-protecting by its signatures.
public interface Published {
    /// DER certificate of one of the CAs, by its name: the text of its [CaName], followed by the number of its
    /// key if that is not the first, such as `person-2`; or the name of a registrar's CA.
    ///
    /// @throws org.mizuhiki.house.Refusal `ca-unknown`
    Bytes certificate(String ca);

    /// DER CRL (RFC 5280) of one of the CAs, by the same name.
    ///
    /// @throws org.mizuhiki.house.Refusal `ca-unknown`
    Bytes crl(String ca);

    /// Names of the CAs below the root, with every key that they ever had.
    default List<String> issuing() {
        return caList().map(list -> list.content().issuing())
                .orElseGet(() -> CaName.issuing().stream().map(CaName::text).toList());
    }

    /// The same without keys that were compromised: what a newcomer may believe.
    default List<String> standing() {
        return caList().map(list -> list.content().standing()).orElseGet(this::issuing);
    }

    /// What the root certified, signed with both of its keys; nothing where nobody asks for it.
    default Optional<CaList> caList() {
        return Optional.empty();
    }
}
