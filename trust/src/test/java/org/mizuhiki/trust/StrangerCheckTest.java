package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;

/// Strangers' certificates at the door, with their reasons.
@Tag("B1")
@Tag("V5")
class StrangerCheckTest {
    private static final String THEIRS = "1.3.6.1.4.1.99999.1";
    private static final String OURS = "1.3.6.1.4.1.99999.2";

    private final TestClock clock = new TestClock();
    private final ForeignCa top = new ForeignCa("Top", clock);
    private final ForeignCa sub = new ForeignCa("Sub", clock);
    private Desk desk;

    StrangerCheckTest(@TempDir Path folder) {
        this.desk = new Desk(folder, clock);
    }

    @BeforeEach
    void trustTop() {
        desk.trusts(top.root());
    }

    @AfterEach
    void close() {
        desk.close();
    }

    private List<Bytes> lists() {
        return List.of(top.list(), sub.list());
    }

    private Stranger under(X509Certificate own, X509Certificate ca) {
        return Desk.stranger(own, List.of(ca), lists());
    }

    @Test
    void aStrangerUnderATrustedRootIsAccepted() {
        var own = sub.mail("taro@example.jp");
        var said = desk.verdict(under(own, top.certify(sub)).from("taro@Example.JP"));
        var accepted = assertInstanceOf(Verdict.Accepted.class, said);
        assertEquals(own, accepted.path().getFirst());
        assertEquals(desk.roots.getFirst().digest(), accepted.root());
        assertEquals(clock.instant(), accepted.asOf());
    }

    @Test
    void withoutARootThatLeadsThereNobodyIsBelieved() {
        desk.roots.clear();
        assertEquals("no-root", desk.says(under(sub.mail("a@example.jp"), top.certify(sub))));
        desk.trusts(new ForeignCa("Top", clock).root()); // same name, another key
        assertEquals("signature-wrong", desk.says(under(sub.mail("a@example.jp"), top.certify(sub))));
    }

    @Test
    void aRootCountsForItsPurposesAndItsTimeOnly() {
        desk.roots.clear();
        desk.trusts(top.root(), Set.of(ForeignRoot.Purpose.TLS_CLIENT), Set.of(), Set.of(), Set.of());
        assertEquals("root-not-for-this", desk.says(under(sub.mail("a@example.jp"), top.certify(sub))));
        desk.roots.clear();
        desk.trusts(top.root());
        clock.pass(Duration.ofDays(101));
        assertEquals("root-ended", desk.says(under(sub.mail("a@example.jp"), top.certify(sub))));
    }

    @Test
    void whatARootMayNameIsDecidedHere() {
        desk.roots.clear();
        desk.trusts(top.root(), Set.of("example.jp"), Set.of());
        assertEquals("accepted", desk.says(under(sub.mail("a@example.jp"), top.certify(sub))));
        assertEquals("name-not-permitted", desk.says(under(sub.mail("a@example.com"), top.certify(sub))));
        assertEquals("name-not-permitted", desk.says(under(sub.mail("a@sub.example.jp"), top.certify(sub))));
        var inSubject = sub.issue(
                new X500Name("C=JP,E=a@example.com,CN=x"), KeyFiles.newKeyPair(Region.DIE), new ForeignCa.Wish());
        assertEquals("name-not-permitted", desk.says(under(inSubject, top.certify(sub))));
    }

    @Test
    void whatACaMayNameIsDecidedByTheOneAboveIt() {
        var bound = top.certify(sub, new ForeignCa.Wish().onlyMailOf("example.jp"));
        assertEquals("accepted", desk.says(under(sub.mail("a@example.jp"), bound)));
        assertEquals("name-not-permitted", desk.says(under(sub.mail("a@example.com"), bound)));
    }

    /// The JDK alone takes "Taro" for a host outside of what the CA may certify.
    @Test
    void aCommonNameIsNoHostName() {
        var subtrees = new GeneralSubtree[] {
            new GeneralSubtree(new GeneralName(GeneralName.dNSName, "example.jp")),
            new GeneralSubtree(new GeneralName(GeneralName.rfc822Name, "example.jp"))
        };
        var bound = top.certify(
                sub, new ForeignCa.Wish().with(Extension.nameConstraints, true, new NameConstraints(subtrees, null)));
        desk.roots.clear();
        desk.trusts(top.root(), Set.of("example.jp"), Set.of());
        assertEquals("accepted", desk.says(under(taro("taro@example.jp"), bound)));
        assertEquals("name-not-permitted", desk.says(under(taro("taro@example.com"), bound)));
    }

    /// A limit to domains says nothing of addresses, so they are not let through beside it.
    @Test
    void aRootLimitedToDomainsVouchesForNoIpAddress() {
        desk.roots.clear();
        desk.trusts(top.root(), Set.of(ForeignRoot.Purpose.TLS_SERVER), Set.of("example.jp"), Set.of(), Set.of());
        var host = new GeneralName(GeneralName.dNSName, "example.jp");
        var address = new GeneralName(GeneralName.iPAddress, "192.0.2.1");
        assertEquals("accepted", serving(host));
        assertEquals("name-not-permitted", serving(address));
        assertEquals("name-not-permitted", serving(host, address));
    }

    private String serving(GeneralName... names) {
        var wish = new ForeignCa.Wish()
                .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .with(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                .with(Extension.subjectAlternativeName, false, new GeneralNames(names));
        var own = top.issue(new X500Name("CN=example.jp"), KeyFiles.newKeyPair(Region.DIE), wish);
        var stranger = Desk.stranger(own, List.of(), List.of(top.list()));
        return Desk.says(desk.check.check(stranger, ForeignRoot.Purpose.TLS_SERVER, desk.clock.instant()));
    }

    private X509Certificate taro(String address) {
        var wish = new ForeignCa.Wish()
                .with(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.rfc822Name, address)));
        return sub.issue(new X500Name("CN=Taro"), KeyFiles.newKeyPair(Region.DIE), wish);
    }

    @Test
    void aBridgeLeadsToTheRootThatIsTrusted() {
        var bridge = new ForeignCa("Bridge", clock);
        var far = new ForeignCa("Far", clock);
        var others = List.of(
                far.certify(bridge), // the wrong way round, and a circle
                bridge.certify(far),
                top.certify(bridge),
                bridge.certify(top),
                far.root(),
                far.certify(sub));
        var lists = List.of(top.list(), bridge.list(), far.list(), sub.list());
        assertEquals("accepted", desk.says(Desk.stranger(sub.mail("a@example.jp"), others, lists)));
    }

    @Test
    void aRevokedCrossCertificateLeavesTheOtherWay() {
        var first = new ForeignCa("First", clock);
        var second = new ForeignCa("Second", clock);
        var cross = first.certify(sub);
        var others = List.of(cross, second.certify(sub), top.certify(first), top.certify(second));
        first.revoke(cross);
        var lists = List.of(top.list(), first.list(), second.list(), sub.list());
        assertEquals("accepted", desk.says(Desk.stranger(sub.mail("a@example.jp"), others, lists)));
        var one = List.of(cross, top.certify(first));
        assertEquals("revoked", desk.says(Desk.stranger(sub.mail("a@example.jp"), one, lists)));
    }

    @Test
    void anotherPkisPolicyCountsWhereItWasMapped() {
        desk.roots.clear();
        desk.trusts(top.root(), Set.of(), Set.of(OURS));
        var own = sub.mail("a@example.jp", new ForeignCa.Wish().policies(THEIRS));
        var mapped = top.certify(sub, new ForeignCa.Wish().policies(OURS).maps(OURS, THEIRS));
        assertEquals("accepted", desk.says(under(own, mapped)));
        var unmapped = top.certify(sub, new ForeignCa.Wish().policies(OURS));
        assertEquals("policy-not-met", desk.says(under(own, unmapped)));
        assertEquals("policy-not-met", desk.says(under(sub.mail("a@example.jp"), mapped)));
    }

    @Test
    void revokedIsSaidOfTheRightCertificate() {
        var ca = top.certify(sub);
        var own = sub.mail("a@example.jp");
        sub.revoke(own);
        var said = assertInstanceOf(Verdict.Refused.class, desk.verdict(under(own, ca)));
        assertEquals(new Reason.Revoked(0, Optional.of(clock.instant())), said.reason());
        top.revoke(ca);
        var above = assertInstanceOf(Verdict.Refused.class, desk.verdict(under(own, ca)));
        assertEquals(new Reason.Revoked(1, Optional.of(clock.instant())), above.reason());
    }

    @Test
    void whatWasSignedBeforeTheRevocationStaysGood() {
        var ca = top.certify(sub);
        var own = sub.mail("a@example.jp");
        var before = clock.instant();
        clock.pass(Duration.ofHours(1));
        sub.revoke(own);
        var then = desk.check.check(under(own, ca), ForeignRoot.Purpose.MAIL_SIGNING, before);
        assertEquals("accepted", Desk.says(then));
        assertEquals("revoked", desk.says(under(own, ca)));
    }

    @Test
    void silenceAboutRevocationIsNoYes() {
        var own = sub.mail("a@example.jp");
        var ca = top.certify(sub);
        assertEquals("standing-unknown", desk.says(Desk.stranger(own, List.of(ca), List.of(top.list()))));
        var forged = new ForeignCa("Sub", clock).list(); // same name, another key
        assertEquals("standing-unknown", desk.says(Desk.stranger(own, List.of(ca), List.of(top.list(), forged))));
        var old = lists();
        clock.pass(Duration.ofDays(2));
        assertEquals("standing-too-old", desk.says(Desk.stranger(own, List.of(ca), old)));
    }

    @Test
    void anOlderListDoesNotBringARevokedCertificateBack() {
        var own = sub.mail("a@example.jp");
        var ca = top.certify(sub);
        var old = sub.list();
        clock.pass(Duration.ofHours(1));
        sub.revoke(own);
        var lists = List.of(old, top.list(), sub.list());
        assertEquals("revoked", desk.says(Desk.stranger(own, List.of(ca), lists)));
    }

    @Test
    void timesUsesAndStrengthAreSaidOneByOne() {
        var ca = top.certify(sub);
        var late = new ForeignCa.Wish();
        late.life = Duration.ofHours(-1);
        assertEquals("expired", desk.says(under(sub.mail("a@example.jp", late), ca)));
        var early = new ForeignCa.Wish();
        early.since = Duration.ofHours(-1);
        assertEquals("not-yet-valid", desk.says(under(sub.mail("a@example.jp", early), ca)));
        var web = new ForeignCa.Wish().use(KeyPurposeId.id_kp_serverAuth);
        assertEquals("wrong-use", desk.says(under(sub.mail("a@example.jp", web), ca)));
        var webCa = top.certify(sub, new ForeignCa.Wish().use(KeyPurposeId.id_kp_serverAuth));
        assertEquals("wrong-use", desk.says(under(sub.mail("a@example.jp"), webCa)));
        var odd = new ForeignCa.Wish().with(new ASN1ObjectIdentifier("1.2.3.4"), true, DERNull.INSTANCE);
        assertEquals("unknown-extension", desk.says(under(sub.mail("a@example.jp", odd), ca)));
        var weak = sub.signingWith("SHA1withECDSA").mail("a@example.jp");
        assertEquals("too-weak", desk.says(under(weak, ca)));
        sub.signingWith("SHA256withECDSA");
    }

    @Test
    void whoIsNoCaMakesNoCertificates() {
        var person = top.issue(sub.x500(), sub.keys(), new ForeignCa.Wish());
        assertEquals("not-a-ca", desk.says(under(sub.mail("a@example.jp"), person)));
        var noSigner = top.issue(
                sub.x500(),
                sub.keys(),
                new ForeignCa.Wish()
                        .with(Extension.basicConstraints, true, new BasicConstraints(true))
                        .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.cRLSign)));
        assertEquals("wrong-use", desk.says(under(sub.mail("a@example.jp"), noSigner)));
        var last = ForeignCa.ca(new ForeignCa.Wish()).with(Extension.basicConstraints, true, new BasicConstraints(0));
        var deep = new ForeignCa("Deep", clock);
        var others = List.of(top.issue(sub.x500(), sub.keys(), last), sub.certify(deep));
        var lists = List.of(top.list(), sub.list(), deep.list());
        assertEquals("path-too-long", desk.says(Desk.stranger(deep.mail("a@example.jp"), others, lists)));
    }

    @Test
    void anotherAddressIsAnotherPerson() {
        var stranger = under(sub.mail("taro@example.jp"), top.certify(sub));
        assertEquals("accepted", desk.says(stranger.from("taro@example.jp")));
        for (var other : List.of("Taro@example.jp", "jiro@example.jp", "taro@example.jp.evil.example", "taro", "")) {
            assertEquals("other-address", desk.says(stranger.from(other)));
        }
    }
}
