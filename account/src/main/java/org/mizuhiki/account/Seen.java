package org.mizuhiki.account;

/// What a device remembers of an account, so that servers that go back in time are noticed.
///
/// @param account number of the account's newest change
/// @param keyring number of the newest keyring
public record Seen(long account, long keyring) {
    /// Of a device that never saw the account.
    public static final Seen NOTHING = new Seen(0, 0);
}
