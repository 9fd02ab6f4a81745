/// A SIMULATOR of the national ID card's public application (JPKI), as software outside sees it: files, PINs
/// and commands are those that OpenSC's `jpki` driver uses. Whatever else the real card does is not public.
/// Personalisation and [institution authentication][Institution] are commands of our own.
@NullMarked
package org.mizuhiki.applets.nationalcard;

import org.jspecify.annotations.NullMarked;
