package org.mizuhiki.registration;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;

/// What an act says. The letters are those of D.6 in seed 003. Reasons are words of 1 to 200 characters.
public sealed interface Step {
    /// An organisation asks to be accredited.
    ///
    /// @param vendor for a vendor, and for nobody else: the code under which its devices are named
    record AccreditationApplication(Role role, Optional<String> vendor) implements Step {
        public AccreditationApplication {
            if ((role == Role.VENDOR) != vendor.isPresent()) {
                throw malformed("vendor");
            }
            vendor.ifPresent(v -> new Member.Device(v, "m", "0").identity());
        }
    }

    /// The accreditation body's answer.
    ///
    /// @param until when an approval ends; absent: refused
    record AccreditationAnswer(Optional<Instant> until, String reason) implements Step {
        public AccreditationAnswer {
            mustBeWords(reason);
        }
    }

    /// The accreditation body takes an accreditation back, or the organisation returns it.
    record AccreditationWithdrawal(String reason) implements Step {
        public AccreditationWithdrawal {
            mustBeWords(reason);
        }
    }

    /// a) The subscriber asks a provider for membership.
    record MembershipApplication(InstitutionCode provider) implements Step {}

    /// a) The provider's answer.
    record MembershipAnswer(boolean approved, String reason) implements Step {
        public MembershipAnswer {
            mustBeWords(reason);
        }
    }

    /// b) The subscriber asks a vendor for a device.
    record PurchaseApplication(InstitutionCode vendor, String model) implements Step {
        public PurchaseApplication {
            var _ = new Member.Device("v", model, "0").identity();
        }
    }

    /// c) The vendor registers the device that it will hand over.
    ///
    /// @param request PKCS#10, DER, of the key that the chip made for its first tier
    /// @param deviceCa who is to certify it
    record DeviceRegistration(Member.Device device, Bytes request, InstitutionCode deviceCa) implements Step {
        public DeviceRegistration {
            mustBeRequest(request);
        }
    }

    /// d) The device-CA has the certificate issued.
    ///
    /// @param request digest of the request in c)
    record DeviceCertificate(Digest request) implements Step {}

    /// e) The vendor has loaded it into the chip's first tier.
    ///
    /// @param certificate digest of what d) issued
    /// @param receipt the device's own signature, see [ChipReceipt]
    record DeviceLoading(Digest certificate, Bytes receipt) implements Step {
        public DeviceLoading {
            mustBeSignature(receipt);
        }
    }

    /// f) The subscriber has the device.
    record DeviceReceipt(Member.Device device) implements Step {}

    /// g) The subscriber asks the provider for a service on its device.
    record UseApplication(Member.Device device, String service) implements Step {
        public UseApplication {
            mustBeAService(service);
        }
    }

    /// g) The provider's answer.
    record UseAnswer(boolean approved, String reason) implements Step {
        public UseAnswer {
            mustBeWords(reason);
        }
    }

    /// h) The provider asks the service-CA for the service's certificate.
    ///
    /// @param request PKCS#10, DER, of the key that the chip made for its second tier
    record ServiceRequest(Bytes request, InstitutionCode serviceCa) implements Step {
        public ServiceRequest {
            mustBeRequest(request);
        }
    }

    /// i) The service-CA has it issued.
    ///
    /// @param request digest of the request in h)
    record ServiceCertificate(Digest request) implements Step {}

    /// j) The provider has loaded it into the chip's second tier.
    ///
    /// @param certificate digest of what i) issued
    /// @param receipt the service key's signature
    /// @param deviceReceipt the device key's signature: the same chip holds both
    /// @param deviceCertificate DER, when the device's certificate was renewed since d): the key that signed
    record ServiceLoading(Digest certificate, Bytes receipt, Bytes deviceReceipt, Optional<Bytes> deviceCertificate)
            implements Step {
        public ServiceLoading {
            mustBeSignature(receipt);
            mustBeSignature(deviceReceipt);
            deviceCertificate.ifPresent(Step::mustBeCertificate);
        }
    }

    /// k) The subscriber asks to be connected.
    record ConnectionApplication(String service) implements Step {
        public ConnectionApplication {
            mustBeAService(service);
        }
    }

    /// l) From here on the provider serves.
    record ServiceProvision(String service) implements Step {
        public ServiceProvision {
            mustBeAService(service);
        }
    }

    /// Whose turn it is to carry something out says no.
    record Declination(String reason) implements Step {
        public Declination {
            mustBeWords(reason);
        }
    }

    /// A party takes back what there is so far; what was issued for it is revoked.
    record Withdrawal(Part part, String reason) implements Step {
        public Withdrawal {
            mustBeWords(reason);
        }

        /// What is withdrawn.
        public enum Part {
            /// The service alone; the device stays.
            SERVICE,
            /// The device and everything on it: the whole case.
            DEVICE;

            public String text() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }

    default Kind kind() {
        return switch (this) {
            case AccreditationApplication _ -> Kind.ACCREDITATION_APPLICATION;
            case AccreditationAnswer _ -> Kind.ACCREDITATION_ANSWER;
            case AccreditationWithdrawal _ -> Kind.ACCREDITATION_WITHDRAWAL;
            case MembershipApplication _ -> Kind.MEMBERSHIP_APPLICATION;
            case MembershipAnswer _ -> Kind.MEMBERSHIP_ANSWER;
            case PurchaseApplication _ -> Kind.PURCHASE_APPLICATION;
            case DeviceRegistration _ -> Kind.DEVICE_REGISTRATION;
            case DeviceCertificate _ -> Kind.DEVICE_CERTIFICATE;
            case DeviceLoading _ -> Kind.DEVICE_LOADING;
            case DeviceReceipt _ -> Kind.DEVICE_RECEIPT;
            case UseApplication _ -> Kind.USE_APPLICATION;
            case UseAnswer _ -> Kind.USE_ANSWER;
            case ServiceRequest _ -> Kind.SERVICE_REQUEST;
            case ServiceCertificate _ -> Kind.SERVICE_CERTIFICATE;
            case ServiceLoading _ -> Kind.SERVICE_LOADING;
            case ConnectionApplication _ -> Kind.CONNECTION_APPLICATION;
            case ServiceProvision _ -> Kind.SERVICE_PROVISION;
            case Declination _ -> Kind.DECLINATION;
            case Withdrawal _ -> Kind.WITHDRAWAL;
        };
    }

    private static void mustBeWords(String text) {
        boolean odd = text.isBlank()
                || text.length() > 200
                || text.codePoints()
                        .anyMatch(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || Character.getType(c) == Character.SURROGATE);
        if (odd) {
            throw malformed("reason");
        }
    }

    private static void mustBeAService(String name) {
        var _ = new Member.Service("s", name, new Member.Device("v", "m", "0")).identity();
    }

    /// As large as trust reads them.
    private static void mustBeRequest(Bytes pkcs10) {
        if (pkcs10.size() == 0 || pkcs10.size() > 4096) {
            throw malformed("request");
        }
    }

    private static void mustBeCertificate(Bytes der) {
        if (der.size() == 0 || der.size() > 4096) {
            throw malformed("deviceCertificate");
        }
    }

    /// ECDSA with P-256 in DER has at most 72 bytes.
    private static void mustBeSignature(Bytes der) {
        if (der.size() == 0 || der.size() > 72) {
            throw malformed("receipt");
        }
    }

    private static Refusal malformed(String field) {
        return ActForm.malformed(field, null);
    }
}
