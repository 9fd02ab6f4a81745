package org.mizuhiki.vpn;

/// What a service is, and in which form it is provided (seed 003, 5.1 and Annex C, 4-5 to 4-10).
public enum ServiceClass {
    /// Between institutions: referral, booking, consultation, image and pathology diagnosis.
    EXCHANGE(Form.DIRECT),
    INFORMATION(Form.DIRECT),
    CLAIMS(Form.DIRECT),
    LAB_RESULTS(Form.DIRECT),
    TIME_STAMP(Form.DIRECT),
    VALIDATION(Form.DIRECT),
    INTERNET(Form.PROVIDER),
    MAIL(Form.PROVIDER),
    ASP(Form.ASP),
    BACKUP(Form.ASP),
    RELAY(Form.RELAY),
    REMOTE_MAINTENANCE(Form.REMOTE_MAINTENANCE);

    private enum Form {
        DIRECT,
        PROVIDER,
        ASP,
        RELAY,
        REMOTE_MAINTENANCE
    }

    private final Form form;

    ServiceClass(Form form) {
        this.form = form;
    }

    /// Whether a site may never use both at once: what broke in through one form of service must not get
    /// out through another (Annex C, 4-5-3, 4-7-5, 4-8-3, 4-10-4).
    public boolean excludes(ServiceClass other) {
        return form != Form.DIRECT && other.form != Form.DIRECT && form != other.form;
    }
}
