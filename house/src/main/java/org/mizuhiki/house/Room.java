package org.mizuhiki.house;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks the root package of a module as a room's door: the one question it answers and the rooms it may
/// use. `HouseRules` holds the code to it; `house` itself may be used by all and is never listed.
@Documented
@Target(ElementType.PACKAGE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Room {
    /// The question this room answers, in one line.
    String purpose();

    /// Names of the rooms whose doors this room uses.
    String[] leansOn();
}
