/// The chip as the rest of the house sees it. [SecureElement] is any place where keys live that nobody can
/// take out; [EKey] is the one that runs our applet, [Pkcs11Element] has tokens of any maker behind it,
/// [TpmElement] a TPM 2.0. [TerminalElement] is the element of an eligibility terminal; [VisitEvidence],
/// [DateStamps] and [TickProof] say what it proves. [NationalCard] is a person's ID card, real or simulated
/// ([MunicipalitySimulator], [JpkiSimulator]).
///
/// [CardChannel] is a line to a card, whatever stands behind it: [SoftCard], the card of the house, for
/// sandboxes, tests and sites without hardware, or [ReaderCard], a card in a reader. [VirtualReader] shows
/// a card of the house to the machine's other programs.
@NullMarked
@Room(
        purpose = "Where do keys live that nobody can take out?",
        leansOn = {"javacard"})
package org.mizuhiki.chip;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
