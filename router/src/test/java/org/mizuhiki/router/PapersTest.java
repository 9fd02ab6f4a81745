package org.mizuhiki.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.vpn.Declarations.Said;
import org.mizuhiki.vpn.MaintenanceWork;

/// Others' papers find their bound at a router.
@Tag("D10")
class PapersTest {
    private static final Member.Service SELF =
            new Member.Service("1319900140", "medical-vpn", new Member.Device("v", "m", "1"));
    private static final InstitutionCode LOUD = new InstitutionCode("2710000001");
    private static final InstitutionCode QUIET = new InstitutionCode("2710000002");

    @TempDir
    Path folder;

    private final Map<Bytes, Said<Declaration>> said = new HashMap<>();
    private final SplittableRandom die = new SplittableRandom(3);

    private Bytes work(InstitutionCode by) {
        var contract = new byte[32];
        die.nextBytes(contract);
        var work = new MaintenanceWork(
                by,
                Pair.NOW,
                Pair.NOW.plus(Duration.ofDays(1)),
                "%016x%016x".formatted(die.nextLong(), die.nextLong()),
                PersonId.random(Pair.DIE),
                SELF,
                Digest.ofHash(contract),
                "inspection");
        var signed = work.canonical().encode();
        said.put(signed, new Said<>(work, work.id(), signed, new Member.Institution(by, "機関")));
        return signed;
    }

    private List<Bytes> many(InstitutionCode by, int many) {
        return Stream.generate(() -> work(by)).limit(many).toList();
    }

    @Test
    void oneInstitutionThatSignsWithoutEndTakesNobodyElsesRoom() {
        var papers =
                new Papers(folder, signed -> java.util.Objects.requireNonNull(said.get(signed)), Pair.PROVIDER, SELF);
        papers.take(many(LOUD, 600));
        papers.take(many(QUIET, 3));
        papers.take(many(new InstitutionCode(SELF.subscriber()), 200));
        var works = papers.maintenance().works();
        assertEquals(3, by(works, QUIET));
        assertEquals(200, by(works, new InstitutionCode(SELF.subscriber())));
        assertTrue(by(works, LOUD) <= 100);
    }

    private static long by(List<MaintenanceWork> works, InstitutionCode code) {
        return works.stream().filter(w -> w.by().equals(code)).count();
    }
}
