package org.mizuhiki.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.MailSeals;
import org.mizuhiki.seal.MailSeals.Form;

/// Opens, checks and explains a mail. Only the whole mail is ever opened or held for signed, never a
/// part of it: what
/// lies beside an encrypted part must not get at its text (EFAIL), and what lies beside a signed part
/// was signed by
/// nobody.
public final class MailReading {
    private static final int MOST_LAYERS = 4;

    private final MailSeals seals;
    private final Signers signers;

    public MailReading(MailSeals seals, Signers signers) {
        this.seals = seals;
        this.signers = signers;
    }

    /// @param keys of the reader's mailbox, the newest first
    /// @throws Refusal `mail-too-large`, `mail-malformed`, `seal-not-for-you`, `seal-broken`,
    /// `suite-unknown`
    public ReadMail read(Bytes mail, List<MailSeals.Key> keys) {
        var outer = Part.read(mail);
        var opened = new Opened(outer, Optional.empty(), true, Optional.empty(), false);
        for (int layer = 0; layer < MOST_LAYERS; layer++) {
            var next = next(opened, keys);
            if (next.isEmpty()) {
                break;
            }
            opened = next.get();
        }
        return shown(outer.headers(), opened);
    }

    /// What is left when a layer is taken off.
    ///
    /// @param cipher of the innermost envelope
    /// @param whole no envelope on the way could be changed unnoticed
    /// @param signed inside of all envelopes; one outside proves only who sent the envelope
    private record Opened(
            Part part, Optional<String> cipher, boolean whole, Optional<MailSeals.Signed> signed, boolean broken) {}

    private Optional<Opened> next(Opened at, List<MailSeals.Key> keys) {
        var part = at.part();
        if (part.headers().isType("multipart/signed")) {
            return Optional.of(beside(at));
        }
        if (!Envelopes.isCms(part)) {
            return Optional.empty();
        }
        return switch (Envelopes.kind(part)) {
            case ENVELOPE -> {
                var opened = seals.open(part.content(), keys);
                yield Optional.of(new Opened(
                        Part.read(opened.content()),
                        Optional.of(opened.algorithm()),
                        at.whole() && opened.authenticated(),
                        Optional.empty(),
                        false));
            }
            case SIGNED -> Optional.of(inside(at));
            case OTHER -> Optional.empty();
        };
    }

    private Opened inside(Opened at) {
        try {
            var signed = seals.verify(at.part().content());
            return new Opened(Part.read(signed.content()), at.cipher(), at.whole(), Optional.of(signed), at.broken());
        } catch (Refusal refusal) {
            return broken(at, at.part());
        }
    }

    /// A signature beside its content covers the first part, to the bit, and nothing else.
    private Opened beside(Opened at) {
        var children = at.part().children();
        if (children.size() != 2
                || !children.get(1).headers().isType("application/pkcs7-signature", "application/x-pkcs7-signature")) {
            return broken(at, at.part());
        }
        var content = children.getFirst();
        try {
            var signed = verified(children.get(1).content(), content.whole());
            // what was verified is what is shown: of bent line ends a reader could see other words
            return new Opened(Part.read(signed.content()), at.cipher(), at.whole(), Optional.of(signed), at.broken());
        } catch (Refusal refusal) {
            return broken(at, content);
        }
    }

    /// Signers sign lines that end with CR LF (RFC 8551, 3.1.1); what came with bare LF is held against
    /// that, too.
    private MailSeals.Signed verified(Bytes signature, Bytes content) {
        try {
            return seals.verify(signature, content);
        } catch (Refusal refusal) {
            var canonical = Lines.canonical(content);
            if (canonical.equals(content)) {
                throw refusal;
            }
            return seals.verify(signature, canonical);
        }
    }

    /// Shown as it is, with the warning first.
    private static Opened broken(Opened at, Part content) {
        var plain = content.headers().isType("multipart/signed") || Envelopes.isCms(content)
                ? new Part(content.raw(), content.from(), content.body(), content.to(), PLAIN, content.children())
                : content;
        return new Opened(plain, at.cipher(), at.whole(), Optional.empty(), true);
    }

    private static final Headers PLAIN =
            new Headers(List.of(new Headers.Field("Content-Type", "application/octet-stream")));

    private ReadMail shown(Headers outer, Opened opened) {
        var inner = opened.part().headers();
        var signature = judged(outer, opened);
        var view = PartView.of(opened.part());
        var notes = new ArrayList<ReadMail.Note>();
        if (opened.cipher().isEmpty()) {
            notes.add(new ReadMail.Note(
                    "暗号化されずに届きました。途中のサーバーは内容を読めました", "It arrived in the clear: servers on its way could read it"));
        } else if (!opened.whole() && !(signature instanceof Judged.Believed)) {
            notes.add(new ReadMail.Note(
                    "暗号（" + opened.cipher().get() + "）だけでは改ざんを検知できません",
                    "Its cipher (" + opened.cipher().get()
                            + ") alone does not show whether it was changed on its way"));
        }
        var outside = opened.signed().isPresent() ? outside(outer, inner) : List.<String>of();
        var from = shownFrom(outer, signature, notes);
        if (!outside.isEmpty()) {
            var names = String.join(", ", outside);
            notes.add(new ReadMail.Note(
                    "署名の対象外で、途中で変えられたかもしれない項目: " + names,
                    "Not covered by the signature, so perhaps changed on its way: " + names));
        }
        notes.addAll(view.notes());
        var signed = opened.signed().isPresent() ? inner : outer;
        return new ReadMail(
                from,
                one("To", signed, outer),
                one("Subject", inner, outer),
                one("Date", signed, outer),
                outer.shown("Message-ID"),
                opened.cipher(),
                signature,
                opened.signed().map(MailSeals.Signed::reads).orElse(Form.EVERYWHERE),
                opened.signed().map(MailSeals.Signed::certificates).orElse(List.of()),
                outside,
                view.text(),
                view.files(),
                notes);
    }

    private static String one(String name, Headers first, Headers outer) {
        return first.all(name).size() == 1 ? first.shown(name) : outer.shown(name);
    }

    /// What people see of a mail's head, and no signature vouches for.
    private static List<String> outside(Headers outer, Headers inner) {
        return Stream.of("From", "To", "Date", "Subject")
                .filter(name -> inner.all(name).size() != 1 && !outer.all(name).isEmpty())
                .toList();
    }

    /// Under a check mark a display name would look checked: "Dr. Sato <taro@…>", certified for taro.
    static String shownFrom(Headers outer, Judged signature, List<ReadMail.Note> notes) {
        var shown = outer.shown("From");
        var address = outer.sender().orElse(shown);
        if (!(signature instanceof Judged.Believed) || shown.equalsIgnoreCase(address)) {
            return shown;
        }
        notes.add(new ReadMail.Note(
                "確認したのはアドレスだけです。表示名は差出人の自称です: " + shown,
                "Only the address was checked; the display name is the sender's own word: " + shown));
        return address;
    }

    private Judged judged(Headers outer, Opened opened) {
        if (opened.broken()) {
            return new Judged.Broken();
        }
        if (opened.signed().isEmpty()) {
            return new Judged.Unsigned();
        }
        // a signed sender who is not the one outside: somebody sent on what another had signed
        var inner = opened.part().headers();
        var from = outer.sender()
                .filter(s -> inner.all("From").isEmpty() || inner.sender().equals(Optional.of(s)));
        return from.isPresent()
                ? signers.signer(opened.signed().get().certificates(), from.get())
                : new Judged.Doubted(
                        "?",
                        "sender-unclear",
                        "差出人（From）が署名の内と外で1つに定まりません",
                        "The mail does not name exactly one sender (From), inside of the signature and outside");
    }
}
