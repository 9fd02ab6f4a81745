/// Java Card 3.0.5, `javacardx.crypto`.
@NullMarked
package javacardx.crypto;

import org.jspecify.annotations.NullMarked;
