/// A person's keys on the person's disk, closed under a passphrase.
@NullMarked
package org.mizuhiki.pocket.keyring;

import org.jspecify.annotations.NullMarked;
