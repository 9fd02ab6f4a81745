package org.mizuhiki.trust;

import java.time.Instant;
import java.util.Optional;

/// The words of each [Reason]: what happened, and what can be done.
record ReasonWords(String code, String japanese, String english) {
    static ReasonWords of(Reason reason) {
        return switch (reason) {
            case Reason.NotTrusted n -> notTrusted(n);
            case Reason.NotAllowed n -> notAllowed(n);
        };
    }

    private static ReasonWords notTrusted(Reason.NotTrusted reason) {
        return switch (reason) {
            case Reason.Malformed(int place) ->
                words("malformed", whoJa(place) + "の形式が正しくありません", whoEn(place) + " is malformed");
            case Reason.TooLarge() ->
                words("too-large", "証明書または添えられたデータが大きすぎます", "The certificate or what came with it is too large");
            case Reason.TooMuchWork() ->
                words(
                        "too-much-work",
                        "証明書のつながりが複雑すぎるため、確認を打ち切りました",
                        "The certificates are too entangled; the check was stopped");
            case Reason.NoRoot() ->
                words(
                        "no-root",
                        "証明書が、この地域で信頼すると決めた外部の認証局につながりません。必要なら運営者に登録を相談してください",
                        "The certificate leads to no foreign root that this region trusts; ask the operator if it should");
            case Reason.RootNotForThis() ->
                words(
                        "root-not-for-this",
                        "この証明書の認証局は登録されていますが、この用途には信頼されていません",
                        "The certificate's root is trusted here, but not for this purpose");
            case Reason.RootEnded() ->
                words(
                        "root-ended",
                        "この証明書の認証局を信頼する期限が過ぎています",
                        "The region's trust in the certificate's root has ended");
            case Reason.SignatureWrong() ->
                words(
                        "signature-wrong",
                        "証明書の署名が正しくありません。偽造または破損の可能性があります",
                        "A signature on the path is wrong: forged or damaged");
            case Reason.NotYetValid(int place) ->
                words("not-yet-valid", whoJa(place) + "はまだ有効期間に入っていません", whoEn(place) + " is not valid yet");
            case Reason.Expired(int place) ->
                words("expired", whoJa(place) + "の有効期限が切れています", whoEn(place) + " has expired");
            case Reason.TooWeak(int place, String algorithm) ->
                words(
                        "too-weak",
                        whoJa(place) + "の暗号方式（" + algorithm + "）は弱いため、信頼できません",
                        whoEn(place) + " uses " + algorithm + ", which is too weak to be trusted");
        };
    }

    private static ReasonWords notAllowed(Reason.NotAllowed reason) {
        return switch (reason) {
            case Reason.UnknownExtension(int place) ->
                words(
                        "unknown-extension",
                        whoJa(place) + "に、解釈できない必須の拡張が含まれています",
                        whoEn(place) + " carries a critical extension that is not understood here");
            case Reason.NotACa(int place) ->
                words("not-a-ca", whoJa(place) + "は、証明書を発行することを許されていません", whoEn(place) + " may not issue certificates");
            case Reason.PathTooLong() ->
                words("path-too-long", "認証局の階層が、許された段数を超えています", "The path has more CAs than were allowed");
            case Reason.WrongUse(int place) ->
                words("wrong-use", whoJa(place) + "はこの用途のものではありません", whoEn(place) + " is not for this use");
            case Reason.NameNotPermitted(int place) ->
                words(
                        "name-not-permitted",
                        whoJa(place) + "の名前またはメールアドレスは、認証局に許された範囲の外です",
                        whoEn(place) + " has a name or address outside of what its CA may certify");
            case Reason.PolicyNotMet() ->
                words(
                        "policy-not-met",
                        "証明書の発行方針（ポリシー）が、求められるものを満たしません",
                        "The certificate's policy is not one that is asked for");
            case Reason.Revoked(int place, var at) ->
                words("revoked", whoJa(place) + "は失効しています" + sinceJa(at), whoEn(place) + " was revoked" + sinceEn(at));
            case Reason.StandingUnknown(int place) ->
                words(
                        "standing-unknown",
                        whoJa(place) + "が失効していないか、確認できません。しばらくしてからやり直してください",
                        "Nothing says whether " + lower(place) + " was revoked; try again later");
            case Reason.StandingTooOld(int place) ->
                words(
                        "standing-too-old",
                        whoJa(place) + "の失効情報が古いため、確認できません。ネットワークにつないでやり直してください",
                        "What is known of the revocation of " + lower(place) + " is too old; connect and try again");
            case Reason.OtherAddress() ->
                words(
                        "other-address",
                        "証明書のメールアドレスが、差出人または宛先のものと違います",
                        "The certificate names another mail address than the sender's or recipient's");
        };
    }

    private static ReasonWords words(String code, String japanese, String english) {
        return new ReasonWords("stranger-" + code, japanese, english);
    }

    private static String whoJa(int place) {
        return place < 0 ? "証明書" : place == 0 ? "本人の証明書" : place + "段上の認証局の証明書";
    }

    private static String whoEn(int place) {
        return "T" + lower(place).substring(1);
    }

    private static String lower(int place) {
        return place < 0
                ? "the certificate"
                : place == 0 ? "the stranger's own certificate" : "the certificate of the CA " + place + " above";
    }

    private static String sinceJa(Optional<Instant> at) {
        return at.map(t -> "（" + t + " から）").orElse("");
    }

    private static String sinceEn(Optional<Instant> at) {
        return at.map(t -> " at " + t).orElse("");
    }
}
