@org.jspecify.annotations.NullMarked
package org.mizuhiki.dues;
