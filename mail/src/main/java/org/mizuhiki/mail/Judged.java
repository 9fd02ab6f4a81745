package org.mizuhiki.mail;

import org.mizuhiki.house.Bytes;

/// What is to be thought of a mail's signature; never a plain yes or no.
public sealed interface Judged {
    /// Stable, for programs.
    String code();

    String japanese();

    String english();

    /// The signature holds for all that is shown, and the certificate names the sender and is believed.
    ///
    /// @param who the certificate's subject
    /// @param pki whose word it is: the centrally trusted root's name, or this region
    /// @param certificate DER, to answer with
    record Believed(String who, String pki, Bytes certificate) implements Judged {
        @Override
        public String code() {
            return "signed";
        }

        @Override
        public String japanese() {
            return "署名を確認しました。署名者: " + who + "（発行元: " + pki + "）";
        }

        @Override
        public String english() {
            return "The signature holds. Signed by " + who + ", certified by " + pki;
        }
    }

    /// The signature holds, but the certificate is not believed, or does not name the sender.
    ///
    /// @param who what the certificate claims
    record Doubted(String who, String code, String why, String whyEnglish) implements Judged {
        @Override
        public String japanese() {
            return "署名はありますが、署名者を確認できません。" + why + "（証明書の記載: " + who + "）";
        }

        @Override
        public String english() {
            return "There is a signature, but its signer is not believed. " + whyEnglish + " (the certificate says: "
                    + who + ")";
        }
    }

    /// The content is not what was signed, or the signature is of a kind that proves nothing.
    record Broken() implements Judged {
        @Override
        public String code() {
            return "signature-broken";
        }

        @Override
        public String japanese() {
            return "署名が壊れています。途中で書き換えられた可能性があります。内容を信用しないでください";
        }

        @Override
        public String english() {
            return "The signature is broken: the mail may have been changed on its way. Do not rely on what it says";
        }
    }

    /// Nobody says who wrote it.
    record Unsigned() implements Judged {
        @Override
        public String code() {
            return "unsigned";
        }

        @Override
        public String japanese() {
            return "署名がありません。差出人を確認できません";
        }

        @Override
        public String english() {
            return "Not signed: nothing proves who sent it";
        }
    }
}
