/// TLS 1.3 contexts that believe only the accreditation roots.
@NullMarked
package org.mizuhiki.wire.tls;

import org.jspecify.annotations.NullMarked;
