package org.mizuhiki.provisional;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.provisional.ProvisionalRoutes.SignedBody;
import org.mizuhiki.trust.AuthorityRoutes.EnrolledBody;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.wire.Peer;

/// The authority's desk for provisional registration over HTTP, as who the connection shows.
public record RemoteProvisionals(Peer authority) implements Provisionals {
    @Override
    public Accredited accreditation() {
        return authority.get(ProvisionalRoutes.ACCREDITATION, Accredited.class);
    }

    @Override
    public Enrolment.Enrolled register(Bytes registration, Enrolment.Request request, Ticket activation) {
        var body = new ProvisionalRoutes.RegistrationBody(
                registration,
                request.signing(),
                request.sealing().orElseThrow(),
                request.binding().orElseThrow(),
                activation.revealed());
        return authority.post(ProvisionalRoutes.ALL, body, EnrolledBody.class).enrolled();
    }

    @Override
    public Registration find(PersonId patient) {
        return authority.get(ProvisionalRoutes.ALL + "/" + patient.value(), Registration.class);
    }

    @Override
    public List<Registration> list() {
        return authority
                .get(ProvisionalRoutes.ALL, ProvisionalRoutes.RegistrationList.class)
                .registrations();
    }

    @Override
    public Registration confirm(Bytes confirmation) {
        return authority.post(ProvisionalRoutes.CONFIRMATIONS, new SignedBody(confirmation), Registration.class);
    }

    @Override
    public Registration suspend(Bytes revocation) {
        return authority.post(ProvisionalRoutes.SUSPENSIONS, new SignedBody(revocation), Registration.class);
    }

    /// As [PostgresProvisionals#ended], for servers.
    public List<Digest> ended(List<Digest> registrations) {
        return authority
                .post(
                        ProvisionalRoutes.ENDED,
                        new ProvisionalRoutes.DigestList(registrations),
                        ProvisionalRoutes.DigestList.class)
                .registrations();
    }

    /// As [PostgresProvisionals#isOnFile], for servers.
    public boolean isOnFile(PersonId patient, Digest registration) {
        return authority
                .get(
                        ProvisionalRoutes.ON_FILE + "?patient=" + patient.value() + "&registration="
                                + registration.hex(),
                        ProvisionalRoutes.OnFile.class)
                .onFile();
    }
}
