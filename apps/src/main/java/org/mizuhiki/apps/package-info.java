/// The only place with main, configuration and wiring; one small main per role.
@NullMarked
@Room(
        purpose = "How do the rooms become processes and commands?",
        leansOn = {
            "wire",
            "database",
            "usage",
            "dues",
            "paper",
            "seal",
            "ledger",
            "trust",
            "chip",
            "devices",
            "enrol",
            "registration",
            "consent",
            "keys",
            "account",
            "oprf",
            "provisional",
            "store",
            "vpn",
            "centre",
            "records",
            "pocket",
            "portal",
            "mail",
            "bridge",
            "ike",
            "router",
            "lab"
        })
package org.mizuhiki.apps;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
