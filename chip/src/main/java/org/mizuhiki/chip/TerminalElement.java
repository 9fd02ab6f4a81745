package org.mizuhiki.chip;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.function.Function;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// The element of an eligibility terminal, from the host's side: whose it is, who opens it, and visits. The
/// host is not trusted: it carries what others signed. Whoever signs gets the bytes, and returns a
/// signature (P-256 and SHA-256, DER; an administrator's card may be RSA).
public final class TerminalElement {
    /// Who opened the element; the power or [#close] ends it.
    public enum Opened {
        CLOSED,
        BY_SERVICE,
        BY_ADMINISTRATOR
    }

    /// @param left how many stamps the anchor of this power-on still permits
    /// @param life mu, unsigned
    /// @param reserve how many more an opened element makes without an anchor
    /// @param institution empty for an element that is nobody's
    /// @param keyed whether it has K_inst
    /// @param unfinished whether a visit was begun and neither finished nor abandoned
    public record View(
            ElementKey key,
            int left,
            long life,
            int reserve,
            String institution,
            boolean keyed,
            boolean sealed,
            Opened opened,
            boolean unfinished) {}

    /// The keys that an element made for an institution. Whoever certifies them, or seals to them, asks
    /// [#isMadeBy] himself: the host that hands them over is not trusted.
    ///
    /// @param challenge of the order that the service signed
    /// @param authentication its certificate is [InstitutionForms#certificate]
    /// @param agreement K_inst is sealed to it
    /// @param proof the element's
    public record InstitutionKeys(
            String institution, Bytes challenge, PublicKey authentication, PublicKey agreement, Bytes proof) {
        public boolean isMadeBy(ElementKey element) {
            var form = element.form(
                    'I',
                    challenge,
                    InstitutionForms.name(institution),
                    Points.point(authentication),
                    Points.point(agreement));
            return Crypto.verifies(element.key(), form, proof);
        }
    }

    /// How many administrators an element knows.
    public static final int ADMINISTRATORS = 4;

    private static final int OPEN = 0x40;
    private static final int CLOSE = 0x42;
    private static final int STAGE = 0x44;
    private static final int ENROL = 0x46;
    private static final int SHARED_KEY = 0x48;
    private static final int ADMINISTRATOR = 0x4a;
    private static final int SEALING = 0x4c;
    private static final int CHALLENGE = 0x84;
    private static final int STATE = 0xca;
    private static final int PIECE = 250;
    private static final int CHALLENGED = 16;
    private static final int POINT = 65;

    private final CardChannel channel;

    private TerminalElement(CardChannel channel) {
        this.channel = channel;
    }

    /// What a factory gives the applet when it is installed.
    ///
    /// @param service the key of the visit service
    /// @param quota stamps per anchor, 1 to 32767
    public static Bytes parameters(PublicKey service, int quota) {
        return EKey.joined(Points.point(service), EKey.number(quota, 2));
    }

    /// The same, for a card on which [Programs#TIMER] was installed before.
    public static Bytes tickingParameters(PublicKey service, int quota) {
        return EKey.joined(parameters(service, quota), Programs.TIMER.aid());
    }

    /// Selects the element on a card.
    ///
    /// @throws Refusal `chip-without-terminal`
    public static TerminalElement on(CardChannel channel) {
        var aid = Programs.TERMINAL.aid();
        var select = Bytes.of((byte) 0, (byte) 0xa4, (byte) 4, (byte) 0, (byte) aid.size());
        var answer = channel.transmit(EKey.joined(select, aid).toArray());
        if (answer.length != 2 || answer[0] != (byte) 0x90) {
            throw Refusal.of(
                    "chip-without-terminal", "このカードには端末用の素子がありません", "There is no terminal element on this card");
        }
        return new TerminalElement(channel);
    }

    public TickStamps stamps() {
        return new TickStamps(channel);
    }

    public Visits visits() {
        return new Visits(this);
    }

    public View view() {
        var raw = send(STATE, 0, 0, Bytes.of()).toArray();
        var key = new ElementKey(Points.key(part(raw, 0, POINT)), raw[98] != 0);
        var institution = new String(raw, 77, 16, StandardCharsets.US_ASCII).replace("\0", "");
        return new View(
                key,
                (int) TickStamps.unsigned(raw, POINT, 2),
                TickStamps.unsigned(raw, 67, 8),
                (int) TickStamps.unsigned(raw, 75, 2),
                institution,
                raw[94] != 0,
                raw[95] != 0,
                Opened.values()[raw[96]],
                raw[97] != 0);
    }

    /// Gives the element to an institution: new keys, everything of the institution before is forgotten.
    /// It is sealed afterwards, until the service opens it.
    ///
    /// @param institution its ID, 1 to 16 characters of ASCII
    /// @throws Refusal `terminal-not-permitted` when the service did not sign
    public InstitutionKeys enrol(String institution, Function<Bytes, Bytes> service) {
        var name = InstitutionForms.name(institution);
        var challenge = challenge();
        var answer = order(challenge, ENROL, 0, name, service).toArray();
        return new InstitutionKeys(
                institution,
                challenge,
                Points.key(part(answer, 0, POINT)),
                Points.key(part(answer, POINT, 2 * POINT)),
                part(answer, 2 * POINT, answer.length));
    }

    /// Brings K_inst.
    ///
    /// @param sealed of [InstitutionSecret#sealed]
    /// @throws Refusal `terminal-not-permitted`; `terminal-secret-broken` when it was sealed for another
    ///     element
    public void share(Bytes sealed, Function<Bytes, Bytes> service) {
        order(challenge(), SHARED_KEY, 0, sealed, service);
    }

    /// Registers an administrator by his card's key: RSA-2048 or P-256.
    ///
    /// @param place 0 to 3
    public void register(int place, PublicKey administrator, Function<Bytes, Bytes> service) {
        order(challenge(), ADMINISTRATOR, place, raw(administrator), service);
    }

    public void remove(int administrator, Function<Bytes, Bytes> service) {
        order(challenge(), ADMINISTRATOR, administrator, Bytes.of(), service);
    }

    /// Online. Also what a new or moved element needs first.
    public void open(Function<Bytes, Bytes> service) {
        order(challenge(), OPEN, 1, Bytes.of(), service);
    }

    /// Whether this is what [#open(Function)] has the service sign, for this element: whoever signs for one
    /// that is elsewhere looks first.
    public static boolean isOpening(ElementKey element, Bytes form) {
        var head = element.form('S');
        var tail = Bytes.of((byte) OPEN, (byte) 1, (byte) 0);
        var raw = form.toArray();
        return raw.length == head.size() + CHALLENGED + tail.size()
                && part(raw, 0, head.size()).equals(head)
                && part(raw, head.size() + CHALLENGED, raw.length).equals(tail);
    }

    /// Offline, by an administrator's own card.
    ///
    /// @param administrator his place
    /// @throws Refusal `terminal-not-permitted`, `terminal-sealed`, `terminal-administrator-unknown`
    public void open(int administrator, Function<Bytes, Bytes> card) {
        var key = view().key();
        var form = key.form('A', challenge());
        stage(card.apply(form));
        send(OPEN, 2, administrator, Bytes.of());
    }

    public void close() {
        send(CLOSE, 0, 0, Bytes.of());
    }

    /// Before it is moved: only the service opens it again.
    public void seal() {
        send(CLOSE, 1, 0, Bytes.of());
    }

    /// Whether it is sealed, for somebody who does not believe its host.
    ///
    /// @param nonce 32 bytes of the asker's
    public Sealing sealing(Bytes nonce) {
        return Sealing.read(send(SEALING, 0, 0, nonce));
    }

    /// Sixteen fresh bytes; the next order or opening uses them up, whatever becomes of it.
    Bytes challenge() {
        return send(CHALLENGE, 0, 0, Bytes.of());
    }

    private Bytes order(Bytes challenge, int ins, int p1, Bytes body, Function<Bytes, Bytes> service) {
        var head = Bytes.of((byte) ins, (byte) p1, (byte) 0);
        var signature = service.apply(view().key().form('S', challenge, head, body));
        stage(body);
        return send(ins, p1, 0, signature);
    }

    /// Replaces what is staged; an empty piece empties it.
    void stage(Bytes content) {
        var all = content.toArray();
        int at = 0;
        do {
            int end = Math.min(all.length, at + PIECE);
            send(STAGE, at >> 8, at & 0xff, part(all, at, end));
            at = end;
        } while (at < all.length);
    }

    /// A card's key as the element wants it: modulus(256) or point(65).
    ///
    /// @throws Refusal `card-key-unfit` for a key of another kind
    static Bytes raw(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa
            when rsa.getModulus().bitLength() == 2048 && rsa.getPublicExponent().intValueExact() == 65_537 -> {
                var modulus = rsa.getModulus().toByteArray();
                yield part(modulus, modulus.length - 256, modulus.length);
            }
            case java.security.interfaces.ECPublicKey ec -> Points.point(ec);
            default ->
                throw Refusal.of(
                        "card-key-unfit", "このカードの鍵には対応していません", "Cards with RSA-2048 or P-256 keys are understood");
        };
    }

    static Bytes part(byte[] raw, int from, int to) {
        return Bytes.of(Arrays.copyOfRange(raw, from, to));
    }

    Bytes send(int ins, int p1, int p2, Bytes data) {
        return new Command(ins, p1, p2, data).send(channel, false, TerminalElement::refused);
    }

    static Refusal refused(int status) {
        return switch (status) {
            case 0x6982 ->
                Refusal.of(
                        "terminal-not-permitted",
                        "端末が拒否しました。開設されていないか、権限のある署名ではありません",
                        "The element is not opened, or this signature does not permit it");
            case 0x6984 ->
                Refusal.of("terminal-secret-broken", "この素子のために封緘された鍵ではありません", "This was not sealed for this element");
            case 0x6985 ->
                Refusal.of(
                        "terminal-state",
                        "端末はいまこの操作を受け付けない状態です。回数を使い切った場合は新しい時刻認証を取得してください",
                        "The element is not in a state for this; if its stamps are used up, get an anchor");
            case 0x6986 ->
                Refusal.of(
                        "terminal-sealed",
                        "端末は封印されているか、前の受付が終わっていません",
                        "The element is sealed, nobody's, or the visit before was not ended");
            case 0x6a83 ->
                Refusal.of("terminal-administrator-unknown", "登録されていない管理者です", "No such administrator is registered");
            default -> Command.refused(status);
        };
    }

    static Digest digest(byte[] raw, int at) {
        return Digest.ofHash(Arrays.copyOfRange(raw, at, at + 32));
    }
}
