/// Benchmarks that print ratios against a named baseline of the same run.
@NullMarked
@Room(
        purpose = "How fast is it, next to what?",
        leansOn = {
            "oprf",
            "seal",
            "ledger",
            "wire",
            "database",
            "trust",
            "enrol",
            "chip",
            "devices",
            "ike",
            "lab",
            "apps",
            "vpn",
            "centre",
            "keys",
            "store"
        })
package org.mizuhiki.bench;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
