package org.mizuhiki.trust;

import java.security.PublicKey;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// What a caller shows for a key of a device or a service: that it lies where such keys must, in the
/// device's own chip. Asked before a key is certified for a ticket for the first time, in the same
/// transaction, and once more by the same object when that has to begin anew. Registration by signed acts
/// does not ask: there an accredited vendor vouches.
public interface Origin {
    /// Nothing: no key of a device or a service is certified.
    Origin NOT_SHOWN = new Origin() {
        @Override
        public Optional<Member.Device> device() {
            return Optional.empty();
        }

        @Override
        public void check(Handle rows, Member member, PublicKey key, Optional<Bytes> evidence) {
            throw Refusal.of(
                    "chip-not-shown",
                    "機器とサービスの証明書は、チップの証明を添えてEST（simpleenroll）で申請してください",
                    "Certificates of devices and services are asked for over EST (simpleenroll), with their chip's proof");
        }
    };

    /// The device whose certificate the connection shows.
    Optional<Member.Device> device();

    /// @param member a device or a service
    /// @param evidence what the request says of where the key lies ([EnrolmentRequests#of]); its form is
    ///     the asker's and the checker's
    /// @throws Refusal when the key must not be certified for this member
    void check(Handle rows, Member member, PublicKey key, Optional<Bytes> evidence);
}
