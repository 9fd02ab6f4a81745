package org.mizuhiki.pocket;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.SignedStatements;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.KeyServer;
import org.mizuhiki.keys.KeyServer.Filed;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.pocket.outbox.Outbox;
import org.mizuhiki.pocket.outbox.Servers;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.Validator;
import org.mizuhiki.wire.Temporary;

/// What every flow works with: the person's device, the region's doors, and checks that trust neither.
///
/// @param checked statements that held once in this process, by the digest of their signed bytes
record Desk(
        Device device,
        Region region,
        Seals seals,
        Clock clock,
        SecureRandom die,
        Outbox outbox,
        Map<Digest, Attested<Statement>> checked) {
    /// Statements that are read of one person before giving up: a key server cannot keep a device busy
    /// for ever. To stop in silence would hide whatever lies beyond.
    private static final int MAX_STATEMENTS = 20_000;

    PersonId me() {
        return device.id();
    }

    Reader.XWing myReader() {
        return new Reader.XWing(device.opener().publicKey());
    }

    /// Statements speak of whole seconds.
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /// 128 random bits, so that a statement's digest in the ledger tells outsiders nothing.
    String nonce() {
        var bits = new byte[16];
        die.nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }

    Servers servers() {
        return new Servers(
                me(),
                region.keys(),
                region.store(),
                region.ledger(),
                region.evidenceCheck().remembering(),
                region.trust().log());
    }

    /// Signs and checks what came out as every other party will: a wrong clock, an expired or a revoked
    /// certificate is told here, before anything leaves the device.
    Bytes sign(Statement statement) {
        var signed = region.statements().sign(statement, device.author(), region.stamps());
        try {
            region.statements().check(signed);
        } catch (Refusal refusal) {
            throw refusal.code().equals("statement-time") ? clockOff(Optional.of(refusal)) : refusal;
        }
        return signed;
    }

    /// Whether the fault is this device's own: its clock, or its certificate. Asked before a person is told
    /// that somebody else has to do something.
    ///
    /// @throws Refusal `device-clock`, `certificate-revoked`, `certificate-expired`
    void checkOneself() {
        var probe = Bytes.utf8(nonce()).sha256();
        var stamp = seals.stamps().verify(region.stamps().stamp(probe), probe);
        if (Duration.between(stamp.at(), clock.instant()).abs().compareTo(SignedStatements.TOLERANCE) > 0) {
            throw clockOff(Optional.empty());
        }
        region.validator().check(device.author().chain(), Validator.Purpose.SIGN_RECORD, stamp.at());
    }

    static Entry entry(Statement statement) {
        return new Entry(statement.kind(), statement.id());
    }

    /// Statement, signer and stamp, then the ledger's proof.
    ///
    /// @param servers the same for all proofs of one task: a checkpoint they share is checked once
    Proof<Statement> prove(Bytes signed, Servers servers) {
        return prove(region.statements().check(signed), servers);
    }

    <S extends Statement> Proof<S> prove(Attested<S> attested, Servers servers) {
        var logged = servers.logged(entry(attested.statement()));
        return new Proof<>(attested, logged.evidence(), logged.by());
    }

    /// Hands `reader` the statements that name this person, newest first, as the key server gives them:
    /// unchecked.
    ///
    /// @throws Refusal `statements-too-many` rather than a part that looks like the whole,
    /// `key-server-odd`
    void eachInvolving(Consumer<Filed> reader) {
        long before = Long.MAX_VALUE;
        for (int seen = 0; seen < MAX_STATEMENTS; ) {
            var page = region.keys().involving(me(), KeyServer.MAX_PAGE, before);
            for (var filed : page) {
                if (filed.number() >= before) {
                    // pages that do not go back in time would never end
                    throw Refusal.of(
                            "key-server-odd",
                            "鍵サーバの応答が正しくありません（順序）。運用者に連絡してください",
                            "The key server's pages are out of order; tell the operator");
                }
                before = filed.number();
            }
            page.forEach(reader);
            seen += page.size();
            if (page.isEmpty()) {
                return;
            }
        }
        throw Refusal.of(
                "statements-too-many",
                "鍵サーバにある申告書が多すぎて、すべてを確かめられません（上限 " + MAX_STATEMENTS + " 件）。運用者に連絡してください",
                "The key server lists more than " + MAX_STATEMENTS + " statements, too many to check them all; tell"
                        + " the operator");
    }

    /// The statement when it holds; else why not, and what can still be known of it.
    ///
    /// @throws Refusal when it merely cannot be checked now
    Heard hear(Filed filed) {
        var name = filed.signed().sha256();
        var known = checked.get(name);
        if (known != null) {
            return new Heard.Held(known);
        }
        try {
            var attested = region.statements().check(filed.signed());
            checked.put(name, attested);
            return new Heard.Held(attested);
        } catch (Refusal refusal) {
            if (Temporary.is(refusal)) {
                throw refusal;
            }
            return new Heard.Broken(filed.number(), record(filed.signed()), refusal);
        }
    }

    /// What a statement says whose signature is whole, though its signer, stamp or life do not hold.
    private Optional<Canonical> record(Bytes signed) {
        try {
            return Optional.of(seals.records().verify(signed).record());
        } catch (Refusal refusal) {
            return Optional.empty();
        }
    }

    /// The statements of one letter. A disclosure that does not hold, such as one signed in the very
    /// second in which its signer was revoked, is left out and named: it permits nothing, and must not
    /// keep others from their letter. Everything else must hold: what is garbled may have ended something.
    Said about(Digest letter) {
        var said = new ArrayList<Attested<?>>();
        var broken = new ArrayList<Heard.Broken>();
        for (var filed : region.keys().aboutLetter(me(), letter)) {
            switch (hear(filed)) {
                case Heard.Held held -> said.add(held.statement());
                case Heard.Broken b when b.record().isPresent() && b.may("disclosure") -> broken.add(b);
                case Heard.Broken b -> throw b.why();
            }
        }
        return new Said(said, broken);
    }

    private static Refusal clockOff(Optional<Refusal> cause) {
        var japanese = "この端末の時計が正しくありません（タイムスタンプ局の時刻と5分以上ずれています）。時計を合わせてからもう一度実行してください";
        var english =
                "This device's clock is more than five minutes off the time-stamp authority's; set it and try again";
        return cause.map(c -> Refusal.of("device-clock", japanese, english, c))
                .orElseGet(() -> Refusal.of("device-clock", japanese, english));
    }
}
