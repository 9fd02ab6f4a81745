/// Paths from a stranger's certificate to a trusted root: reading as hostile bytes, bounded search, RFC
/// 5280's rules by the JDK.
@NullMarked
package org.mizuhiki.trust.path;

import org.jspecify.annotations.NullMarked;
