/// The person's side: keyring, outbox, referral case 1. Plaintext and keys exist only here.
@NullMarked
@Room(
        purpose = "What does a person do with letters, relations and grants?",
        leansOn = {
            "seal",
            "ledger",
            "trust",
            "chip",
            "oprf",
            "consent",
            "provisional",
            "keys",
            "account",
            "store",
            "records",
            "wire"
        })
package org.mizuhiki.pocket;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
