package org.mizuhiki.pocket;

import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Decision;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.consent.Statement.CareRelation;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.consent.Statement.ProvisionalRegistration;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.KeyServer.Filed;
import org.mizuhiki.keys.KeyServer.Release;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.seal.OpenedLetter;
import org.mizuhiki.seal.SealedLetter;
import org.mizuhiki.trust.Member;

/// Opening a letter: the reader's device believes none of the servers.
public final class Reading {
    private final Desk desk;
    private final Envelopes envelopes;

    Reading(Desk desk, Envelopes envelopes) {
        this.desk = desk;
        this.envelopes = envelopes;
    }

    /// @param purpose such as `treatment`; the patient sees it
    /// @throws Refusal `letter-unknown`, `store-swapped`, `slot-swapped`, `author-mismatch`,
    /// `letter-mismatch`, the
    ///     denying rule of [org.mizuhiki.consent.Statute], and those of seal, trust and ledger
    public ReadLetter open(Digest letter, String purpose) {
        // 1. what was said about the letter, and the grant that names this reader
        var about = desk.about(letter);
        var known = about.all();
        var sealed = envelopes.statement(letter, known);
        var grant = grant(sealed.statement(), known);
        // 2. the closed letter, by its digest
        var body = envelopes.body(letter);
        // 3. "I am opening this letter": signed before anything opens; the key server logs it, then gives the slot
        var disclosure = new Disclosure(
                desk.me(),
                sealed.statement().owner(),
                letter,
                grant.map(g -> g.statement().id()),
                purpose,
                desk.now(),
                desk.nonce());
        var release = desk.region().keys().release(desk.me(), desk.sign(disclosure));
        // 4. this device decides by itself, from signed statements only, that it may
        var said = new ArrayList<Attested<?>>(known);
        unheard(release, known).forEach(f -> said.add(desk.region().statements().check(f.signed())));
        permitted(letter, said);
        checkSlot(release, grant);
        // 5. join slot and body, open
        var opened = desk.seals()
                .letters()
                .open(
                        new SealedLetter(body, List.of(release.slot())),
                        desk.device().opener());
        // 6. it is the letter that its author stated
        var author = author(opened, sealed);
        var manifest = Manifest.read(opened.metadata());
        checkSame(manifest, sealed.statement());
        // 7. everything this rests on is in the ledger
        var proofs = proofs(sealed, grant, said, release, disclosure);
        return new ReadLetter(
                letter,
                manifest.owner(),
                author,
                opened.signature().stampedAt(),
                opened.content(),
                proofs,
                new ReadLetter.OpenedParts(manifest),
                about.broken().stream().map(Trail.Broken::of).toList());
    }

    /// Decrypts all attachments into `folder`; a file appears under its name only when its digest is what
    /// the author signed. Files that are there already are not touched.
    ///
    /// @throws Refusal `file-exists`, `store-swapped`, `seal-broken`
    public List<Path> save(ReadLetter letter, Path folder) {
        var manifest = letter.parts().manifest();
        Disk.folder(folder);
        for (var item : manifest.items()) {
            if (Files.exists(folder.resolve(item.attachment().name()))) {
                throw Disk.taken();
            }
        }
        return manifest.items().stream()
                .map(item -> save(item, manifest, folder))
                .toList();
    }

    private Path save(Manifest.Item item, Manifest manifest, Path folder) {
        var target = folder.resolve(item.attachment().name());
        var temporary = folder.resolve("." + item.closed().hex() + ".part");
        return envelopes.fetch(item.closed(), closed -> {
            Files.deleteIfExists(temporary);
            var hash = Digest.sha256();
            try (var key = Secret.taking(item.key().toArray());
                    var plain = desk.seals().streams().open(closed, key, manifest.binding());
                    var channel = Disk.create(temporary);
                    var out = new DigestOutputStream(Channels.newOutputStream(channel), hash)) {
                long size = plain.transferTo(out);
                if (size != item.attachment().size()
                        || !Digest.ofHash(hash.digest())
                                .equals(item.attachment().sha256())) {
                    throw Envelopes.swapped();
                }
                channel.force(true);
                return Disk.place(temporary, target);
            } finally {
                Files.deleteIfExists(temporary);
            }
        });
    }

    /// The newest grant that names this reader; none for owner and author.
    private Optional<Attested<LateralGrant>> grant(LetterSealed sealed, List<Attested<?>> said) {
        if (sealed.owner().equals(desk.me()) || sealed.by().equals(desk.me())) {
            return Optional.empty();
        }
        var all = new Said(said);
        var ended = all.ended();
        var mine = all.of(LateralGrant.class).stream()
                .filter(g -> g.statement().reader().equals(desk.me())
                        && g.statement().letter().equals(sealed.letter()))
                .sorted(Comparator.comparing((Attested<LateralGrant> g) ->
                                ended.contains(g.statement().id()))
                        // what was passed on may have ended above, where this reader does not see it
                        .thenComparing(g -> g.statement().under().isPresent())
                        .thenComparing(
                                (Attested<LateralGrant> g) -> g.statement().until(), Comparator.reverseOrder()))
                .toList();
        if (mine.isEmpty()) {
            throw Refusal.of("not-a-reader", "あなたへの横認証がありません", "No lateral grant opens this letter to you");
        }
        return Optional.of(mine.getFirst());
    }

    /// What was checked a moment ago, to the bit, is not checked again.
    private static List<Filed> unheard(Release release, List<Attested<?>> known) {
        var heard = known.stream().map(Attested::signed).collect(Collectors.toSet());
        return release.about().stream().filter(f -> !heard.contains(f.signed())).toList();
    }

    private void permitted(Digest letter, List<Attested<?>> said) {
        if (desk.region().statute().mayOpen(desk.me(), letter, desk.now(), said) instanceof Decision.Denied denied) {
            throw Refusal.of(denied.rule(), denied.japanese(), denied.english());
        }
    }

    /// The author fixed the slot's digest in the grant: another slot, such as an older letter's, is
    /// noticed here.
    private void checkSlot(Release release, Optional<Attested<LateralGrant>> grant) {
        boolean mine = release.slot().keyId().equals(desk.device().opener().keyId());
        boolean granted = grant.map(g ->
                        g.statement().slot().equals(release.slot().encoded().sha256()))
                .orElse(true);
        if (!mine || !granted) {
            throw Envelopes.slotSwapped();
        }
    }

    Member.Professional author(OpenedLetter opened, Attested<LetterSealed> sealed) {
        var member = desk.region().validator().check(opened.signature());
        if (member instanceof Member.Professional professional
                && professional.id().equals(sealed.statement().by())) {
            return professional;
        }
        throw Refusal.of(
                "author-mismatch",
                "文書の署名者が、届け出られた作成者と違います。開封を中止します",
                "The letter is signed by somebody else than its statement says; nothing is shown");
    }

    static void checkSame(Manifest manifest, LetterSealed sealed) {
        if (!manifest.owner().equals(sealed.owner()) || !manifest.objects().equals(sealed.objects())) {
            throw Refusal.of(
                    "letter-mismatch",
                    "文書の中身が、届け出られた患者または添付と違います。開封を中止します",
                    "The letter's owner or attachments differ from its statement; nothing is shown");
        }
    }

    /// Relation or registration of author and owner, and the grants that this one was passed on under.
    private static boolean restsOn(Statement one, LetterSealed sealed, Optional<Attested<LateralGrant>> grant) {
        return switch (one) {
            case CareRelation r ->
                r.professional().equals(sealed.by()) && r.patient().equals(sealed.owner());
            case ProvisionalRegistration r ->
                r.by().equals(sealed.by()) && r.patient().equals(sealed.owner());
            case LateralGrant g ->
                grant.map(Attested::statement)
                        .filter(mine -> mine.under().isPresent() && !mine.id().equals(g.id()))
                        .isPresent();
            case LetterSealed _,
                    Statement.EmergencyAccess _,
                    Statement.EmergencyOpening _,
                    Statement.LetterResealed _,
                    Disclosure _,
                    Statement.Revocation _,
                    Statement.Veto _,
                    Statement.VetoLifted _,
                    Statement.ProvisionalConfirmation _ -> false;
        };
    }

    private List<Proof<?>> proofs(
            Attested<LetterSealed> sealed,
            Optional<Attested<LateralGrant>> grant,
            List<Attested<?>> said,
            Release release,
            Disclosure disclosure) {
        var servers = desk.servers();
        var proofs = new ArrayList<Proof<?>>();
        proofs.add(desk.prove(sealed, servers));
        grant.ifPresent(g -> proofs.add(desk.prove(g, servers)));
        var seen = new java.util.HashSet<Digest>();
        for (var one : said) {
            if (restsOn(one.statement(), sealed.statement(), grant)
                    && seen.add(one.statement().id())) {
                proofs.add(desk.prove(one, servers));
            }
        }
        var logged = desk.prove(release.disclosure().signed(), servers);
        if (!logged.statement().id().equals(disclosure.id())) {
            throw Refusal.of(
                    "evidence-broken",
                    "開示の記録が台帳のものと一致しません",
                    "The key server logged another disclosure than the one signed here");
        }
        proofs.add((Proof<? extends Statement>) logged);
        return proofs;
    }
}
