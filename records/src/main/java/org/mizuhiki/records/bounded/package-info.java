/// Bounds for input that nobody has looked at yet: the text of a JSON file, the entries of a package
/// archive.
@NullMarked
package org.mizuhiki.records.bounded;

import org.jspecify.annotations.NullMarked;
