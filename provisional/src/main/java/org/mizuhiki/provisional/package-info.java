/// Provisional registration: an accredited registrar gives a patient who has no ID one on the spot. The
/// institution's own CA issues it ([org.mizuhiki.trust.RegistrarCas]); each registrar is counted besides, and
/// answers for it with a signed statement that names a sealed picture of both.
///
/// A registration is activated by the patient with the printed secret, confirmed by somebody of another
/// institution, or it lapses; registrar, supervisor and patient can suspend it.
@NullMarked
@Room(
        purpose = "Whom did an accredited registrar give an ID, and does it still hold?",
        leansOn = {"ledger", "trust", "consent", "wire", "database"})
package org.mizuhiki.provisional;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
