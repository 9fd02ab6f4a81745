package org.mizuhiki.wire;

import java.nio.file.Path;
import org.mizuhiki.house.Bytes;

/// Another server, as its callers see it: mutual TLS 1.3, time-outs, retries with jitter on what may be
/// repeated (every route is idempotent), problem details turned back into the [org.mizuhiki.house.Refusal]
/// they were; `peer-unreachable` when nobody answers in time.
public interface Peer {
    <T> T get(String path, Class<T> type);

    /// With `Void.class` as the type, for operations that answer 204, the result is null and not to be
    /// used.
    <T> T post(String path, Object body, Class<T> type);

    <T> T put(String path, Object body, Class<T> type);

    Bytes getBytes(String path);

    /// @return the answer's body
    Bytes postBytes(String path, String mediaType, Bytes body);

    /// The same with name and password, for protocols that know nothing better.
    ///
    /// @return the answer's body
    Bytes postBytes(String path, String mediaType, Bytes body, Login login);

    void putBytes(String path, String mediaType, Bytes body);

    void delete(String path);

    /// Sends a file in constant memory.
    void upload(String path, Path file);

    /// Receives into a file in constant memory, resuming with `Range` after an interruption. The file grows
    /// as the answer comes, is not fsynced, and is gone when this fails.
    ///
    /// @param file a name of the caller's own, on which nobody else looks yet
    void download(String path, Path file);
}
