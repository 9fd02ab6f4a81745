package org.mizuhiki.chip;

/// What a run of wrong codes does to a secure element. Whoever may show codes can bring it about, so it says
/// how far one service can disturb the others.
public enum WrongCodes {
    /// The slot answers nobody until the chip's manager unblocks it; the others do not notice.
    BLOCK_SLOT,
    /// All slots answer nobody for a time that the element's owner has set, then go on.
    BLOCK_ELEMENT,
    /// Whatever its token does, which may be nothing; the other slots do not notice.
    LEFT_TO_TOKEN
}
