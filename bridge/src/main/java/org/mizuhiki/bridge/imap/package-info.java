/// IMAP4rev1 (RFC 3501) with IDLE, UIDPLUS, UNSELECT, LITERAL+ and SPECIAL-USE, as far as mail programs
/// use it.
@NullMarked
package org.mizuhiki.bridge.imap;

import org.jspecify.annotations.NullMarked;
