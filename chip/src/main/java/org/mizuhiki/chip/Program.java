package org.mizuhiki.chip;

import java.util.List;
import org.mizuhiki.house.Bytes;

/// A package of applets that lies on the class path, and the applet of it that a card installs.
///
/// @param classes simple names of all classes of the package
/// @param applet simple name of the applet's class; empty for a library, of which nothing is installed
/// @param aid the applet's name on the card
/// @param imports packages whose shareable interfaces (or, of libraries, classes) this one uses
public record Program(String packageName, List<String> classes, String applet, Bytes aid, List<Program> imports) {
    public Program {
        classes = List.copyOf(classes);
        imports = List.copyOf(imports);
        if (aid.size() < 5 || aid.size() > 16) {
            throw new IllegalArgumentException("an AID has 5 to 16 bytes (ISO 7816-4)");
        }
    }
}
