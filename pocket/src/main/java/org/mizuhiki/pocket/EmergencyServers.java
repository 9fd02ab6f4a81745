package org.mizuhiki.pocket;

import java.net.URI;
import java.security.SecureRandom;
import org.mizuhiki.keys.Emergencies;
import org.mizuhiki.keys.RemoteEmergencies;
import org.mizuhiki.store.EmergencyReaders;
import org.mizuhiki.store.RemoteEmergencyReaders;
import org.mizuhiki.wire.Peers;

/// The doors for emergencies, as one person is connected to them.
public record EmergencyServers(Emergencies keys, EmergencyReaders store) {
    public static EmergencyServers over(RegionFile file, Device device, SecureRandom die) {
        var identity = device.identity(file.trust().roots());
        return new EmergencyServers(
                new RemoteEmergencies(Peers.connect(URI.create(file.keys()), identity, die)),
                new RemoteEmergencyReaders(Peers.connect(URI.create(file.store()), identity, die)));
    }
}
