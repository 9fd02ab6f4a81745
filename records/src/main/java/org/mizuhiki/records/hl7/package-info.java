/// HL7 v2 messages as hospital systems of Japan write them, down to their fields.
@NullMarked
package org.mizuhiki.records.hl7;

import org.jspecify.annotations.NullMarked;
