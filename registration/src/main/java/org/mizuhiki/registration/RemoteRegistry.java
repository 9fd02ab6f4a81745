package org.mizuhiki.registration;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Peer;

/// The authority's registration over HTTP, as the institution that the connection shows.
public record RemoteRegistry(Peer authority) implements Registry {
    @Override
    public Filed hand(Bytes signed) {
        return authority.post(RegistrationRoutes.ACTS, new RegistrationRoutes.ActBody(signed), Filed.class);
    }

    @Override
    public Dossier dossier(Digest file) {
        var dossier = authority
                .get(RegistrationRoutes.FILES + "/" + file.hex(), RegistrationRoutes.DossierBody.class)
                .dossier();
        if (!dossier.file().equals(file)) {
            throw Refusal.of("dossier-broken", "別の手続きの記録が返されました", "The authority answered with another file");
        }
        return dossier;
    }

    @Override
    public List<Waiting> waiting() {
        return authority
                .get(RegistrationRoutes.WAITING, RegistrationRoutes.WaitingBody.class)
                .waiting();
    }

    @Override
    public List<Summary> files() {
        return authority
                .get(RegistrationRoutes.FILES, RegistrationRoutes.FilesBody.class)
                .files();
    }

    @Override
    public List<Licence> licences() {
        return authority
                .get(RegistrationRoutes.ACCREDITATIONS, RegistrationRoutes.LicencesBody.class)
                .accreditations();
    }
}
