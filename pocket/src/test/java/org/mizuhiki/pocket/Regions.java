package org.mizuhiki.pocket;

import org.mizuhiki.keys.KeyServer;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.seal.StampAuthority;
import org.mizuhiki.store.Store;
import org.mizuhiki.trust.Directory;

/// A region with one server replaced.
final class Regions {
    private Regions() {}

    static Region keys(Region r, KeyServer keys) {
        return of(r, keys, r.store(), r.directory(), r.ledger(), r.stamps());
    }

    static Region store(Region r, Store store) {
        return of(r, r.keys(), store, r.directory(), r.ledger(), r.stamps());
    }

    static Region directory(Region r, Directory directory) {
        return of(r, r.keys(), r.store(), directory, r.ledger(), r.stamps());
    }

    static Region ledger(Region r, Ledger ledger) {
        return of(r, r.keys(), r.store(), r.directory(), ledger, r.stamps());
    }

    static Region stamps(Region r, StampAuthority stamps) {
        return of(r, r.keys(), r.store(), r.directory(), r.ledger(), stamps);
    }

    private static Region of(
            Region r, KeyServer keys, Store store, Directory directory, Ledger ledger, StampAuthority stamps) {
        return new Region(
                keys,
                store,
                directory,
                r.enrolment(),
                ledger,
                stamps,
                r.validator(),
                r.evidenceCheck(),
                r.directoryCheck(),
                r.statements(),
                r.statute(),
                r.trust());
    }
}
