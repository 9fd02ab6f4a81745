package org.mizuhiki.seal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Secret;

/// Closes and opens large objects in constant memory: AES-256-GCM-HKDF segments (Tink's streaming format,
/// which Tink reads and writes too), each released only after its tag was checked; cut, re-ordered and
/// swapped segments are refused. Streams given are neither closed nor buffered further.
public interface Streams {
    /// A fresh 32-byte key for one object.
    Secret newKey();

    /// Closes and names: both digests are made beside the encryption on threads of their own, because
    /// SHA-256 is several times slower than AES-GCM and alone bounds this method.
    ///
    /// @param context authenticated with every segment, not stored
    /// @return what was written, for the signed letter that carries the key
    Written close(InputStream plain, OutputStream closed, Secret key, Bytes context) throws IOException;

    /// The same bytes without the digests, at the rate of AES-GCM: for objects that nobody has to name or
    /// sign.
    ///
    /// @return plaintext bytes
    long closeUndigested(InputStream plain, OutputStream closed, Secret key, Bytes context) throws IOException;

    /// A stream of checked plaintext; a broken segment throws a [org.mizuhiki.house.Refusal] `seal-broken`
    /// out of `read`, after which nothing follows.
    InputStream open(InputStream closed, Secret key, Bytes context) throws IOException;

    /// @param size plaintext bytes
    /// @param plain SHA-256 of the plaintext
    /// @param closed SHA-256 of the ciphertext, under which it is stored
    record Written(long size, Digest plain, Digest closed) {}
}
