/// Java Card 3.0.5, `javacard.security`, over JCA: EC keys on P-256, RSA, HMAC keys; ECDSA, RSA and
/// HMAC signatures with SHA-256; SHA-256; ECDH; true randomness only.
@NullMarked
package javacard.security;

import org.jspecify.annotations.NullMarked;
