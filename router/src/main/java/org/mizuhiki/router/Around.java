package org.mizuhiki.router;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Validator;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.vpn.Declarations.Said;
import org.mizuhiki.wire.Standing;
import org.mizuhiki.wire.TimeCheck;

/// Who a router is, whom it believes, and where it stands.
///
/// @param self        as its service certificate says
/// @param certificate its own as it is now: it is renewed while the router runs
/// @param who         whose a certificate is, by its subject; whether it stands its issuer and the lists say
/// @param issuer      certificate (DER) of the CA that issued another one; refuses one that is unknown
/// @param hosts       own addresses as the router itself sees them now: towards the centre first, then of the
///     other kind, IPv4 or IPv6, where it has one
/// @param provider    whose uniform policy counts
/// @param validator   of the centre's signature
/// @param check       of declarations: signature, stamp, signer and time
/// @param standing    whether a partner's certificate still stands, from memory
/// @param die         for the jitter of retries, and names that nobody guesses
/// @param author      its service key and certificate as they are now, with which it signs what it saw
/// @param time        what its clock was last found to be beside a time server's
public record Around(
        Member.Service self,
        Supplier<X509Certificate> certificate,
        Function<X509Certificate, Member> who,
        Function<X509Certificate, Bytes> issuer,
        Supplier<List<String>> hosts,
        InstitutionCode provider,
        Validator validator,
        Function<Bytes, Said<Declaration>> check,
        Standing standing,
        Seals seals,
        Clock clock,
        RandomGenerator die,
        Supplier<Author> author,
        Supplier<Optional<TimeCheck>> time) {}
