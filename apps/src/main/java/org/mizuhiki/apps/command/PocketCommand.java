package org.mizuhiki.apps.command;

import java.util.concurrent.Callable;
import org.mizuhiki.pocket.Pocket;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// What every command shares that does something with the pocket of a device: whose it is, how it answers.
@Command(mixinStandardHelpOptions = true, footer = Exit.CODES)
abstract class PocketCommand implements Callable<Integer> {
    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    final Output output = new Output();

    /// Does it; every "no" is a Refusal.
    abstract void with(Pocket pocket) throws Exception;

    @Override
    public final Integer call() throws Exception {
        return device.use(output, pocket -> {
            with(pocket);
            return Exit.OK;
        });
    }
}
