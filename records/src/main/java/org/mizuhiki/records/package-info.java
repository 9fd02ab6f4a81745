/// FHIR R4 letters in the national form, PDF and DICOM attachments. Sole user of HAPI.
@NullMarked
@Room(
        purpose = "Is this a letter that another institution can read?",
        leansOn = {"paper"})
package org.mizuhiki.records;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
