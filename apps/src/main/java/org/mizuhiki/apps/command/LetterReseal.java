package org.mizuhiki.apps.command;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.pocket.Pocket;
import org.mizuhiki.pocket.Region;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// For patients who lost their keys and enrolled again.
@Command(
        name = "reseal",
        description = {
            "鍵を失くして登録し直した患者のために、自分が書いた文書を新しい鍵へ封緘し直す",
            "Seal the letters you wrote again, for patients who lost their keys and have new ones"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES)
final class LetterReseal implements Callable<Integer> {
    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final Output output = new Output();

    @Option(names = "--patient", paramLabel = "ID", description = "この患者だけ / of this patient only")
    private @Nullable String patient;

    /// A line of `--json`.
    record Row(String letter) {}

    @Override
    public Integer call() throws Exception {
        var only = Optional.ofNullable(patient).map(PersonId::new);
        return device.useRegion((opened, region) -> {
            var resealing = Region.resealing(device.regionFile(), opened, device.die);
            var done = new Pocket(opened, region, device.clock, device.die)
                    .newKeys()
                    .reseal(resealing, only);
            output.noteIfNone(done.letters());
            done.letters().forEach(l -> output.tell(new Row(l.hex()), "封緘し直しました / sealed again: " + l));
            done.left().forEach(p -> output.note("鍵が台帳で確かめられません / no key that holds: " + p));
            return Exit.OK;
        });
    }
}
