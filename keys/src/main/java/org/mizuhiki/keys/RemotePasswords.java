package org.mizuhiki.keys;

import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.PasswordRoutes.BeginBody;
import org.mizuhiki.keys.PasswordRoutes.LoginBody;
import org.mizuhiki.keys.PasswordRoutes.ProofBody;
import org.mizuhiki.keys.PasswordRoutes.SetBody;
import org.mizuhiki.wire.Peer;

/// Passwords as a person's device reaches them.
///
/// @param peer with the person's certificate to set a password; without one a log-in can be made only
/// @param shown by who sets a password without a certificate
public record RemotePasswords(Peer peer, Optional<Shown> shown) implements Passwords {
    @Override
    public Begun begin(PersonId person, Bytes request) {
        return peer.post("/v1/password/registrations", new BeginBody(request, shown), Begun.class);
    }

    @Override
    public void set(PersonId person, Digest registration, Bytes upload) {
        peer.put("/v1/password", new SetBody(registration, upload, shown), Void.class);
    }

    @Override
    public Answered answer(PersonId person, Bytes ke1) {
        return peer.post("/v1/password/logins", new LoginBody(person, ke1), Answered.class);
    }

    @Override
    public Session prove(Digest login, Bytes ke3) {
        return peer.post("/v1/password/sessions", new ProofBody(login, ke3), Session.class);
    }
}
