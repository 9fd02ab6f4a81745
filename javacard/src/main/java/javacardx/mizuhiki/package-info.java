/// What the card of the house offers beyond Java Card 3.0.5. An applet that names this runs on no other
/// card.
@NullMarked
package javacardx.mizuhiki;

import org.jspecify.annotations.NullMarked;
