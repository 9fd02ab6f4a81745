package org.mizuhiki.apps.demo;

import java.nio.file.Path;
import java.util.List;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.pocket.Device;
import org.mizuhiki.pocket.Pocket;

/// Who plays in the stories.
///
/// @param doctorA of the clinic
/// @param doctorB of the hospital, to whom the patient is referred
/// @param doctorC of the hospital, who has nothing to do with it
record Cast(Player doctorA, Player doctorB, Player doctorC, Player patient, Player otherPatient) {
    /// A person with a device.
    record Player(Device device, Pocket pocket) {
        PersonId id() {
            return device.id();
        }

        Path folder() {
            return device.folder();
        }
    }

    List<Player> all() {
        return List.of(doctorA, doctorB, doctorC, patient, otherPatient);
    }
}
