/// The group ristretto255 (RFC 9496) and integers modulo its order.
///
/// Constant time is kept by four rules, which a reviewer can check line by line: no secret in the condition
/// of `if`, `?:`, `&&`, `||` or a loop; none in an array index; none in a division, remainder or
/// [java.math.BigInteger]; refusals depend on what an attacker sent and sees anyway. Choices are made with
/// masks (`0` or `-1`) and [org.bouncycastle.math.ec.rfc7748.X25519Field#cmov]. `mizuhiki bench timing`
/// then looks with statistics whether the compiled code kept to it.
@NullMarked
package org.mizuhiki.oprf.ristretto;

import org.jspecify.annotations.NullMarked;
