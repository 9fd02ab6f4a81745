package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.TreeMap;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.seal.Reader;

/// Anybody's keys by ID, each answer with the ledger's proof, so that a substituted key is noticed by
/// [DirectoryCheck].
public interface Directory {
    /// @throws org.mizuhiki.house.Refusal `person-unknown`
    Listing find(PersonId id);

    /// The keys that the person had before, the latest first; at most 50. Each answer carries its own
    /// proof, but the certificates may have expired or been revoked since.
    List<Listing> past(PersonId id);

    /// Professionals whose name or institution contains `text` (1 to 100 characters); at most 50.
    ///
    /// @throws org.mizuhiki.house.Refusal `search-malformed`
    List<Listing> professionals(String text);

    /// @param member who it is
    /// @param signing chain, own first, root last
    /// @param sealing X-Wing certificate
    /// @param binding the signing key's signature over the X-Wing key
    /// @param evidence that the entry of kind `key-entry` over [#record] is in the ledger
    record Listing(
            Member member, List<X509Certificate> signing, X509Certificate sealing, Bytes binding, Evidence evidence) {
        public Listing {
            signing = List.copyOf(signing);
        }

        /// What the ledger holds the digest of: the member, both certificates' digests and the binding.
        public Canonical record() {
            return keyEntry(member, signing.getFirst(), sealing, binding);
        }

        /// For whom a slot is made. Ask [DirectoryCheck] first.
        public Reader.XWing reader() {
            return new Reader.XWing(XWingKeys.publicKey(sealing));
        }
    }

    /// The record of a directory entry. Both certificates carry random serial numbers of more than 64 bits,
    /// so the ledger's digest tells outsiders nothing.
    static Canonical keyEntry(Member member, X509Certificate signing, X509Certificate sealing, Bytes binding) {
        var fields = new TreeMap<String, String>();
        fields.put("kind", "key-entry");
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
        return new Entry("key-entry", keyEntry.digest());
    }
}
