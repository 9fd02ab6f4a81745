package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.util.regex.Pattern;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.issue.HostForm;

/// Who a certificate of ours names, read from its subject: OU is the kind, serialNumber the identity.
/// Texts are 1 to 64 characters without control characters (RFC 5280, upper bounds of Appendix A).
public sealed interface Member {
    /// What follows `serialNumber=`: the identity that two certificates of the same member share.
    String identity();

    /// Whom a certificate names; whether it is to be believed is [Validator]'s question.
    ///
    /// @throws Refusal `certificate-untrusted` on a subject of another form
    static Member of(X509Certificate certificate) {
        return Subjects.read(certificate);
    }

    /// `OU=Person, serialNumber=P-…, CN=P-…`: no name of a patient is in any certificate or directory.
    record Patient(PersonId id) implements Member {
        @Override
        public String identity() {
            return id.value();
        }
    }

    /// `OU=Professional, O=<institution's name>, organizationIdentifier=<code>, serialNumber=P-…,
    /// CN=<name>`.
    record Professional(PersonId id, String name, InstitutionCode institution, String institutionName)
            implements Member {
        public Professional {
            bounded(name);
            bounded(institutionName);
        }

        @Override
        public String identity() {
            return id.value();
        }
    }

    /// `OU=Institution, serialNumber=<ten digits>, CN=<name>`: an accredited institution's gateway.
    record Institution(InstitutionCode code, String name) implements Member {
        public Institution {
            bounded(name);
        }

        @Override
        public String identity() {
            return code.value();
        }
    }

    /// `OU=Server, serialNumber=<role>, CN=<host>`: one of the region's own servers.
    ///
    /// @param role such as `keys`
    /// @param host DNS name or address literal under which it is called; it becomes the certificate's
    /// subjectAltName
    record Server(String role, String host) implements Member {
        private static final Pattern ROLE = Pattern.compile("[a-z][a-z0-9-]{0,31}");
        private static final Pattern HOST =
                Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

        public Server {
            if (!ROLE.matcher(role).matches()
                    || host.length() > 64
                    || !HOST.matcher(host).matches()) {
                throw malformed();
            }
        }

        /// Whether the host is written as an address, not a name.
        public boolean hasAddress() {
            return HostForm.isAddress(host);
        }

        @Override
        public String identity() {
            return role;
        }
    }

    /// `OU=Device, O=<vendor's code>, serialNumber=<serial>, CN=<model>`: hardware with a chip of its own,
    /// such as a VPN router. The vendor's registration puts it on the list of known devices.
    ///
    /// @param vendor code given at the vendor's accreditation
    /// @param model the vendor's name for the type
    /// @param serial unique within vendor and model
    record Device(String vendor, String model, String serial) implements Member {
        private static final Pattern VENDOR = Pattern.compile("[a-z0-9]([a-z0-9-]{0,14}[a-z0-9])?");
        private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,22}[A-Za-z0-9])?");
        private static final Pattern SERIAL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,20}[A-Za-z0-9])?");

        public Device {
            if (!isVendor(vendor)
                    || !MODEL.matcher(model).matches()
                    || !SERIAL.matcher(serial).matches()) {
                throw malformed();
            }
        }

        /// Whether this can be a vendor's code.
        public static boolean isVendor(String vendor) {
            return VENDOR.matcher(vendor).matches();
        }

        /// `<vendor>/<model>/<serial>`, at most 64 characters.
        @Override
        public String identity() {
            return vendor + "/" + model + "/" + serial;
        }

        /// @throws Refusal `member-malformed`
        public static Device parse(String identity) {
            var parts = identity.split("/", -1);
            if (parts.length != 3) {
                throw malformed();
            }
            return new Device(parts[0], parts[1], parts[2]);
        }
    }

    /// `OU=Service, O=<subscriber>, serialNumber=<device's identity>, CN=<service>`: a subscriber's use of
    /// one service on one device, such as the VPN of a clinic.
    ///
    /// @param subscriber an institution's code, or the name under which a subscriber was registered
    /// @param name of the service, such as `medical-vpn`
    record Service(String subscriber, String name, Device device) implements Member {
        private static final Pattern SUBSCRIBER = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,38}[A-Za-z0-9])?");
        private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,30}[a-z0-9])?");

        public Service {
            if (!SUBSCRIBER.matcher(subscriber).matches() || !NAME.matcher(name).matches()) {
                throw malformed();
            }
        }

        /// `<subscriber>/<service>/<device's identity>`.
        @Override
        public String identity() {
            return subscriber + "/" + name + "/" + device.identity();
        }

        /// @throws Refusal `member-malformed`
        public static Service parse(String identity) {
            var parts = identity.split("/", 3);
            if (parts.length != 3) {
                throw malformed();
            }
            return new Service(parts[0], parts[1], Device.parse(parts[2]));
        }
    }

    private static void bounded(String text) {
        boolean odd = text.isBlank()
                || text.codePointCount(0, text.length()) > 64
                || !text.equals(text.strip())
                || text.codePoints()
                        .anyMatch(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || Character.getType(c) == Character.SURROGATE);
        if (odd) {
            throw malformed();
        }
    }

    /// For texts that name nobody.
    static Refusal malformed() {
        return Refusal.of(
                "member-malformed",
                "名称・役割・ホスト名の形式が正しくありません（名称は制御文字を含まない1〜64文字）",
                "A name, role or host is malformed; names have 1 to 64 characters and no control characters");
    }
}
