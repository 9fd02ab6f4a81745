package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.trust.AuthorityRoutes;
import org.mizuhiki.trust.Directory;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.MemberBody;
import org.mizuhiki.wire.Json;

/// What a directory answers of three people, with all that is needed to check it: what the portal's worker
/// is tested with before it seals for anybody (`portal/src/test/directory.json`). Made anew by
/// `mvn -pl pocket test -Dtest=BrowserDirectoryTest -Dmizuhiki.vectors=write`.
@ExtendWith(World.Given.class)
@Tag("V7")
@Tag("B4")
class BrowserDirectoryTest {
    private static final Path FILE = Path.of("../portal/src/test/directory.json");

    /// @param key X-Wing, that letters for this person are closed for
    record Listed(String person, Bytes key, AuthorityRoutes.ListingBody listing) {}

    record Vectors(String now, RegionFile region, String caList, Map<String, Bytes> crls, List<Listed> listed) {}

    @Test
    @EnabledIfSystemProperty(named = "mizuhiki.vectors", matches = "write")
    void aDirectoryIsWrittenDown(World world) throws Exception {
        var listed = List.of(world.doctorA(), world.doctorB(), world.patient()).stream()
                .map(player -> listed(world, player.id()))
                .toList();
        var vectors = new Vectors(
                world.clock.instant().toString(),
                BrowserVectorsTest.region(world),
                world.authority.published().caList().orElseThrow().encode().asUtf8(),
                BrowserVectorsTest.named(world.authority.published()::crl),
                listed);
        Files.write(FILE, Json.write(vectors).toArray());
    }

    private static Listed listed(World world, PersonId id) {
        var found = world.region.directory().find(id);
        var key = world.region.directoryCheck().check(id, found);
        return new Listed(id.value(), key.publicKey(), body(found));
    }

    /// As the authority's route writes it.
    private static AuthorityRoutes.ListingBody body(Directory.Listing found) {
        return new AuthorityRoutes.ListingBody(
                MemberBody.of(found.member()),
                found.place().number(),
                found.place().before(),
                found.signing().stream().map(KeyFiles::encoded).toList(),
                KeyFiles.encoded(found.sealing()),
                found.binding(),
                found.evidence());
    }

    @Test
    void aDeviceReadsTheSameEntriesInWhatTheBrowserIsTestedWith() throws Exception {
        var vectors = Json.read(Bytes.of(Files.readAllBytes(FILE)), Vectors.class);

        assertEquals(3, vectors.listed().size());
        for (var one : vectors.listed()) {
            var entry = one.listing().evidence().entry();
            assertEquals(Directory.entry(new PersonId(one.person()), entry.record()), entry);
            var written =
                    Objects.requireNonNull(Json.read(Json.write(one.listing()), AuthorityRoutes.ListingBody.class));
            assertEquals(one.listing(), written);
        }
    }
}
