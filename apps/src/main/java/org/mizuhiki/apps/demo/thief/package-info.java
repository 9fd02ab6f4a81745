/// Who stole all that one server has, or both, and looks for what it is worth.
@NullMarked
package org.mizuhiki.apps.demo.thief;

import org.jspecify.annotations.NullMarked;
