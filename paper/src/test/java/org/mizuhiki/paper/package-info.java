@org.jspecify.annotations.NullMarked
package org.mizuhiki.paper;
