package org.mizuhiki.apps.demo;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.mizuhiki.records.DocumentRules;

/// A region with its people, for tests: in this process, or as real processes that can be killed.
final class Played implements AutoCloseable {
    static final Clock CLOCK = Clock.systemUTC();
    static final SecureRandom DIE = new SecureRandom();

    final OneMachine machine;
    final Casting casting;
    final Cast cast;

    private Played(OneMachine machine) throws Exception {
        this.machine = machine;
        this.casting = new Casting(machine.place(), CLOCK, DIE);
        this.cast = casting.all();
    }

    static Played inProcess(Path folder) throws Exception {
        return new Played(OneMachine.start(open(folder), new InProcess(CLOCK, DIE), CLOCK, DIE));
    }

    static Played asProcesses(Path folder, Processes processes) throws Exception {
        return asProcesses(folder, processes, Optional.empty());
    }

    /// @param country where routers are to stand
    static Played asProcesses(Path folder, Processes processes, Optional<Country> country) throws Exception {
        var logs = folder.resolve("logs");
        return new Played(OneMachine.start(open(folder), new ProcessLauncher(processes, logs, country), CLOCK, DIE));
    }

    /// The embedded PostgreSQL runs as an unprivileged user, who must be able to walk through.
    private static Path open(Path folder) throws Exception {
        var temporary = Path.of(System.getProperty("java.io.tmpdir"));
        for (int depth = temporary.getNameCount() + 1; depth <= folder.getNameCount(); depth++) {
            var above = Objects.requireNonNull(folder.getRoot()).resolve(folder.subpath(0, depth));
            Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwx--x--x"));
        }
        return folder;
    }

    SamplePapers papers() throws Exception {
        return SamplePapers.in(
                Files.createTempDirectory(cast.doctorA().folder(), "papers"), Optional.empty(), CLOCK, DIE);
    }

    ReferralCase1 story(Telling telling, SamplePapers papers) {
        return new ReferralCase1(telling, cast, papers.papers(), new DocumentRules());
    }

    static Telling quietly(Optional<Path> json) {
        return new Telling(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), json);
    }

    @Override
    public void close() {
        casting.close();
        machine.close();
    }
}
