package org.mizuhiki.enrol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.chip.Pkcs11Element;
import org.mizuhiki.chip.VouchedSlot;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.ike.OwnKey;
import org.mizuhiki.ike.State;
import org.mizuhiki.ike.Tunnel;
import org.mizuhiki.lab.Lab;
import org.mizuhiki.lab.LabAuthority;
import org.mizuhiki.lab.LabRouter;
import org.mizuhiki.lab.Site;
import org.mizuhiki.lab.SoftTokens;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;

/// A router's key for tunnels lies in a token behind PKCS#11 beside its e-Key, is certified over EST with the
/// e-Key's word, and strongSwan authenticates with it.
@Tag("N7")
class RouterKeyInTokenTest {
    private static final List<Site> SITES =
            Lab.SEED.stream().filter(s -> List.of("a", "b").contains(s.name())).toList();

    @TempDir
    static Path folder;

    private static LiveAuthority authority;
    private static SoftTokens tokens;

    @BeforeAll
    static void open() throws Exception {
        var missing = LabRouter.missing();
        assumeTrue(missing.isEmpty(), () -> "real tunnels are skipped: " + missing.orElse(""));
        assumeTrue(SoftTokens.possible(), SoftTokens.MISSING);
        authority = new LiveAuthority(folder);
        tokens = SoftTokens.make(folder.resolve("hsm"), 1, LiveAuthority.DIE);
        tokens.intoEnvironment();
    }

    @AfterAll
    static void close() {
        if (authority != null) {
            authority.close();
        }
    }

    @Test
    void strongSwanAuthenticatesWithAKeyThatNeverLeftItsToken() throws Exception {
        // 1. the device's key in its e-Key; the service's in the token, with the word of its slot on the e-Key
        var router = Router.of(authority.tokenDevice());
        var tier1 = router.certificate(0, folder, authority);
        tier1.enrol(authority.ticket(router.member()), Optional.empty());
        var service = new Member.Service("1311234567", "medical-vpn", router.member());
        var token = Pkcs11Element.token(tokens.library(), tokens.slots().getFirst(), 1, tokens.code(0));
        new SlotCertificate(
                        new VouchedSlot(token, router.slot(1)),
                        folder.resolve("tunnel.csr"),
                        authority.asDevicesSeeIt())
                .enrol(authority.ticket(service), Optional.of(tier1));
        var chain = token.chain();
        assertEquals(service, Member.of(chain.getFirst()));
        // 2. two routers
        authority.enrolled(folder, "other", Duration.ZERO);
        var other = KeyFiles.readChain(folder.resolve("other.pem"));
        var environment = Map.of(SoftTokens.VARIABLE, tokens.configuration().toString());
        try (var lab = Lab.up(Files.createTempDirectory("mz"), SITES, LiveAuthority.DIE);
                var a = LabRouter.start(
                        lab, lab.site("a"), papers(chain), Map.of("token", tokens.library()), environment);
                var b = LabRouter.start(lab, lab.site("b"), papers(other), Map.of(), Map.of())) {
            a.engine()
                    .loadKey(new OwnKey.InToken(
                            "token", tokens.slots().getFirst(), Pkcs11Element.handle(1), tokens.code(0)));
            b.engine().loadKey(b.papers().inHand());
            for (var ca : List.of(authority.roots.getFirst(), chain.get(1), other.get(1))) {
                a.engine().loadCa(Bytes.of(ca.getEncoded()));
                b.engine().loadCa(Bytes.of(ca.getEncoded()));
            }
            // 3. who they are, proven to each other: each names the other's certificate and CA
            b.engine().load(tunnel(b, a, Optional.empty(), chain));
            a.engine().load(tunnel(a, b, Optional.of(lab.address(lab.site("b"))), other));
            var state = a.engine().initiate("a-b", Duration.ofSeconds(20));
            assertEquals(State.Phase.UP, state.phase());
        }
    }

    private static Tunnel tunnel(LabRouter own, LabRouter other, Optional<InetAddress> at, List<X509Certificate> chain)
            throws Exception {
        var ca = Bytes.of(chain.get(1).getEncoded());
        var networks = List.of(own.site().network(), other.site().network());
        return own.tunnel("a-b", other.papers().identity(), at, ca, Optional.empty(), networks.get(0), networks.get(1));
    }

    /// The key is in a file for `other` only.
    private static LabAuthority.Papers papers(List<X509Certificate> chain) throws Exception {
        var subject = chain.getFirst().getSubjectX500Principal().getEncoded();
        return new LabAuthority.Papers(
                "asn1dn:#" + HexFormat.of().formatHex(subject),
                Bytes.of(chain.getFirst().getEncoded()),
                folder.resolve("other.key"));
    }
}
