package org.mizuhiki.seal;

import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;

/// One reader's way into a seal: a DER RecipientInfo (RFC 5652, RFC 9629) that wraps the content key for
/// `keyId`. It can be stored apart from the body and joined to it again; without the reader's private key
/// it opens nothing.
public record Slot(Digest keyId, Bytes encoded) {}
