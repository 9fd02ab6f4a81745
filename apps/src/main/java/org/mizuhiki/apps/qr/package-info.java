/// QR codes on terminals, in files, and read back from pictures.
@NullMarked
package org.mizuhiki.apps.qr;

import org.jspecify.annotations.NullMarked;
