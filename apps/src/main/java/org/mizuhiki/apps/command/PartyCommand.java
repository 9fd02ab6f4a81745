package org.mizuhiki.apps.command;

import java.util.concurrent.Callable;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.registration.Party;
import org.mizuhiki.registration.Registry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// What every command shares that acts in the registration: who acts, how it answers.
@Command(mixinStandardHelpOptions = true, footer = Exit.CODES)
abstract class PartyCommand implements Callable<Integer> {
    @Mixin
    final PartyOptions party = new PartyOptions();

    @Mixin
    final Output output = new Output();

    /// A line of `--json`.
    record Done(String file, String act) {}

    /// Does it; every "no" is a Refusal.
    abstract void with(Party party, Region region) throws Exception;

    void tell(Registry.Filed filed) {
        output.tell(
                new Done(filed.file().hex(), filed.act().hex()), "受け付けられました。手続き番号 / accepted, file: " + filed.file());
    }

    @Override
    public final Integer call() throws Exception {
        return party.use(this::with);
    }
}
