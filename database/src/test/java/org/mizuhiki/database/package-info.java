@NullMarked
package org.mizuhiki.database;

import org.jspecify.annotations.NullMarked;
