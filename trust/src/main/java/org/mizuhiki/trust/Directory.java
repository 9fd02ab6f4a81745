package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.seal.Reader;

/// Anybody's keys by ID, each answer with the ledger's proof, so that a substituted key is noticed by
/// [DirectoryCheck].
public interface Directory {
    /// Most past entries that an answer has.
    int MOST_PAST = 50;

    /// The kind of the ledger's entries.
    String KIND = "key-entry";

    /// @throws org.mizuhiki.house.Refusal `person-unknown`
    Listing find(PersonId id);

    /// The keys that the person had before, the latest first; at most [#MOST_PAST]. Each answer carries its own
    /// proof, but the certificates may have expired or been revoked since.
    List<Listing> past(PersonId id);

    /// Professionals whose name or institution contains `text` (1 to 100 characters); at most 50.
    ///
    /// @throws org.mizuhiki.house.Refusal `search-malformed`
    List<Listing> professionals(String text);

    /// Which of a person's entries it is. As each names the one before it, none can be left out or
    /// exchanged without all later ones being others.
    ///
    /// @param number 1, 2, 3 and so on without a gap
    /// @param before digest of the record before; absent in the first
    record Place(int number, Optional<Digest> before) {
        /// @throws Refusal `listing-forged`
        public Place {
            if (number < 1 || (number > 1) != before.isPresent()) {
                throw DirectoryCheck.forged();
            }
        }

        /// Of the entry after `record`.
        static Place after(int number, Digest record) {
            return new Place(number + 1, Optional.of(record));
        }
    }

    /// @param member who it is
    /// @param place which of the person's entries it is
    /// @param signing chain, own first, root last
    /// @param sealing X-Wing certificate
    /// @param binding the signing key's signature over the X-Wing key
    /// @param evidence that the entry of kind `key-entry` over [#record] is in the ledger
    record Listing(
            Member member,
            Place place,
            List<X509Certificate> signing,
            X509Certificate sealing,
            Bytes binding,
            Evidence evidence) {
        public Listing {
            signing = List.copyOf(signing);
        }

        /// What the ledger holds the digest of: the member, the place among the person's entries, both
        /// certificates' digests and the binding.
        public Canonical record() {
            return keyEntry(member, place, signing.getFirst(), sealing, binding);
        }

        /// For whom a slot is made. Ask [DirectoryCheck] first.
        public Reader.XWing reader() {
            return new Reader.XWing(XWingKeys.publicKey(sealing));
        }
    }

    /// The record of a directory entry. Both certificates carry random serial numbers of more than 64 bits,
    /// so the ledger's digest tells outsiders nothing.
    static Canonical keyEntry(
            Member member, Place place, X509Certificate signing, X509Certificate sealing, Bytes binding) {
        var fields = new TreeMap<String, String>();
        fields.put("kind", KIND);
        fields.put("number", Integer.toString(place.number()));
        place.before().ifPresent(before -> fields.put("before", before.hex()));
        fields.put("signing", KeyFiles.encoded(signing).sha256().hex());
        fields.put("sealing", KeyFiles.encoded(sealing).sha256().hex());
        fields.put("binding", binding.sha256().hex());
        fields.put("identity", member.identity());
        if (member instanceof Member.Professional p) {
            fields.put("name", p.name());
            fields.put("institution", p.institution().value());
            fields.put("institution-name", p.institutionName());
        }
        return Canonical.of(fields);
    }

    /// The ledger's entry for such a record.
    static Entry entry(Canonical keyEntry) {
        return entry(new PersonId(keyEntry.get("identity")), keyEntry.digest());
    }

    /// The ledger's entry for a record of this person's keys. Its label is made of the ID and the record's
    /// digest, so that everybody who knows the ID finds, in the public ledger, every entry of keys for it,
    /// whoever was shown it; to others it says nothing.
    static Entry entry(PersonId id, Digest record) {
        var owned = Canonical.of(Map.of("kind", "key-entry-label", "identity", id.value(), "record", record.hex()));
        return new Entry(KIND, record, Optional.of(owned.digest()));
    }

    /// Whether an entry of the ledger is about keys of this person.
    static boolean isOf(PersonId id, Entry entry) {
        return entry.kind().equals(KIND) && entry.equals(entry(id, entry.record()));
    }
}
