package org.mizuhiki.apps.command;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.mizuhiki.apps.device.DeviceChip;
import org.mizuhiki.house.Crypto;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What every command shares that uses a chip.
@Command(mixinStandardHelpOptions = true, footer = Exit.CODES)
abstract class ChipOptions implements Callable<Integer> {
    @Option(names = "--chip", paramLabel = "DIR", required = true, description = "チップのフォルダー / the chip's folder")
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Mixin
    final Output output = new Output();

    final Clock clock = Clock.systemUTC();
    final SecureRandom die = new SecureRandom();

    abstract void with(DeviceChip chip) throws Exception;

    @Override
    public final Integer call() throws Exception {
        Crypto.choose();
        try (var chip = chip()) {
            with(chip);
        }
        return Exit.OK;
    }

    DeviceChip chip() {
        return DeviceChip.open(folder, die);
    }
}
