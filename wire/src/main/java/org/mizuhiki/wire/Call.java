package org.mizuhiki.wire;

import java.io.InputStream;
import java.net.InetAddress;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;

/// One request as a handler sees it; everything in it is bounded and the caller is authenticated.
public interface Call {
    Caller caller();

    /// Where the request comes from, as this server sees it: outside of a NAT.
    InetAddress address();

    /// A name for where the request comes from, under which limits count: the address, of IPv6 its /64,
    /// which is one subscriber's.
    String place();

    /// The calling person.
    ///
    /// @throws org.mizuhiki.house.Refusal `caller-not-a-person`
    PersonId person();

    /// A `{name}` part of the path, decoded.
    String path(String name);

    Optional<String> query(String name);

    /// The JSON body; unknown fields and missing components are refused.
    ///
    /// @throws org.mizuhiki.house.Refusal `body-malformed`, `body-too-large`
    <T> T body(Class<T> type);

    /// Media type of the body without parameters, in lower case; empty when none is said.
    String mediaType();

    /// Name and password of HTTP Basic, if the request shows them; whether they are right is the handler's
    /// to find out, who throws `login-required` or `login-wrong` (401, with a challenge) to ask for them.
    ///
    /// @throws org.mizuhiki.house.Refusal `login-malformed`
    Optional<Login> login();

    /// The raw body, whole.
    Bytes bytes();

    /// The raw body as it comes; reading past the route's limit throws `body-too-large`.
    InputStream stream();

    /// For the log and the problem's `instance`.
    String requestId();
}
