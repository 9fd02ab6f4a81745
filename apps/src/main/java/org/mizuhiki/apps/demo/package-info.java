/// A whole region on one machine, and the stories that it is put through.
@NullMarked
package org.mizuhiki.apps.demo;

import org.jspecify.annotations.NullMarked;
