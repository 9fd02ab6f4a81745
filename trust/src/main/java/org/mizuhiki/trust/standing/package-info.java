/// Does a certificate still stand? Revocation lists (RFC 5280, 6.3) and OCSP (RFC 6960) of other PKIs, how
/// fresh they are, and what is kept of them for times without a network.
@NullMarked
package org.mizuhiki.trust.standing;

import org.jspecify.annotations.NullMarked;
