package org.mizuhiki.trust.status;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/// A CA and who signs OCSP answers for it (RFC 6960, 4.2.2.2: issued by the CA it answers for).
public record Delegate(String ca, X509Certificate issuer, X509Certificate signer, PrivateKey key) {}
