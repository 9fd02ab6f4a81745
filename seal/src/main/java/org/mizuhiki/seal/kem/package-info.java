/// X-Wing (X25519 + ML-KEM-768) and HKDF over bare bytes.
@NullMarked
package org.mizuhiki.seal.kem;

import org.jspecify.annotations.NullMarked;
