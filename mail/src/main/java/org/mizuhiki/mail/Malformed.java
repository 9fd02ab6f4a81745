package org.mizuhiki.mail;

import org.mizuhiki.house.Refusal;

/// How a mail is refused that nobody can read without guessing.
final class Malformed {
    private Malformed() {}

    static Refusal mail(String japanese, String english) {
        return Refusal.of(
                "mail-malformed",
                "メールの形式が正しくありません（" + japanese + "）。送り主に送り直しを依頼してください",
                "The mail is malformed (" + english + "); ask the sender to send it again");
    }
}
