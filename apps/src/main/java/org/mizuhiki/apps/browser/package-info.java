/// A browser without a screen, for the story that is told by clicking.
@NullMarked
package org.mizuhiki.apps.browser;

import org.jspecify.annotations.NullMarked;
