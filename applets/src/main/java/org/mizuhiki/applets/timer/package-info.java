/// The timer of the house's card. The one package here that other cards cannot run.
@NullMarked
package org.mizuhiki.applets.timer;

import org.jspecify.annotations.NullMarked;
