/// The commands of a TPM 2.0 that the chip needs, and the line to it. References like "Part 3, 18.7" are to the
/// TCG's TPM 2.0 Library Specification.
@NullMarked
package org.mizuhiki.chip.tpm;

import org.jspecify.annotations.NullMarked;
