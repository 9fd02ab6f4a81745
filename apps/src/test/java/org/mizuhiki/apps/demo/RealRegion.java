package org.mizuhiki.apps.demo;

import static org.mizuhiki.apps.demo.Typed.done;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.pocket.NewLetter;
import org.mizuhiki.pocket.Written;
import org.mizuhiki.records.AttachmentReading;
import org.mizuhiki.records.DocumentRules;

/// A region whose servers are real processes, people who come to it, and what they carry.
final class RealRegion implements AutoCloseable {
    private static final Duration MONTH = Duration.ofDays(30);

    final Path folder;
    final Processes processes;
    final Played played;

    RealRegion(Path folder) throws Exception {
        this.folder = folder;
        this.processes = new Processes();
        this.played = Played.asProcesses(Files.createDirectory(folder.resolve("region")), processes);
    }

    /// A secret as its owner hands it to a command.
    Path file(String content) throws Exception {
        return Files.writeString(Files.createTempFile(folder, "file", ""), content);
    }

    Cast.Player newPatient(String name) throws Exception {
        var slip = played.machine.place().operate("gateway-a", "ticket", Map.of("kind", "patient"));
        return played.casting.enrol(name, slip);
    }

    /// From doctor A, whom the patient lets treat them.
    Digest letter(Cast.Player patient) throws Exception {
        var doctor = played.cast.doctorA().pocket();
        boolean stands =
                doctor.relations().list().stream().anyMatch(r -> r.patient().equals(patient.id()));
        if (!stands) {
            doctor.relations().propose(patient.id(), MONTH);
            patient.pocket().relations().accept(played.cast.doctorA().id());
        }
        return sent(patient.id().value());
    }

    Digest sent(String patient) throws Exception {
        var doctor = played.cast.doctorA().pocket();
        var papers = played.papers().papers();
        var letter = new NewLetter(
                new PersonId(patient),
                papers.document(),
                papers.files(),
                new DocumentRules(),
                AttachmentReading::check);
        var draft = ((Written.Drafted) doctor.post().write(letter)).draft().id();
        return doctor.post().send(draft).letter();
    }

    Path simulatedCard(Path institutions) throws Exception {
        var card = Files.createTempDirectory(folder, "card");
        done(Typed.run("card", "make", "--simulated-card", card.toString(), "--institutions", institutions.toString()));
        return card;
    }

    @Override
    public void close() {
        played.close();
        processes.close();
    }
}
