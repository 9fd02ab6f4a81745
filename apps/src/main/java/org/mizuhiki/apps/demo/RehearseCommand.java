package org.mizuhiki.apps.demo;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.records.DocumentRules;
import picocli.CommandLine.Command;

/// Plays the story once with all servers in this process, so that the JVM can write down which classes a
/// start needs (JEP 514). Called by `./mizuhiki setup`.
@Command(name = "rehearse", hidden = true, description = "prepares fast starts")
public final class RehearseCommand implements Callable<Integer> {
    private final Clock clock = Clock.systemUTC();
    private final SecureRandom die = new SecureRandom();

    @Override
    public Integer call() throws Exception {
        Crypto.choose();
        var place = Files.createTempDirectory("mizuhiki-rehearsal-");
        Files.setPosixFilePermissions(place, java.nio.file.attribute.PosixFilePermissions.fromString("rwx--x--x"));
        var quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        var telling = new Telling(quiet, Optional.empty());
        try (var machine = OneMachine.start(place, new InProcess(clock, die), clock, die);
                var casting = new Casting(machine, clock, die)) {
            var cast = casting.all();
            var papers = SamplePapers.in(place.resolve("papers"), Optional.empty(), clock, die);
            new ReferralCase1(telling, cast, papers.papers(), new DocumentRules()).tell();
        } finally {
            Folders.clear(place);
        }
        return telling.allHeld() ? 0 : 1;
    }
}
