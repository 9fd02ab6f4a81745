/// The OCSP responder (RFC 6960).
@NullMarked
package org.mizuhiki.trust.status;

import org.jspecify.annotations.NullMarked;
