/// How certificates are made: profile as code, lint with a throw-away key, only then the real key signs.
@NullMarked
package org.mizuhiki.trust.issue;

import org.jspecify.annotations.NullMarked;
