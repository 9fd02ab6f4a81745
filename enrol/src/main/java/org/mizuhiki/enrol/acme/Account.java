package org.mizuhiki.enrol.acme;

import java.time.Instant;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;

/// Who may ask for one server's certificates.
///
/// @param member fixed by the binding, never chosen by the client
/// @param status `valid`, `deactivated` by its holder, `revoked` by the operator
record Account(String id, Member.Server member, AccountKey key, String status, Instant created) {
    static final String VALID = "valid";
    static final String DEACTIVATED = "deactivated";
    static final String REVOKED = "revoked";

    /// @throws Refusal `account-ended`
    Account mustStand() {
        if (!status.equals(VALID)) {
            throw Refusal.of(
                    "account-ended",
                    "このアカウントは終了しています。運営者から新しいアカウントの鍵（acme-account）を受け取ってください",
                    "This account has ended; ask the operator for a new external account binding (acme-account)");
        }
        return this;
    }
}
