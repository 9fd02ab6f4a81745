package org.mizuhiki.pocket;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.pocket.outbox.Outbox;
import org.mizuhiki.provisional.Provisionals;
import org.mizuhiki.seal.Seals;

/// What a person does: the flows, over one device and one region.
public final class Pocket {
    private final People people;
    private final Relations relations;
    private final Grants grants;
    private final Delegations delegations;
    private final Episodes episodes;
    private final Post post;
    private final Reading reading;
    private final Trail trail;
    private final Errands errands;
    private final NewKeys newKeys;
    private final Vetoes vetoes;
    private final Notices notices;
    private final TwoShots twoShots;
    private final Activation activation;
    private final Desk desk;
    private final Envelopes envelopes;

    public Pocket(Device device, Region region, Clock clock, SecureRandom die) {
        var seals = new Seals(die);
        var outbox = new Outbox(device.folder(), device.local(), seals.streams());
        var desk = new Desk(device, region, seals, clock, die, outbox, new ConcurrentHashMap<>());
        var envelopes = new Envelopes(desk);
        this.people = new People(desk);
        this.errands = new Errands(desk);
        this.relations = new Relations(desk, errands, people);
        this.grants = new Grants(desk, errands, people, envelopes);
        this.post = new Post(desk, errands, people, relations, envelopes);
        this.delegations = new Delegations(desk, grants, post, people);
        this.reading = new Reading(desk, envelopes);
        this.episodes = new Episodes(desk, grants, reading);
        this.trail = new Trail(desk);
        this.newKeys = new NewKeys(desk, people, envelopes);
        this.vetoes = new Vetoes(desk, errands);
        this.notices = new Notices(desk);
        this.twoShots = new TwoShots(desk, envelopes);
        this.activation = new Activation(desk, errands, envelopes);
        this.desk = desk;
        this.envelopes = envelopes;
    }

    /// Other people's keys.
    public People people() {
        return people;
    }

    /// Care relations: propose, accept, end, list.
    public Relations relations() {
        return relations;
    }

    /// Letters: write, send, inbox.
    public Post post() {
        return post;
    }

    /// Letters: open, save attachments.
    public Reading reading() {
        return reading;
    }

    /// Lateral grants: give, revoke, list.
    public Grants grants() {
        return grants;
    }

    /// Lateral grants for a problem or a time.
    public Episodes episodes() {
        return episodes;
    }

    /// Delegates: add, list, remove.
    public Delegations delegations() {
        return delegations;
    }

    /// Who opened what, when.
    public Trail trail() {
        return trail;
    }

    /// Letters to patients who lost their keys: seal them again.
    public NewKeys newKeys() {
        return newKeys;
    }

    /// A folder of this device whose files are closed under the device's own key.
    public Kept kept(String folder) {
        return new Kept(
                desk.device().folder().resolve(folder),
                desk.device().local(),
                desk.seals().streams());
    }

    /// What waits to be told to the servers.
    public Errands errands() {
        return errands;
    }

    /// The patient's veto.
    public Vetoes vetoes() {
        return vetoes;
    }

    /// What others said that concerns this person.
    public Notices notices() {
        return notices;
    }

    /// Pictures of provisional registrations.
    public TwoShots twoShots() {
        return twoShots;
    }

    /// The patient's side of a provisional registration.
    public Activation activation() {
        return activation;
    }

    /// Letters to and from a hospital system, by a folder.
    ///
    /// @param folder of the exchange, see docs/flows/hospital.md
    /// @param print an opened letter for paper
    /// @param told what happens, as it happens
    public HospitalFolder hospital(
            Path folder, Function<ReadLetter, Bytes> print, Consumer<HospitalFolder.Event> told) {
        return new HospitalFolder(desk, this, folder, print, told);
    }

    /// What this person allows for emergencies.
    public EmergencyPermission emergencyPermission(EmergencyServers servers) {
        return new EmergencyPermission(desk, errands, envelopes, servers);
    }

    /// What this person opens in an emergency.
    public EmergencyReading emergencyReading(EmergencyServers servers) {
        return new EmergencyReading(desk, envelopes, reading, servers);
    }

    /// Provisional registration of others.
    ///
    /// @param authority as this person is connected to it
    public Registering registering(Provisionals authority) {
        return new Registering(desk, errands, people, authority);
    }
}
