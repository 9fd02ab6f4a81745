package org.mizuhiki.apps.demo;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.pocket.Device;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.registration.Party;
import org.mizuhiki.registration.RemoteRegistry;
import org.mizuhiki.registration.SignedActs;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.RemoteEnrolment;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peers;

/// Organisations that take part in the registration, each with a person on a device of their own and the
/// organisation's own key for what machines carry out.
final class Staff implements AutoCloseable {
    private final Place place;
    private final Casting casting;
    private final Clock clock;
    private final SecureRandom die;
    private final List<Region.Connection> opened = new ArrayList<>();

    Staff(Place place, Casting casting, Clock clock, SecureRandom die) {
        this.place = place;
        this.casting = casting;
        this.clock = clock;
        this.die = die;
    }

    /// An organisation as it acts.
    ///
    /// @param person named on every application and answer
    /// @param machine the organisation's own certificate
    /// @param own the same as a signer
    /// @param personal the person as a signer
    record Office(Party person, Party machine, Author own, Author personal, Region region) {}

    /// Somebody of an institution that has no people yet; the operator vouches for both.
    Office office(String name, OneMachine.Site site, String called) throws Exception {
        var own = institution(place, place.folder().resolve("people").resolve(name), site, die);
        var id = PersonId.random(die);
        var person = Map.of(
                "kind",
                "professional",
                "id",
                id.value(),
                "name",
                called,
                "code",
                site.code(),
                "institution",
                site.name());
        var player = casting.enrol(name, id + "\n" + place.operate("authority", "ticket", person));
        var region = region(player.device());
        var personal = player.device().author();
        return new Office(party(personal, region), party(own, region), own, personal, region);
    }

    /// Somebody who is in the region already.
    Party person(Device device) {
        return party(device.author(), region(device));
    }

    private Region region(Device device) {
        var connection = Region.connect(place.region(), Optional.of(device), clock, die);
        opened.add(connection);
        return connection.region();
    }

    /// An organisation's own key and certificate, in `institution/` of its folder.
    static Author institution(Place place, Path own, OneMachine.Site site, SecureRandom die) throws Exception {
        var asked = Map.of("kind", "institution", "code", site.code(), "name", site.name());
        var ticket = Ticket.parse(place.operate("authority", "ticket", asked));
        var roots = place.region().trust().roots();
        var authority = URI.create(place.region().authority());
        var pair = KeyFiles.newKeyPair(die);
        var chain = new RemoteEnrolment(Peers.connect(authority, Identity.anonymous(roots), die))
                .enrol(ticket, EnrolmentRequests.server(pair))
                .signing();
        var folder = Files.createDirectories(own.resolve("institution"));
        KeyFiles.writeKey(folder.resolve("key.pem"), pair.getPrivate());
        KeyFiles.writeChain(folder.resolve("chain.pem"), chain);
        return new Author(pair.getPrivate(), chain);
    }

    private Party party(Author author, Region region) {
        var identity = new Identity(author.key(), author.chain(), region.trust().roots());
        return new Party(
                new RemoteRegistry(Peers.connect(authority(), identity, die)),
                new SignedActs(new Seals(die).records(), region.validator()),
                author,
                region.stamps(),
                clock,
                die);
    }

    private URI authority() {
        return URI.create(place.region().authority());
    }

    @Override
    public void close() {
        opened.reversed().forEach(Region.Connection::close);
    }
}
