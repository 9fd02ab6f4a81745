package org.mizuhiki.consent;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mizuhiki.consent.Statement.CareRelation;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.consent.Statement.EmergencyAccess;
import org.mizuhiki.consent.Statement.EmergencyOpening;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.consent.Statement.LetterResealed;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.consent.Statement.ProvisionalConfirmation;
import org.mizuhiki.consent.Statement.ProvisionalRegistration;
import org.mizuhiki.consent.Statement.Revocation;
import org.mizuhiki.consent.Statement.Veto;
import org.mizuhiki.consent.Statement.VetoLifted;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

/// The canonical record of each statement, and back. One statement has one record and one record is one
/// statement: unknown, missing and surplus fields, other spellings of a time and free text are refused, so
/// that two parties can never read one signature in two ways.
final class StatementForm {
    /// Stands in every record, so that a signature over something else can never be passed off as a
    /// statement.
    static final String FORM = "mizuhiki-statement-1";

    static final int MAX_OBJECTS = 256;

    private static final Pattern NONCE = Pattern.compile("[0-9a-f]{32}");
    /// Code words only: servers read statements, so nobody may write anything about a patient into them.
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    private static final Pattern TIME = Pattern.compile("2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z");

    /// A grant that may not be passed on says nothing about it: zero has no second spelling.
    private static final Pattern ONWARD = Pattern.compile("[1-" + LateralGrant.MOST_ONWARD + "]");

    /// Lists are digests joined by a comma, which no digest contains; the empty list is the empty text.
    private static final String SEPARATOR = ",";

    private final Map<String, String> fields;

    private StatementForm(Canonical record) {
        this.fields = new TreeMap<>(record.fields());
    }

    static Canonical of(Statement statement) {
        var fields = new TreeMap<String, String>();
        fields.put("form", FORM);
        fields.put("by", statement.by().value());
        fields.put("at", statement.at().toString());
        fields.put("nonce", statement.nonce());
        switch (statement) {
            case CareRelation s -> {
                fields.put("kind", "care-relation");
                fields.put("professional", s.professional().value());
                fields.put("patient", s.patient().value());
                fields.put("until", s.until().toString());
            }
            case LetterSealed s -> {
                fields.put("kind", "letter-sealed");
                fields.put("owner", s.owner().value());
                fields.put("letter", s.letter().hex());
                fields.put(
                        "objects",
                        String.join(
                                SEPARATOR, s.objects().stream().map(Digest::hex).toList()));
            }
            case LateralGrant s -> put(fields, s);
            case Veto s -> {
                fields.put("kind", "veto");
                fields.put("bars", s.bars().value());
            }
            case VetoLifted s -> {
                fields.put("kind", "veto-lifted");
                fields.put("lifts", s.lifts().hex());
            }
            case ProvisionalRegistration s -> put(fields, s);
            case ProvisionalConfirmation s -> put(fields, s);
            case LetterResealed s -> put(fields, s);
            case EmergencyAccess s -> put(fields, s);
            case EmergencyOpening s -> put(fields, s);
            case Revocation s -> {
                fields.put("kind", "revocation");
                fields.put("ends", s.ends().hex());
                fields.put("reason", s.reason());
            }
            case Disclosure s -> {
                fields.put("kind", "disclosure");
                fields.put("owner", s.owner().value());
                fields.put("letter", s.letter().hex());
                s.grant().ifPresent(g -> fields.put("grant", g.hex()));
                fields.put("purpose", s.purpose());
            }
        }
        return Canonical.of(fields);
    }

    private static void put(Map<String, String> fields, LateralGrant s) {
        fields.put("kind", "lateral-grant");
        fields.put("reader", s.reader().value());
        fields.put("owner", s.owner().value());
        fields.put("letter", s.letter().hex());
        fields.put("slot", s.slot().hex());
        fields.put("purpose", s.purpose());
        fields.put("until", s.until().toString());
        s.under().ifPresent(u -> fields.put("under", u.hex()));
        if (s.onward() != 0) {
            fields.put("onward", Integer.toString(s.onward()));
        }
    }

    private static void put(Map<String, String> fields, ProvisionalRegistration s) {
        fields.put("kind", "provisional-registration");
        fields.put("patient", s.patient().value());
        fields.put("supervisor", s.supervisor().value());
        fields.put("evidence", s.evidence().hex());
        fields.put("picture", s.picture().hex());
        fields.put("key", s.key().hex());
        fields.put("until", s.until().toString());
    }

    private static void put(Map<String, String> fields, ProvisionalConfirmation s) {
        fields.put("kind", "provisional-confirmation");
        fields.put("patient", s.patient().value());
        fields.put("registration", s.registration().hex());
    }

    private static void put(Map<String, String> fields, LetterResealed s) {
        fields.put("kind", "letter-resealed");
        fields.put("owner", s.owner().value());
        fields.put("letter", s.letter().hex());
        fields.put("key", s.key().hex());
        fields.put("slot", s.slot().hex());
    }

    private static void put(Map<String, String> fields, EmergencyAccess s) {
        fields.put("kind", "emergency-access");
        fields.put("card", s.card().hex());
        fields.put("key", s.key().hex());
        fields.put("until", s.until().toString());
    }

    private static void put(Map<String, String> fields, EmergencyOpening s) {
        fields.put("kind", "emergency-opening");
        fields.put("patient", s.patient().value());
        fields.put("access", s.access().hex());
        fields.put("institution", s.institution().value());
        fields.put("terminal", s.terminal().hex());
        fields.put("presence", s.presence().hex());
        fields.put("reason", s.reason());
        fields.put("until", s.until().toString());
    }

    /// @throws Refusal `statement-malformed`
    static Statement read(Canonical record) {
        var form = new StatementForm(record);
        var statement = form.statement();
        if (!form.fields.isEmpty()) {
            throw malformed(form.fields.keySet().iterator().next());
        }
        return statement;
    }

    private Statement statement() {
        if (!FORM.equals(text("form"))) {
            throw malformed("form");
        }
        var kind = text("kind");
        var by = person("by");
        var at = time("at");
        var nonce = matching("nonce", NONCE);
        return switch (kind) {
            case "care-relation" -> relation(by, at, nonce);
            case "letter-sealed" ->
                new LetterSealed(by, other(person("owner"), "owner", by), digest("letter"), digests(), at, nonce);
            case "lateral-grant" -> lateralGrant(by, at, nonce);
            case "veto" -> new Veto(by, other(person("bars"), "bars", by), at, nonce);
            case "veto-lifted" -> new VetoLifted(by, digest("lifts"), at, nonce);
            case "provisional-registration" -> registration(by, at, nonce);
            case "provisional-confirmation" ->
                new ProvisionalConfirmation(by, person("patient"), digest("registration"), at, nonce);
            case "letter-resealed" ->
                new LetterResealed(
                        by,
                        other(person("owner"), "owner", by),
                        digest("letter"),
                        digest("key"),
                        digest("slot"),
                        at,
                        nonce);
            case "emergency-access" -> new EmergencyAccess(by, digest("card"), digest("key"), at, until(at), nonce);
            case "emergency-opening" -> opening(by, at, nonce);
            case "revocation" -> new Revocation(by, digest("ends"), matching("reason", WORD), at, nonce);
            case "disclosure" ->
                new Disclosure(
                        by,
                        person("owner"),
                        digest("letter"),
                        fields.containsKey("grant") ? Optional.of(digest("grant")) : Optional.empty(),
                        matching("purpose", WORD),
                        at,
                        nonce);
            default -> throw malformed("kind");
        };
    }

    private CareRelation relation(PersonId by, Instant at, String nonce) {
        var professional = person("professional");
        var patient = other(person("patient"), "patient", professional);
        if (!by.equals(professional) && !by.equals(patient)) {
            throw malformed("by");
        }
        return new CareRelation(by, professional, patient, at, until(at), nonce);
    }

    /// Grantor, reader and owner are three people: a grant to the owner or the author could displace
    /// their own slot. Only an owner's own grant, to a delegate, names two; it rests on none and goes no further.
    private LateralGrant lateralGrant(PersonId by, Instant at, String nonce) {
        var reader = other(person("reader"), "reader", by);
        var owner = other(person("owner"), "owner", reader);
        if (fields.containsKey("under") || fields.containsKey("onward")) {
            other(owner, "owner", by);
        }
        return new LateralGrant(
                by,
                reader,
                owner,
                digest("letter"),
                digest("slot"),
                matching("purpose", WORD),
                at,
                until(at),
                nonce,
                fields.containsKey("under") ? Optional.of(digest("under")) : Optional.empty(),
                fields.containsKey("onward") ? matching("onward", ONWARD).charAt(0) - '0' : 0);
    }

    /// Registrar, patient and supervisor are three people: nobody supervises what they said themselves.
    private ProvisionalRegistration registration(PersonId by, Instant at, String nonce) {
        var patient = other(person("patient"), "patient", by);
        var supervisor = other(other(person("supervisor"), "supervisor", by), "supervisor", patient);
        return new ProvisionalRegistration(
                by, patient, supervisor, digest("evidence"), digest("picture"), digest("key"), at, until(at), nonce);
    }

    /// The patient's own opening needs no emergency.
    private EmergencyOpening opening(PersonId by, Instant at, String nonce) {
        return new EmergencyOpening(
                by,
                other(person("patient"), "patient", by),
                digest("access"),
                read("institution", text("institution"), InstitutionCode::new),
                digest("terminal"),
                digest("presence"),
                matching("reason", WORD),
                at,
                until(at),
                nonce);
    }

    private static PersonId other(PersonId person, String field, PersonId than) {
        if (person.equals(than)) {
            throw malformed(field);
        }
        return person;
    }

    private String text(String field) {
        var value = fields.remove(field);
        if (value == null) {
            throw malformed(field);
        }
        return value;
    }

    private String matching(String field, Pattern form) {
        var value = text(field);
        if (!form.matcher(value).matches()) {
            throw malformed(field);
        }
        return value;
    }

    private PersonId person(String field) {
        return read(field, text(field), PersonId::new);
    }

    private Digest digest(String field) {
        return read(field, text(field), Digest::new);
    }

    private List<Digest> digests() {
        var joined = text("objects");
        if (joined.isEmpty()) {
            return List.of();
        }
        if (joined.length() > MAX_OBJECTS * 65) {
            throw malformed("objects");
        }
        var list = Stream.of(joined.split(SEPARATOR, -1))
                .map(t -> read("objects", t, Digest::new))
                .toList();
        if (list.stream().distinct().count() != list.size()) {
            throw malformed("objects");
        }
        return list;
    }

    private Instant time(String field) {
        var text = matching(field, TIME);
        try {
            var time = Instant.parse(text);
            // 24:00:00 and a leap second parse, but are other spellings of another time's text
            if (time.toString().equals(text)) {
                return time;
            }
        } catch (DateTimeException e) {
            throw malformed(field, e);
        }
        throw malformed(field);
    }

    private Instant until(Instant at) {
        var until = time("until");
        if (until.isBefore(at)) {
            throw malformed("until");
        }
        return until;
    }

    private static <T> T read(String field, String text, Function<String, T> reading) {
        try {
            return reading.apply(text);
        } catch (Refusal e) {
            throw malformed(field, e);
        }
    }

    private static Refusal malformed(String field) {
        return malformed(field, null);
    }

    private static Refusal malformed(String field, @org.jspecify.annotations.Nullable Exception cause) {
        // an unknown field's name comes from outside: it is named only if it is a plain word
        var name = WORD.matcher(field).matches() ? field : "?";
        var japanese = "申告書の項目「" + name + "」が正しくありません。作り直して署名してください";
        var english = "The statement's field '" + name + "' is not as it must be; make and sign it again";
        return cause == null
                ? Refusal.of("statement-malformed", japanese, english)
                : Refusal.of("statement-malformed", japanese, english, cause);
    }
}
