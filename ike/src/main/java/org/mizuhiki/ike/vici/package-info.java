/// strongSwan's control protocol, Versatile IKE Control Interface (`src/libcharon/plugins/vici/README.md`
/// of strongSwan): packets with a length of four bytes before them on a Unix socket, and in them typed
/// elements.
@NullMarked
package org.mizuhiki.ike.vici;

import org.jspecify.annotations.NullMarked;
