/// Blobs as files. On disk under the store's folder: `ab/cd/<digest>` complete blobs by the first
/// hexadecimal digits of their SHA-256, `incoming` what is being received.
@NullMarked
package org.mizuhiki.store.shelf;

import org.jspecify.annotations.NullMarked;
