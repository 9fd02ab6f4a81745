/// The grants graph in SQL: who brought, wrote, owns and may read what.
@NullMarked
package org.mizuhiki.store.graph;

import org.jspecify.annotations.NullMarked;
