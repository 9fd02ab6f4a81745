package org.mizuhiki.apps.demo;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.apps.role.Folders;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.records.DocumentRules;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Plays the story once, so that JVMs can write down which classes a start needs (JEP 514): all servers in
/// this process, the people in another, because a server that loads what only people's commands use starts
/// later and is larger for as long as it runs. Called by `./mizuhiki setup`.
@Command(name = "rehearse", hidden = true, description = "prepares fast starts")
public final class RehearseCommand implements Callable<Integer> {
    private static final int PATIENCE_MINUTES = 10;

    @Option(names = "--people-cache", description = "what the people's process writes")
    @Nullable
    Path peopleCache;

    @Option(names = "--people-of", hidden = true, description = "a region that runs: play its people")
    @Nullable
    Path region;

    private final Clock clock = Clock.systemUTC();
    private final SecureRandom die = new SecureRandom();

    @Override
    public Integer call() throws Exception {
        Crypto.choose();
        return region == null ? playServers() : playPeople(new Place(region));
    }

    private int playServers() throws Exception {
        var folder = Files.createTempDirectory("mizuhiki-rehearsal-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        try (var _ = OneMachine.start(folder, new InProcess(clock, die), clock, die)) {
            return awaitPeople(folder);
        } finally {
            Folders.clear(folder);
        }
    }

    private int awaitPeople(Path folder) throws Exception {
        var options = peopleCache == null ? List.<String>of() : List.of("-XX:AOTCacheOutput=" + peopleCache);
        var people = new ProcessBuilder(Again.command(options, "rehearse", "--people-of", folder.toString()))
                .inheritIO()
                .start();
        if (!people.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            people.destroyForcibly();
            return 1;
        }
        return people.exitValue();
    }

    private int playPeople(Place place) throws Exception {
        var quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        var telling = new Telling(quiet, Optional.empty());
        try (var casting = new Casting(place, clock, die)) {
            var cast = casting.all();
            var papers = SamplePapers.in(place.folder().resolve("papers"), Optional.empty(), clock, die);
            new ReferralCase1(telling, cast, papers.papers(), new DocumentRules()).tell();
        }
        return telling.allHeld() ? 0 : 1;
    }
}
