package org.mizuhiki.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.vpn.Declarations.Said;
import org.mizuhiki.vpn.MaintenanceWork;
import org.mizuhiki.vpn.Membership;

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

    private Bytes member(String group, int secondsAgo, Instant until) {
        var member =
                new Membership(Pair.PROVIDER, Pair.NOW.minusSeconds(secondsAgo), until, "0".repeat(32), group, SELF);
        var signed = member.canonical().encode();
        said.put(signed, new Said<>(member, member.id(), signed, new Member.Institution(Pair.PROVIDER, "機関")));
        return signed;
    }

    private Papers papers(AtomicBoolean lists) {
        return new Papers(
                folder,
                signed -> {
                    if (!lists.get()) {
                        throw Refusal.of("revocation-unknown", "失効情報がありません", "nobody can say");
                    }
                    return Optional.ofNullable(said.get(signed))
                            .orElseThrow(() -> Refusal.of("signature-broken", "署名", "forged"));
                },
                Pair.PROVIDER,
                SELF);
    }

    @Test
    @Tag("D3")
    void aMembershipTakenBackIsRememberedForAsLongAsAnOlderOneCouldStand() {
        var lists = new AtomicBoolean(true);
        var older = member("region", 60, Pair.NOW.plus(Membership.LONGEST).minusSeconds(60));
        papers(lists).take(List.of(older));
        var out = Pair.NOW.minusSeconds(30);
        papers(lists).take(List.of(member("region", 30, out)));
        var papers = papers(lists);
        papers.tidy(Pair.NOW.plus(Duration.ofDays(300)));
        papers.take(List.of(older));
        assertEquals(
                List.of(out),
                papers.memberships().stream().map(Membership::until).toList());
        papers.tidy(out.plus(Membership.LONGEST));
        assertEquals(List.of(), papers.memberships());
        assertEquals(List.of(), papers(lists).memberships(), "nor on the disk");
    }

    @Test
    @Tag("D3")
    void whatNobodyCanCheckAtTheStartKeepsItsPlaceUntilItIsChecked() {
        var lists = new AtomicBoolean(true);
        var older = member("region", 60, Pair.NOW.plusSeconds(3600));
        papers(lists).take(List.of(member("region", 30, Pair.NOW.minusSeconds(30))));
        lists.set(false);
        var papers = papers(lists);
        papers.take(List.of(older));
        assertEquals(List.of(), papers.memberships(), "nobody can say who stands");
        lists.set(true);
        papers.take(List.of(older));
        assertEquals(
                List.of(Pair.NOW.minusSeconds(30)),
                papers.memberships().stream().map(Membership::until).toList());
    }

    /// Its order never comes again.
    @Test
    @Tag("D3")
    void whatComesWhileNobodyCanCheckItWaitsAlsoOverARestartAndIsTakenThen() throws Exception {
        var lists = new AtomicBoolean(false);
        var until = Pair.NOW.plusSeconds(3600);
        papers(lists).take(List.of(member("region", 60, until), Bytes.utf8("forged")));
        var papers = papers(lists);
        assertEquals(List.of(), papers.memberships());
        lists.set(true);
        papers.readKept();
        assertEquals(
                List.of(until),
                papers.memberships().stream().map(Membership::until).toList());
        try (var files = java.nio.file.Files.list(folder)) {
            assertEquals(1, files.count(), "nothing waits any more, the forged one is gone");
        }
        lists.set(false);
        assertEquals(List.of(), papers(lists).memberships());
        lists.set(true);
        assertEquals(1, papers(lists).memberships().size(), "it has its place on the disk");
    }

    @Test
    @Tag("D3")
    void aNewerOneDeliveredWhileTheKeptOneCannotBeReadIsTakenAfterIt() {
        var lists = new AtomicBoolean(true);
        var kept = member("region", 60, Pair.NOW.plusSeconds(3600));
        papers(lists).take(List.of(kept));
        lists.set(false);
        var papers = papers(lists);
        var out = Pair.NOW.minusSeconds(30);
        papers.take(List.of(member("region", 30, out)));
        lists.set(true);
        papers.readKept();
        assertEquals(
                List.of(out),
                papers.memberships().stream().map(Membership::until).toList());
    }

    @Test
    @Tag("D3")
    void whatCouldNotBeCheckedForAMonthIsGivenUp() throws Exception {
        var lists = new AtomicBoolean(false);
        var papers = papers(lists);
        papers.take(List.of(Bytes.utf8("of a CA whose lists never come")));
        papers.tidy(Instant.now().plus(Duration.ofDays(30)));
        assertTrue(hasFiles());
        papers.tidy(Instant.now().plus(Duration.ofDays(32)));
        assertTrue(!hasFiles());
    }

    private boolean hasFiles() throws Exception {
        try (var files = java.nio.file.Files.list(folder)) {
            return files.findAny().isPresent();
        }
    }

    @Test
    @Tag("D3")
    void whatWaitsFindsItsBound() throws Exception {
        var papers = papers(new AtomicBoolean(false));
        papers.take(IntStream.range(0, 320)
                .mapToObj(n -> Bytes.utf8("unknown " + n))
                .toList());
        try (var files = java.nio.file.Files.list(folder)) {
            assertEquals(300, files.count());
        }
    }

    @Test
    @Tag("D3")
    void groupsWithoutEndFindTheirBoundAndOthersPapersTheirRoom() {
        var papers = papers(new AtomicBoolean(true));
        papers.take(IntStream.range(0, 4_100)
                .mapToObj(n -> member("group-" + n, 60, Pair.NOW.plusSeconds(3600)))
                .toList());
        assertEquals(4_000, papers.memberships().size());
        papers.take(many(QUIET, 3));
        assertEquals(3, papers.maintenance().works().size());
    }

    private static long by(List<MaintenanceWork> works, InstitutionCode code) {
        return works.stream().filter(w -> w.by().equals(code)).count();
    }
}
