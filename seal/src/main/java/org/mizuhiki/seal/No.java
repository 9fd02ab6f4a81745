package org.mizuhiki.seal;

import java.io.IOException;
import java.security.GeneralSecurityException;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.tsp.TSPException;
import org.mizuhiki.house.Refusal;

/// The room's refusals, and the gate through which parsers and providers may fail: whatever they throw
/// becomes one of these, so that no caller sees a library's exception.
enum No {
    SEAL_MALFORMED("seal-malformed", "封緘データの形式が正しくありません", "This is not a sealed letter in its exact form"),
    SEAL_BROKEN("seal-broken", "封緘データが壊れているか、改ざんされています", "The seal is damaged or was altered; nothing was opened"),
    SEAL_NOT_FOR_YOU("seal-not-for-you", "この封緘データはあなた宛てではありません", "The seal has no slot for this key"),
    SUITE_UNKNOWN("suite-unknown", "未対応の暗号方式です。ソフトウェアを更新してください", "The suite is unknown here; update the software"),
    LETTER_TOO_LARGE("letter-too-large", "文書が大きすぎます（20 MBまで）", "The letter is over 20 MB; send it as a large object"),
    READERS_MISSING("readers-missing", "閲覧者が指定されていません", "A letter needs between 1 and 512 readers"),
    READER_KEY(
            "reader-key-malformed",
            "閲覧者の鍵が正しくないか、未対応です",
            "A reader's key is not usable (X-Wing, P-256, RSA 2048-8192)"),
    AUTHOR_KEY(
            "author-key-unusable",
            "署名鍵が使えません（ECDSA P-256が必要です）",
            "The author's key cannot sign (ECDSA P-256 is needed)"),
    SIGNATURE_BROKEN("signature-broken", "署名が正しくありません", "The signature is wrong or not in the expected form"),
    STAMP_BROKEN("stamp-broken", "タイムスタンプが正しくありません", "The time stamp is wrong or not for this signature"),
    STAMP_REFUSED("stamp-refused", "タイムスタンプ局が要求を拒否しました", "The time-stamp authority refused the request"),
    RECORD_MALFORMED("record-malformed", "署名付き記録の形式が正しくありません", "This is not a signed record in its exact form"),
    RECORD_TOO_LARGE("record-too-large", "記録が大きすぎます（256 KBまで）", "The record is over 256 KB"),
    PASSPHRASE_WRONG(
            "passphrase-wrong", "パスフレーズが違うか、ファイルが壊れています", "The passphrase is wrong or the box is damaged; try again"),
    BOX_MALFORMED("box-malformed", "鍵ファイルの形式が正しくありません", "This is not a keyring box of a known form");

    private final String code;
    private final String japanese;
    private final String english;

    No(String code, String japanese, String english) {
        this.code = code;
        this.japanese = japanese;
        this.english = english;
    }

    Refusal refusal() {
        return Refusal.of(code, japanese, english);
    }

    Refusal refusal(Throwable cause) {
        return Refusal.of(code, japanese, english, cause);
    }

    /// Runs a parser or a provider; a [Refusal] from inside keeps its own code.
    <T> T unless(Attempt<T> attempt) {
        try {
            return attempt.run();
        } catch (Refusal e) {
            throw e;
        } catch (IOException
                | GeneralSecurityException
                | CMSException
                | TSPException
                | OperatorException
                | RuntimeException e) {
            throw refusal(e);
        } catch (StackOverflowError e) {
            // A parser that recurses too deep on hostile input: the input is wrong, not the machine.
            throw refusal(e);
        }
    }

    void check(boolean holds) {
        if (!holds) {
            throw refusal();
        }
    }

    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException, GeneralSecurityException, CMSException, TSPException, OperatorException;
    }
}
