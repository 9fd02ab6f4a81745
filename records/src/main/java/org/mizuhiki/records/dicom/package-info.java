/// The data elements of a DICOM Part 10 file, as far as a header needs them.
@NullMarked
package org.mizuhiki.records.dicom;

import org.jspecify.annotations.NullMarked;
