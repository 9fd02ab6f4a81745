package org.mizuhiki.pocket;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.disk.Disk;

/// What others said that concerns this person: relations, letters, grants, openings, vetoes, registrations,
/// and what was ended. Each is checked on this device; what does not hold is told as such, never left out.
public final class Notices {
    private static final int MAX_BYTES = 32;

    private final Desk desk;

    Notices(Desk desk) {
        this.desk = desk;
    }

    /// One notice.
    ///
    /// @param number the key server's; grows with time
    /// @param fresh not seen before on this device
    /// @param statement what was said, if it holds
    /// @param doubt why it does not hold
    public record Notice(long number, boolean fresh, Optional<Statement> statement, Optional<Refusal> doubt) {
        public Optional<Instant> at() {
            return statement.map(Statement::at);
        }

        /// Whom else it names beside who said it and who reads this.
        public Optional<PersonId> whom() {
            return statement.flatMap(s -> switch (s) {
                case Statement.LateralGrant g -> Optional.of(g.reader());
                case Statement.Veto v -> Optional.of(v.bars());
                case Statement.ProvisionalRegistration r -> Optional.of(r.patient());
                case Statement.CareRelation r ->
                    Optional.of(r.by().equals(r.patient()) ? r.professional() : r.patient());
                case Statement.EmergencyOpening o -> Optional.of(o.patient());
                case Statement.LetterSealed _,
                        Statement.LetterResealed _,
                        Statement.EmergencyAccess _,
                        Statement.Revocation _,
                        Statement.Disclosure _,
                        Statement.VetoLifted _,
                        Statement.ProvisionalConfirmation _ -> Optional.empty();
            });
        }

        /// Which letter it is about.
        public Optional<Digest> letter() {
            return statement.flatMap(s -> switch (s) {
                case Statement.LetterSealed l -> Optional.of(l.letter());
                case Statement.LetterResealed l -> Optional.of(l.letter());
                case Statement.LateralGrant g -> Optional.of(g.letter());
                case Statement.Disclosure d -> Optional.of(d.letter());
                case Statement.ProvisionalRegistration r -> Optional.of(r.evidence());
                case Statement.CareRelation _,
                        Statement.EmergencyAccess _,
                        Statement.EmergencyOpening _,
                        Statement.Revocation _,
                        Statement.Veto _,
                        Statement.VetoLifted _,
                        Statement.ProvisionalConfirmation _ -> Optional.empty();
            });
        }
    }

    /// What others said, newest first.
    ///
    /// @throws Refusal `statements-too-many`
    public List<Notice> list() {
        long seen = seen();
        var notices = new ArrayList<Notice>();
        desk.eachInvolving(filed -> {
            boolean fresh = filed.number() > seen;
            switch (desk.hear(filed)) {
                case Heard.Held(var attested) -> {
                    if (!attested.statement().by().equals(desk.me())) {
                        notices.add(
                                new Notice(filed.number(), fresh, Optional.of(attested.statement()), Optional.empty()));
                    }
                }
                case Heard.Broken b ->
                    notices.add(new Notice(filed.number(), fresh, Optional.empty(), Optional.of(b.why())));
            }
        });
        return notices;
    }

    /// These are not fresh any more.
    public void markSeen(List<Notice> notices) {
        long newest = notices.stream().mapToLong(Notice::number).max().orElse(0);
        if (newest > seen()) {
            Disk.write(file(), Long.toString(newest).getBytes(StandardCharsets.US_ASCII));
        }
    }

    private long seen() {
        if (!Files.exists(file())) {
            return 0;
        }
        var text = new String(Disk.read(file(), MAX_BYTES), StandardCharsets.US_ASCII);
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    private Path file() {
        return desk.device().folder().resolve("notices-seen");
    }
}
