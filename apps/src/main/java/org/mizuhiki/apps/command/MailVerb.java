package org.mizuhiki.apps.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// What every command about mail shares.
@Command(mixinStandardHelpOptions = true, footer = Exit.CODES)
abstract class MailVerb implements Callable<Integer> {
    @Mixin
    final DeviceOptions device = new DeviceOptions();

    @Mixin
    final Output output = new Output();

    /// Does it; every "no" is a Refusal.
    abstract int with(MailSession session) throws Exception;

    @Override
    public Integer call() throws Exception {
        return device.useRegion((opened, region) -> {
            try (var session = MailSession.open(opened, region, device.regionFile(), device.clock, device.die)) {
                return with(session);
            }
        });
    }
}
