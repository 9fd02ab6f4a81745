package org.mizuhiki.pocket;

import org.mizuhiki.keys.KeyServer;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.store.Store;
import org.mizuhiki.trust.Directory;

/// A region with one server replaced.
final class Regions {
    private Regions() {}

    static Region keys(Region r, KeyServer keys) {
        return of(r, keys, r.store(), r.directory(), r.ledger());
    }

    static Region store(Region r, Store store) {
        return of(r, r.keys(), store, r.directory(), r.ledger());
    }

    static Region directory(Region r, Directory directory) {
        return of(r, r.keys(), r.store(), directory, r.ledger());
    }

    static Region ledger(Region r, Ledger ledger) {
        return of(r, r.keys(), r.store(), r.directory(), ledger);
    }

    private static Region of(Region r, KeyServer keys, Store store, Directory directory, Ledger ledger) {
        return new Region(
                keys,
                store,
                directory,
                r.enrolment(),
                ledger,
                r.stamps(),
                r.validator(),
                r.evidenceCheck(),
                r.directoryCheck(),
                r.statements(),
                r.statute(),
                r.trust());
    }
}
