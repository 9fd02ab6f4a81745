/// Files that survive kill -9 and power loss, readable by their owner only.
@NullMarked
package org.mizuhiki.pocket.disk;

import org.jspecify.annotations.NullMarked;
