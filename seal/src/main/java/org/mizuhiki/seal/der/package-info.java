/// Strict DER: what is allowed in before a parser sees it, and object identifiers.
@NullMarked
package org.mizuhiki.seal.der;

import org.jspecify.annotations.NullMarked;
