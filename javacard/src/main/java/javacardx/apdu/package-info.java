/// Java Card 3.0.5, `javacardx.apdu`.
@NullMarked
package javacardx.apdu;

import org.jspecify.annotations.NullMarked;
