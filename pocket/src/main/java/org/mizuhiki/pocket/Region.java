package org.mizuhiki.pocket;

import org.mizuhiki.consent.Statements;
import org.mizuhiki.consent.Statute;
import org.mizuhiki.keys.KeyServer;
import org.mizuhiki.ledger.EvidenceCheck;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.seal.StampAuthority;
import org.mizuhiki.store.Store;
import org.mizuhiki.trust.Directory;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.RegionTrust;
import org.mizuhiki.trust.Validator;

/// The doors a device needs. None of them is trusted with more than its answer being checked: `trust`
/// holds what the
/// checks rest on and was given out of band.
///
/// @param statements signs and checks on this device
/// @param statute decides on this device, whatever the key server says
public record Region(
        KeyServer keys,
        Store store,
        Directory directory,
        Enrolment enrolment,
        Ledger ledger,
        StampAuthority stamps,
        Validator validator,
        EvidenceCheck evidenceCheck,
        ListingCheck listings,
        Statements statements,
        Statute statute,
        RegionTrust trust) {}
