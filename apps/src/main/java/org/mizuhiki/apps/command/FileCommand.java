package org.mizuhiki.apps.command;

import org.mizuhiki.house.Digest;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.registration.Party;
import org.mizuhiki.registration.Registry;
import picocli.CommandLine.Parameters;

/// The next step of a file.
abstract class FileCommand extends PartyCommand {
    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "手続き番号 / the file's name",
            converter = Arguments.Name.class)
    @SuppressWarnings("NullAway.Init")
    Digest file;

    abstract Registry.Filed step(Party party);

    @Override
    final void with(Party party, Region region) {
        tell(step(party));
    }
}
