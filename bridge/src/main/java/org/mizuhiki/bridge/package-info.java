/// The person's side of ordinary mail: fetched, opened, checked and written on the person's own machine,
/// and served
/// to ordinary mail programs there (IMAP and submission over TLS) with tokens of their own.
@NullMarked
@Room(
        purpose = "How does an ordinary mail program see a person's pocket?",
        leansOn = {"seal", "trust", "wire", "store", "records", "pocket", "mail"})
package org.mizuhiki.bridge;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
