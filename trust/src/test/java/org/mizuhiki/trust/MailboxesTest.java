package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.Validator.Purpose;

@ExtendWith(SharedDatabase.class)
@Tag("V5")
class MailboxesTest {
    private static final String DOMAIN = Mailboxes.domain("Demo");

    private record Person(PersonId id, KeyPair key, List<X509Certificate> chain) {
        Mailboxes.Asked asks(KeyPair mail) {
            return Mailboxes.Asked.of(
                    key.getPrivate(),
                    chain.getFirst(),
                    EnrolmentRequests.server(mail).signing());
        }
    }

    private static Person patient(Region region) {
        var key = KeyFiles.newKeyPair(Region.DIE);
        var id = PersonId.random(Region.DIE);
        var request = EnrolmentRequests.person(
                key, new Seals(Region.DIE).newReaderKey().publicKey());
        var ticket = region.operator().ticket(new Member.Patient(id), Duration.ofDays(1));
        return new Person(
                id,
                key,
                region.operator().enrol(ticket, request, Region.ANY_CHIP).signing());
    }

    @Test
    void aPersonGetsACertificateWithTheMailboxsAddressAndTheSameAgainAfterALostAnswer(Region region) {
        var person = patient(region);
        var mailboxes = region.authority().mailboxes(DOMAIN);
        var asked = person.asks(KeyFiles.newKeyPair(Region.DIE));
        var chain = mailboxes.open(asked);
        region.lists().refresh();
        assertEquals(
                new Member.Patient(person.id()),
                region.validator().check(chain, Purpose.MAIL, region.clock().instant()));
        assertEquals(Mailboxes.address(person.id(), "mail.demo"), Mailboxes.address(chain.getFirst()));
        assertEquals(
                person.id(),
                Mailboxes.person(Mailboxes.address(chain.getFirst()), DOMAIN).orElseThrow());
        assertEquals(chain, mailboxes.open(asked));
        assertNotEquals(chain, mailboxes.open(person.asks(KeyFiles.newKeyPair(Region.DIE))));
    }

    @Test
    void aMailKeySignsNoRecordAndOpensNoConnection(Region region) {
        var chain = region.authority().mailboxes(DOMAIN).open(patient(region).asks(KeyFiles.newKeyPair(Region.DIE)));
        region.lists().refresh();
        for (var purpose : List.of(Purpose.SIGN_RECORD, Purpose.TLS_CLIENT, Purpose.SEAL_FOR, Purpose.STAMP)) {
            Refused.with(
                    "certificate-wrong-purpose",
                    () -> region.validator()
                            .check(chain, purpose, region.clock().instant()));
        }
    }

    @Test
    void aPersonsOwnCertificateIsNoMailbox(Region region) {
        var person = patient(region);
        region.lists().refresh();
        Refused.with(
                "certificate-wrong-purpose",
                () -> region.validator()
                        .check(person.chain(), Purpose.MAIL, region.clock().instant()));
    }

    @Test
    void nobodyElseAsksInAPersonsName(Region region) {
        var person = patient(region);
        var asked = person.asks(KeyFiles.newKeyPair(Region.DIE));
        var other = patient(region).asks(KeyFiles.newKeyPair(Region.DIE));
        var mailboxes = region.authority().mailboxes(DOMAIN);
        Refused.with(
                "possession-unproven",
                () -> mailboxes.open(new Mailboxes.Asked(asked.current(), asked.pkcs10(), other.proof())));
        Refused.with(
                "possession-unproven",
                () -> mailboxes.open(new Mailboxes.Asked(other.current(), asked.pkcs10(), asked.proof())));
        for (int i = 0; i < asked.proof().size(); i++) {
            var bent = asked.proof().toArray();
            bent[i] ^= 1;
            Refused.with(
                    "possession-unproven",
                    () -> mailboxes.open(new Mailboxes.Asked(asked.current(), asked.pkcs10(), Bytes.of(bent))));
        }
    }

    @Test
    void whoWasRevokedGetsNoneAndMailCertificatesEndWithTheirPerson(Region region) {
        var person = patient(region);
        var mailboxes = region.authority().mailboxes(DOMAIN);
        var chain = mailboxes.open(person.asks(KeyFiles.newKeyPair(Region.DIE)));
        region.authority()
                .revocation(new Registrar.Operator())
                .revoke(new Member.Patient(person.id()), Revocation.Reason.KEY_COMPROMISE);
        region.lists().refresh();
        region.clock().pass(Duration.ofSeconds(2));
        Refused.with(
                "certificate-revoked",
                () -> region.validator()
                        .check(chain, Purpose.MAIL, region.clock().instant()));
        Refused.with("certificate-revoked", () -> mailboxes.open(person.asks(KeyFiles.newKeyPair(Region.DIE))));
    }

    @Test
    void certificatesOfOnePersonAreCounted(Region region) {
        var person = patient(region);
        var mailboxes = region.authority().mailboxes(DOMAIN);
        for (int i = 0; i < Mailboxes.MOST; i++) {
            mailboxes.open(person.asks(KeyFiles.newKeyPair(Region.DIE)));
        }
        Refused.with("mail-certificates-too-many", () -> mailboxes.open(person.asks(KeyFiles.newKeyPair(Region.DIE))));
    }
}
