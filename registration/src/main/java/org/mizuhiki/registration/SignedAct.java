package org.mizuhiki.registration;

import org.mizuhiki.house.Bytes;
import org.mizuhiki.seal.Signature;
import org.mizuhiki.trust.Member;

/// An act whose signature, stamp and signer were checked.
///
/// @param signed the CAdES-T bytes as they travel and are kept
/// @param signer who signed, as the certificate says
public record SignedAct(Act act, Bytes signed, Member signer, Signature signature) {}
