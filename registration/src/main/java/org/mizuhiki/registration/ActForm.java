package org.mizuhiki.registration;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.registration.Step.Withdrawal;
import org.mizuhiki.trust.Member;

/// The canonical record of each act, and back. One act has one record and one record is one act: whatever
/// else a record says, or says in another spelling, is refused, so that two parties can never read one
/// signature in two ways.
final class ActForm {
    /// Stands in every record, so that a signature over something else is never passed off as an act.
    static final String FORM = "mizuhiki-registration-1";

    private static final Pattern NONCE = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern TIME = Pattern.compile("2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z");
    private static final Pattern WORD = Pattern.compile("[a-z][A-Za-z-]{0,31}");

    private final Canonical record;

    private ActForm(Canonical record) {
        this.record = record;
    }

    static Canonical of(Act act) {
        var fields = new TreeMap<String, String>();
        fields.put("form", FORM);
        fields.put("kind", act.kind().text());
        act.place().ifPresent(p -> {
            fields.put("file", p.file().hex());
            fields.put("before", p.before().hex());
        });
        fields.put("by", act.by().value());
        fields.put("signer", act.signer());
        fields.put("at", act.at().toString());
        fields.put("nonce", act.nonce());
        put(fields, act.step());
        return Canonical.of(fields);
    }

    private static void put(Map<String, String> fields, Step step) {
        switch (step) {
            case Step.AccreditationApplication s -> {
                fields.put("role", s.role().text());
                s.vendor().ifPresent(v -> fields.put("vendor", v));
            }
            case Step.AccreditationAnswer s -> {
                answer(fields, s.until().isPresent(), s.reason());
                s.until().ifPresent(u -> fields.put("until", u.toString()));
            }
            case Step.AccreditationWithdrawal s -> fields.put("reason", s.reason());
            case Step.MembershipApplication s ->
                fields.put("provider", s.provider().value());
            case Step.MembershipAnswer s -> answer(fields, s.approved(), s.reason());
            case Step.PurchaseApplication s -> {
                fields.put("vendor", s.vendor().value());
                fields.put("model", s.model());
            }
            case Step.DeviceRegistration s -> {
                fields.put("device", s.device().identity());
                fields.put("request", s.request().asBase64());
                fields.put("ca", s.deviceCa().value());
            }
            case Step.DeviceCertificate s -> fields.put("request", s.request().hex());
            case Step.DeviceLoading s -> {
                fields.put("certificate", s.certificate().hex());
                fields.put("receipt", s.receipt().asBase64());
            }
            case Step.DeviceReceipt s -> fields.put("device", s.device().identity());
            case Step.UseApplication s -> {
                fields.put("device", s.device().identity());
                fields.put("service", s.service());
            }
            case Step.UseAnswer s -> answer(fields, s.approved(), s.reason());
            case Step.ServiceRequest s -> {
                fields.put("request", s.request().asBase64());
                fields.put("ca", s.serviceCa().value());
            }
            case Step.ServiceCertificate s -> fields.put("request", s.request().hex());
            case Step.ServiceLoading s -> {
                fields.put("certificate", s.certificate().hex());
                fields.put("receipt", s.receipt().asBase64());
                fields.put("deviceReceipt", s.deviceReceipt().asBase64());
                s.deviceCertificate().ifPresent(c -> fields.put("deviceCertificate", c.asBase64()));
            }
            case Step.ConnectionApplication s -> fields.put("service", s.service());
            case Step.ServiceProvision s -> fields.put("service", s.service());
            case Step.Declination s -> fields.put("reason", s.reason());
            case Withdrawal s -> {
                fields.put("part", s.part().text());
                fields.put("reason", s.reason());
            }
        }
    }

    private static void answer(Map<String, String> fields, boolean approved, String reason) {
        fields.put("answer", approved ? "approved" : "refused");
        fields.put("reason", reason);
    }

    /// @throws Refusal `act-malformed`
    static Act read(Canonical record) {
        try {
            var act = new ActForm(record).act();
            if (act.canonical().equals(record)) {
                return act;
            }
            throw malformed("?", null);
        } catch (DateTimeException | IllegalArgumentException e) {
            throw malformed("?", e);
        } catch (Refusal e) {
            throw e.code().equals("act-malformed") ? e : malformed("?", e);
        }
    }

    private Act act() {
        if (!FORM.equals(text("form"))) {
            throw malformed("form", null);
        }
        var place = record.find("file").map(file -> new Act.Place(new Digest(file), digest("before")));
        return new Act(
                place, institution("by"), text("signer"), time("at"), matching("nonce", NONCE), step(text("kind")));
    }

    private Step step(String named) {
        return switch (Kind.find(named).orElseThrow(() -> malformed("kind", null))) {
            case ACCREDITATION_APPLICATION ->
                new Step.AccreditationApplication(Role.of(text("role")), record.find("vendor"));
            case ACCREDITATION_ANSWER ->
                new Step.AccreditationAnswer(
                        approved() ? Optional.of(time("until")) : Optional.empty(), text("reason"));
            case ACCREDITATION_WITHDRAWAL -> new Step.AccreditationWithdrawal(text("reason"));
            case MEMBERSHIP_APPLICATION -> new Step.MembershipApplication(institution("provider"));
            case MEMBERSHIP_ANSWER -> new Step.MembershipAnswer(approved(), text("reason"));
            case PURCHASE_APPLICATION -> new Step.PurchaseApplication(institution("vendor"), text("model"));
            case DEVICE_REGISTRATION -> new Step.DeviceRegistration(device(), bytes("request"), institution("ca"));
            case DEVICE_CERTIFICATE -> new Step.DeviceCertificate(digest("request"));
            case DEVICE_LOADING -> new Step.DeviceLoading(digest("certificate"), bytes("receipt"));
            case DEVICE_RECEIPT -> new Step.DeviceReceipt(device());
            case USE_APPLICATION -> new Step.UseApplication(device(), text("service"));
            case USE_ANSWER -> new Step.UseAnswer(approved(), text("reason"));
            case SERVICE_REQUEST -> new Step.ServiceRequest(bytes("request"), institution("ca"));
            case SERVICE_CERTIFICATE -> new Step.ServiceCertificate(digest("request"));
            case SERVICE_LOADING ->
                new Step.ServiceLoading(
                        digest("certificate"),
                        bytes("receipt"),
                        bytes("deviceReceipt"),
                        record.find("deviceCertificate").map(Bytes::base64));
            case CONNECTION_APPLICATION -> new Step.ConnectionApplication(text("service"));
            case SERVICE_PROVISION -> new Step.ServiceProvision(text("service"));
            case DECLINATION -> new Step.Declination(text("reason"));
            case WITHDRAWAL ->
                new Withdrawal(Withdrawal.Part.valueOf(text("part").toUpperCase(Locale.ROOT)), text("reason"));
        };
    }

    private String text(String field) {
        return record.find(field).orElseThrow(() -> malformed(field, null));
    }

    private String matching(String field, Pattern form) {
        var value = text(field);
        if (!form.matcher(value).matches()) {
            throw malformed(field, null);
        }
        return value;
    }

    private boolean approved() {
        return text("answer").equals("approved");
    }

    private InstitutionCode institution(String field) {
        return new InstitutionCode(text(field));
    }

    private Digest digest(String field) {
        return new Digest(text(field));
    }

    private Member.Device device() {
        return Member.Device.parse(text("device"));
    }

    private Bytes bytes(String field) {
        return Bytes.base64(text(field));
    }

    private Instant time(String field) {
        return Instant.parse(matching(field, TIME));
    }

    /// An unknown field's name comes from outside: only a plain word is repeated.
    static Refusal malformed(String field, @Nullable Throwable cause) {
        var name = WORD.matcher(field).matches() ? field : "?";
        var japanese = "手続き書の項目「" + name + "」が正しくありません。作り直して署名してください";
        var english = "The act's field '" + name + "' is not as it must be; make and sign it again";
        return cause == null
                ? Refusal.of("act-malformed", japanese, english)
                : Refusal.of("act-malformed", japanese, english, cause);
    }
}
