package org.mizuhiki.apps.demo;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.mizuhiki.house.Digest;
import org.mizuhiki.pocket.NewLetter;
import org.mizuhiki.pocket.Written;
import org.mizuhiki.records.AttachmentReading;
import org.mizuhiki.records.DocumentRules;

/// A practice day's post: doctors who refer patients to one another, each on a device of their own, through
/// all servers of a region.
public final class Load implements AutoCloseable {
    private static final Duration FOLLOW_UP = Duration.ofDays(30);

    private final OneMachine machine;
    private final Casting casting;
    private final List<Cast.Player> doctors;
    private final Cast.Player patient;
    private final SamplePapers papers;
    private final List<List<Digest>> sent = new ArrayList<>();

    private Load(Path folder, Launcher launcher, int count, Clock clock, SecureRandom die) throws Exception {
        this.machine = OneMachine.start(folder, launcher, clock, die);
        this.casting = new Casting(machine.place(), clock, die);
        this.doctors = casting.doctors(count);
        this.patient = casting.patient();
        this.papers = SamplePapers.in(folder.resolve("papers"), Optional.empty(), clock, die);
        for (var doctor : doctors) {
            doctor.pocket().relations().propose(patient.id(), FOLLOW_UP);
            patient.pocket().relations().accept(doctor.id());
            sent.add(List.of());
        }
    }

    /// Every server a process of its own.
    ///
    /// @param folder empty; the region's files go there
    public static Load onProcesses(Path folder, int doctors, Clock clock, SecureRandom die) throws Exception {
        return new Load(
                folder,
                new ProcessLauncher(new Processes(), folder.resolve("logs"), Optional.empty()),
                doctors,
                clock,
                die);
    }

    /// All servers in this process, where a profiler sees them; only the databases are processes.
    public static Load inProcess(Path folder, int doctors, Clock clock, SecureRandom die) throws Exception {
        return new Load(folder, new InProcess(clock, die), doctors, clock, die);
    }

    /// MiB of all processes, databases included.
    public long memory() {
        return Memory.ofAll(ProcessHandle.current().children().toList());
    }

    /// Every doctor writes, seals, sends and grants `each` letters to the next one.
    ///
    /// @return how many a second
    public double send(int each) throws Exception {
        return perSecond(each, this::send);
    }

    /// Every doctor opens what was sent by the last [#send], with every check that a device makes.
    public double open(int each) throws Exception {
        return perSecond(each, this::open);
    }

    private void send(int number, int each) throws Exception {
        var doctor = doctors.get(number).pocket();
        var reader = doctors.get((number + 1) % doctors.size()).id();
        var letters = new ArrayList<Digest>();
        for (int i = 0; i < each; i++) {
            var letter = new NewLetter(
                    patient.id(), papers.papers().document(), List.of(), new DocumentRules(), AttachmentReading::check);
            var draft = ((Written.Drafted) doctor.post().write(letter)).draft().id();
            letters.add(doctor.post().send(draft).letter());
            doctor.grants().give(letters.getLast(), reader, FOLLOW_UP, "referral");
        }
        synchronized (sent) {
            sent.set((number + 1) % doctors.size(), letters);
        }
    }

    private void open(int number, int each) throws Exception {
        for (var letter : sent.get(number).subList(0, each)) {
            doctors.get(number).pocket().reading().open(letter, "referral");
        }
    }

    @FunctionalInterface
    private interface Day {
        void work(int doctor, int letters) throws Exception;
    }

    private double perSecond(int each, Day day) throws Exception {
        long start = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(doctors.size())) {
            var days = new ArrayList<Future<?>>();
            for (int i = 0; i < doctors.size(); i++) {
                int number = i;
                days.add(threads.submit(() -> {
                    day.work(number, each);
                    return number;
                }));
            }
            for (var done : days) {
                done.get();
            }
        }
        return doctors.size() * each * 1e9 / (System.nanoTime() - start);
    }

    @Override
    public void close() {
        casting.close();
        machine.close();
    }
}
