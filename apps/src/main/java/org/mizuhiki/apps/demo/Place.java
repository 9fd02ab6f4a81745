package org.mizuhiki.apps.demo;

import java.nio.file.Path;
import java.util.Map;
import org.mizuhiki.apps.role.Roles;
import org.mizuhiki.pocket.RegionFile;

/// The folder of a region that runs on this machine, whoever started its servers.
record Place(Path folder) {
    RegionFile region() {
        return RegionFile.read(folder.resolve("region.json"));
    }

    /// Asks a server as its operator.
    String operate(String server, String operation, Map<String, String> arguments) {
        return Roles.operate(folder.resolve(server), operation, arguments);
    }

    /// Whether a server answers its operator.
    boolean isOpen(String server) {
        return Roles.isOpen(folder.resolve(server));
    }
}
