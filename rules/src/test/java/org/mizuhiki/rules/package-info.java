/// The rules of the house, each with its reason; they run on every build and nothing is exempt from them.
@NullMarked
package org.mizuhiki.rules;

import org.jspecify.annotations.NullMarked;
