package org.mizuhiki.trust.path;

/// What one question may cost, in signature checks: a stranger decides how many lists and signers there are
/// to try, and must not decide how long it takes.
public final class Work {
    /// Of one search for the path of a list's signer.
    public static final int SEARCH = 40;

    private int left;

    public Work(int checks) {
        this.left = checks;
    }

    /// @throws NoPath `TOO_MUCH_WORK`
    public void spend(int checks) throws NoPath {
        left -= checks;
        if (left < 0) {
            throw NoPath.because(Fault.TOO_MUCH_WORK);
        }
    }
}
