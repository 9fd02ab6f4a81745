package org.mizuhiki.trust.standing;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import javax.security.auth.x500.X500Principal;
import org.mizuhiki.house.Bytes;

/// Where answers come from: fetched, kept, or brought along by the stranger. None is believed for where it
/// came from; each is verified by its signature.
public interface Answers {
    /// Lists of this issuer, full and delta.
    ///
    /// @param at where the certificate says that they are
    List<Bytes> lists(X500Principal issuer, List<URI> at);

    /// @param request DER OCSPRequest, without a nonce so that answers can be kept
    List<Bytes> ocsp(List<URI> at, Supplier<Bytes> request);

    /// Its signature held: worth keeping.
    ///
    /// @param made as the signer says
    default void believed(Bytes answer, Instant made) {}
}
