package org.mizuhiki.apps.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.mizuhiki.house.Digest;
import org.mizuhiki.pocket.NewLetter;
import org.mizuhiki.pocket.Written;
import org.mizuhiki.records.AttachmentReading;
import org.mizuhiki.records.DocumentRules;

/// Letters through all servers of a region of real processes: how many a second, at what cost.
public final class Load implements AutoCloseable {
    private static final Duration FOLLOW_UP = Duration.ofDays(30);

    private final Processes processes;
    private final OneMachine machine;
    private final Casting casting;
    private final Cast cast;
    private final SamplePapers papers;

    /// @param folder empty; the region's files go there
    public Load(Path folder, Clock clock, SecureRandom die) throws Exception {
        this.processes = new Processes();
        this.machine = OneMachine.start(folder, new ProcessLauncher(processes, folder.resolve("logs")), clock, die);
        this.casting = new Casting(machine.place(), clock, die);
        this.cast = casting.all();
        var place = Files.createTempDirectory(cast.doctorA().folder(), "papers");
        this.papers = SamplePapers.in(place, Optional.empty(), clock, die);
        cast.doctorA().pocket().relations().propose(cast.patient().id(), FOLLOW_UP);
        cast.patient().pocket().relations().accept(cast.doctorA().id());
    }

    /// MiB of all processes, databases included.
    public long memory() {
        return Memory.ofAll(processes.handles());
    }

    /// Writes, seals, sends and grants one letter without attachments.
    public Digest send() throws Exception {
        var document = papers.papers().document();
        var letter =
                new NewLetter(cast.patient().id(), document, List.of(), new DocumentRules(), AttachmentReading::check);
        var post = cast.doctorA().pocket().post();
        var draft = ((Written.Drafted) post.write(letter)).draft().id();
        var sent = post.send(draft).letter();
        cast.doctorA().pocket().grants().give(sent, cast.doctorB().id(), FOLLOW_UP, "referral");
        return sent;
    }

    /// Opens it as doctor B, with every check that a device makes.
    public void open(Digest letter) throws Exception {
        cast.doctorB().pocket().reading().open(letter, "referral");
    }

    /// Does `work` `times` times, `atOnce` at a time.
    ///
    /// @return how many a second
    public static <T> double perSecond(int times, int atOnce, Callable<T> work, List<T> results) throws Exception {
        long start = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(atOnce)) {
            var done = new ArrayList<java.util.concurrent.Future<T>>();
            for (int i = 0; i < times; i++) {
                done.add(threads.submit(work));
            }
            for (var one : done) {
                results.add(one.get());
            }
        }
        return times * 1e9 / (System.nanoTime() - start);
    }

    @Override
    public void close() {
        casting.close();
        machine.close();
    }
}
