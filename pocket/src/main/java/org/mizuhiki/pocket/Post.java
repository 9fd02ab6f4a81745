package org.mizuhiki.pocket;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.pocket.outbox.Errand;
import org.mizuhiki.pocket.outbox.Step;
import org.mizuhiki.records.Attachment;
import org.mizuhiki.records.AttachmentCheck;
import org.mizuhiki.records.Finding;
import org.mizuhiki.records.LetterCheck;
import org.mizuhiki.seal.SealedLetter;
import org.mizuhiki.store.Store;

/// Writing and sending letters, and what came in. docs/flows/letter.md names the steps.
public final class Post {
    private final Desk desk;
    private final Errands errands;
    private final People people;
    private final Relations relations;
    private final Envelopes envelopes;
    private final Drafts drafts;

    Post(Desk desk, Errands errands, People people, Relations relations, Envelopes envelopes) {
        this.desk = desk;
        this.errands = errands;
        this.people = people;
        this.relations = relations;
        this.envelopes = envelopes;
        this.drafts = Drafts.of(desk.device(), desk.seals().streams());
    }

    /// What this person sent, the newest first: the letters whose statements hold.
    public List<LetterSealed> sent() {
        return Said.of(desk).of(LetterSealed.class).stream()
                .map(Attested::statement)
                .filter(s -> s.by().equals(desk.me()))
                .sorted(Comparator.comparing(LetterSealed::at).reversed())
                .toList();
    }

    /// Checks document and attachments and keeps them, closed, as a draft on this device.
    public Written write(NewLetter letter) {
        return write(letter, desk.nonce());
    }

    /// The same under an ID that the caller derives from what was handed in, so that the same again is known.
    Written write(NewLetter letter, String id) {
        // 1. another institution can read the document
        var findings = new ArrayList<Finding>();
        var check = letter.form().check(letter.document());
        findings.addAll(check.findings());
        // 2. the attachments are what they say
        var attachments = new LinkedHashMap<Attachment, Path>();
        boolean fit = check instanceof LetterCheck.Accepted;
        for (var file : letter.attachments()) {
            switch (letter.attachmentForm().apply(file)) {
                case AttachmentCheck.Acceptable a -> {
                    findings.addAll(a.findings());
                    attachments.put(a.attachment(), file);
                }
                case AttachmentCheck.Unacceptable u -> {
                    findings.addAll(u.findings());
                    fit = false;
                }
            }
        }
        if (!fit) {
            return new Written.NotALetter(findings);
        }
        new org.mizuhiki.records.Letter(letter.document(), List.copyOf(attachments.keySet()));
        // 3. each attachment closed under its own key, the draft closed under this device's
        var kept = drafts.keep(id, letter.owner(), letter.document(), attachments);
        return new Written.Drafted(draft(kept), findings);
    }

    /// A letter of one's own as a draft for another ID of the same patient, bit for bit: the first ID lapsed,
    /// or its keys are lost.
    ///
    /// @param own as [Reading#open] gave it to its author
    /// @param attachments its attachments, in files
    /// @throws Refusal `not-the-author`
    public Draft again(ReadLetter own, PersonId owner, List<Path> attachments) {
        if (!own.author().id().equals(desk.me())) {
            throw Refusal.of("not-the-author", "封緘し直せるのは、その文書の作成者だけです", "Only its author can seal a letter again");
        }
        var files = new LinkedHashMap<Attachment, Path>();
        for (var attachment : own.letter().attachments()) {
            files.put(
                    attachment,
                    attachments.stream()
                            .filter(f -> f.endsWith(attachment.name()))
                            .findFirst()
                            .orElseThrow());
        }
        return draft(drafts.keep(desk.nonce(), owner, own.document(), files));
    }

    public List<Draft> drafts() {
        return drafts.ids().stream()
                .filter(id -> !desk.outbox().isSent(id))
                .map(id -> draft(drafts.read(id)))
                .toList();
    }

    public void discard(String draft) {
        drafts.remove(drafts.read(draft).id());
    }

    /// Signs, stamps, seals, and hands over; the same draft again continues or gives the same answer.
    ///
    /// @throws Refusal `draft-unknown`, `not-related`, `device-clock`, `person-unknown`, and the
    /// directory check's
    public SentLetter send(String draft) {
        // 1. begun before: continue from the outbox
        if (desk.outbox().isWaiting(draft)) {
            desk.outbox().push(draft, desk.servers());
        }
        if (desk.outbox().isSent(draft)) {
            drafts.remove(draft);
            return sent(desk.outbox().read(draft));
        }
        var kept = drafts.read(draft);
        // 2. a care relation stands (the key server will ask too)
        if (!relations.stands(kept.manifest().owner())) {
            desk.checkOneself();
            throw Refusal.of(
                    "not-related",
                    "患者との認証（診療関係）が成立していません。「mizuhiki relation propose」で申し出て、患者が承認してから送ってください",
                    "No care relation stands with this patient; propose one and let the patient accept it first");
        }
        // 3. sign, stamp and seal for the patient and oneself
        var sealed = seal(kept);
        // 4. say so
        var statement = new LetterSealed(
                desk.me(), kept.manifest().owner(), sealed.id(), kept.manifest().objects(), desk.now(), desk.nonce());
        // 5. all of it on disk, closed and signed, before any server hears of it; then store, key server, ledger
        var errand = prepare(kept, sealed, statement);
        errands.run(errand, blobs(kept, sealed));
        drafts.remove(draft);
        return sent(errand);
    }

    /// Whether a letter of this ID was written: it is a draft, waits in the outbox, or was sent.
    boolean knows(String id) {
        return desk.outbox().isSent(id) || waits(id) || drafts.has(id);
    }

    /// Whether servers may have heard of it already, so that it can only go on.
    boolean waits(String id) {
        return desk.outbox().isWaiting(id);
    }

    /// That the author's statement about a letter holds, and where it stands in the ledger.
    ///
    /// @throws Refusal `letter-unknown`, and the ledger's
    public Proof<LetterSealed> proof(Digest letter) {
        return desk.prove(envelopes.statement(letter, desk.about(letter).all()), desk.servers());
    }

    /// What a printed letter's code is worth.
    ///
    /// @param by at the latest then the statement was in the ledger
    /// @param sealed the author's statement, if this person is a party to the letter; without it only the
    /// ledger's word is known, and the paper may say anything
    public record Printed(Instant by, Optional<LetterSealed> sealed) {}

    /// Whether the ledger has what the code of a print names, and whether it is this letter's.
    ///
    /// @throws Refusal `print-mark-false`, `entry-unknown`, and the ledger's
    public Printed verify(PrintMark mark) {
        var logged = desk.servers().logged(new Entry("letter-sealed", mark.statement()));
        var known = known(mark.letter());
        boolean other = known.filter(s -> !s.id().equals(mark.statement())).isPresent();
        if (other || logged.evidence().index() != mark.index()) {
            throw Refusal.of(
                    "print-mark-false",
                    "QRコードの内容が台帳または文書と合いません。この印刷物を信用しないでください",
                    "The code does not agree with the ledger or the letter; do not trust this print");
        }
        return new Printed(logged.by(), known);
    }

    private Optional<LetterSealed> known(Digest letter) {
        try {
            return desk.about(letter).of(LetterSealed.class).stream()
                    .map(Attested::statement)
                    .filter(s -> s.letter().equals(letter))
                    .findFirst();
        } catch (Refusal refusal) {
            if (refusal.code().equals("letter-unknown")) {
                return Optional.empty(); // for this person there is no such letter
            }
            throw refusal;
        }
    }

    /// What came in, newest first; the sender's name is the store's word until the letter is opened.
    ///
    /// @throws Refusal `store-odd` when a notice comes twice, or is not older than the one before: pages of
    /// it would never end
    public List<Store.Notice> inbox(int limit, long before) {
        var page = desk.region().store().inbox(desk.me(), limit, before);
        long last = before;
        for (var notice : page) {
            if (notice.number() >= last) {
                throw Refusal.of(
                        "store-odd",
                        "データサーバの応答が正しくありません（同じ通知の重複、または順序）。運用者に連絡してください",
                        "The store's notices come twice or out of order; tell the operator");
            }
            last = notice.number();
        }
        return page;
    }

    private SealedLetter seal(Drafts.Kept kept) {
        var owner = people.find(kept.manifest().owner()).reader();
        return desk.seals()
                .letters()
                .close(
                        kept.document(),
                        kept.manifest().metadata(),
                        desk.device().author(),
                        desk.region().stamps(),
                        List.of(owner, desk.myReader()));
    }

    private Errand prepare(Drafts.Kept kept, SealedLetter sealed, LetterSealed statement) {
        var mine = desk.device().opener().keyId();
        var slots = new LinkedHashMap<PersonId, org.mizuhiki.seal.Slot>();
        for (var slot : sealed.slots()) {
            slots.put(slot.keyId().equals(mine) ? desk.me() : statement.owner(), slot);
        }
        envelopes.keepSlot(sealed.id(), java.util.Objects.requireNonNull(slots.get(desk.me())));
        var signed = desk.sign(statement);
        var steps = new ArrayList<Step>();
        statement.objects().forEach(object -> steps.add(new Step.Keep(object)));
        steps.add(new Step.Keep(sealed.id()));
        steps.add(new Step.Register(sealed.id(), statement.objects(), statement.owner()));
        steps.add(new Step.FileLetter(signed, slots));
        steps.add(new Step.Logged(statement.kind(), statement.id()));
        var about = Map.of(
                "letter",
                sealed.id().hex(),
                "owner",
                statement.owner().value(),
                "statement",
                statement.id().hex());
        return new Errand(kept.id(), "letter", Canonical.of(about), steps);
    }

    private Map<Digest, Path> blobs(Drafts.Kept kept, SealedLetter sealed) {
        var blobs = drafts.blobs(kept);
        var body = drafts.folder().resolve(kept.id()).resolve(sealed.id().hex());
        Disk.write(body, sealed.body().toArray());
        blobs.put(sealed.id(), body);
        return blobs;
    }

    private static SentLetter sent(Errand errand) {
        var about = errand.about();
        return new SentLetter(
                errand.id(),
                new Digest(about.get("letter")),
                new PersonId(about.get("owner")),
                new Digest(about.get("statement")));
    }

    private static Draft draft(Drafts.Kept kept) {
        return new Draft(
                kept.id(),
                kept.manifest().owner(),
                kept.manifest().items().stream().map(Manifest.Item::attachment).toList());
    }
}
