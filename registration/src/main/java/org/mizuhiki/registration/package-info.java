/// The registration procedure of seed 003, D.6, figure D.4: accreditation of four kinds of organisations,
/// then the steps a) to l) by which one subscriber gets a device with a chip, a service on it, and the
/// connection.
///
/// Who signs an act: **people apply, answer, acknowledge and end; machines carry out.** An application, an
/// answer to one, a receipt for a device, a declination and a withdrawal are signed by a professional whose
/// certificate names the acting institution, so that a human answers for it by name. What only carries out
/// what was decided (registering a device, ordering, loading, providing) may be signed with the
/// institution's own certificate, or by such a professional by hand ([Kind#isPersonal]).
///
/// All acts of a file form a chain: each names the digest of the one before it. [Case] and [Licence] are
/// what the acts of a file add up to, the same at the authority and at every party.
@NullMarked
@Room(
        purpose = "Who may take part in the network with what, and who approved it?",
        leansOn = {"seal", "ledger", "trust", "chip", "wire", "database"})
package org.mizuhiki.registration;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
