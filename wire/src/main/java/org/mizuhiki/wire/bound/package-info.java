/// What keeps one caller from using up a server.
@NullMarked
package org.mizuhiki.wire.bound;

import org.jspecify.annotations.NullMarked;
