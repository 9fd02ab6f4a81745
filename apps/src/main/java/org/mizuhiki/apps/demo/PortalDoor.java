package org.mizuhiki.apps.demo;

import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.DeviceAccount;
import org.mizuhiki.pocket.Region;

/// A patient sets a password, with which the portal's pages let in on any device (docs/portal.md).
///
/// @param page the portal's address
/// @param person whose letters it shows
/// @param password for this demo only; people make up their own
record PortalDoor(String page, PersonId person, String password) {
    static final String NAME = "portal";
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
    private static final int LENGTH = 16;

    static PortalDoor tell(Telling telling, OneMachine machine, Cast.Player patient, Clock clock, SecureRandom die)
            throws Exception {
        return telling.step(
                NAME,
                "1-password",
                "患者さんがパスワードを決める（画面からはIDとパスワードで入る）",
                "The patient sets a password, for the portal's pages",
                () -> {
                    var open = open(machine, patient, clock, die);
                    return new Told<>(open, open.page());
                });
    }

    static PortalDoor open(OneMachine machine, Cast.Player patient, Clock clock, SecureRandom die) throws Exception {
        var password = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            password.append(LETTERS.charAt(die.nextInt(LETTERS.length())));
        }
        var passphrase =
                Files.readString(patient.folder().resolve("passphrase")).strip();
        var accounts = Region.accounts(machine.region(), Optional.of(patient.device()), clock, die);
        try (var chosen = secret(password.toString());
                var kept = secret(passphrase);
                var account = DeviceAccount.create(patient.device(), accounts, chosen, kept, false)) {
            return new PortalDoor(machine.web() + "/portal", account.person(), password.toString());
        }
    }

    private static Secret secret(String text) {
        return Secret.taking(Bytes.utf8(text).toArray());
    }
}
