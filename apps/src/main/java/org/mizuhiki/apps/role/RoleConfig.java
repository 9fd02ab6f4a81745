package org.mizuhiki.apps.role;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;

/// One server's configuration file (YAML); what is wrong in it is refused at the start, by name.
///
/// @param role what to be: `authority`, `witness`, `keys`, `store`, `centre`, `office`, `gateway`, `edge`, `web`
/// @param folder where everything of this server lies; nobody else writes there
/// @param host address to bind
/// @param port TLS port
/// @param names DNS names that callers use, put into the certificate
/// @param region file with the region's roots and log keys, handed over out of band
/// @param authority where the authority answers; absent for the authority itself
/// @param ticket file with the one-time ticket of the first start
/// @param postgres folder shared by the servers of this machine, where PostgreSQL's programs are unpacked
/// @param database the operator's own PostgreSQL; absent: the embedded one
/// @param plain authority: the connector without TLS for CRL, OCSP and time stamps
/// @param witnesses authority: who co-signs the log, by the name in the log's keys
/// @param accreditation authority: code of the institution that accredits the others
/// (docs/flows/registration.md);
/// absent: nobody is accredited
/// @param witness witness: its name in the log's keys
/// @param institution gateway: whose it is
/// @param hospital gateway: the door for hospital systems (docs/flows/hospital-api.md)
/// @param provider centre: code of the institution whose VPN it runs
/// @param recoveryDelay keys: between asking guardians for recovery and opening, such as `PT72H`; absent: 3 days
/// @param edge edge: where strangers bring mail, and to whom it is brought
/// @param watches web: the servers whose state the status page shows
/// @param time centre: time servers by which its clock is checked
/// @param office gateway: where the office answers, which keeps the institution's account; absent: nobody is asked
/// @param browserOrigins authority, keys, store, web: origins of the portal's pages (docs/portal.md); absent: no page
/// reaches this server
public record RoleConfig(
        String role,
        Path folder,
        String host,
        int port,
        List<String> names,
        Path region,
        Optional<URI> authority,
        Optional<Path> ticket,
        Optional<Path> postgres,
        Optional<Operated> database,
        Optional<Plain> plain,
        Optional<List<Watched>> witnesses,
        Optional<String> accreditation,
        Optional<String> witness,
        Optional<Site> institution,
        Optional<HospitalPlace> hospital,
        Optional<String> provider,
        Optional<Duration> recoveryDelay,
        Optional<EdgePlace> edge,
        Optional<List<Watched>> watches,
        Optional<List<String>> time,
        Optional<URI> office,
        Optional<List<String>> browserOrigins) {

    public RoleConfig {
        accreditation.ifPresent(code -> new InstitutionCode(code).value());
        provider.ifPresent(code -> new InstitutionCode(code).value());
    }

    /// The operator's own PostgreSQL.
    public record Operated(String url, String user, Path passwordFile) {}

    /// @param base how the world reaches it, written into every certificate
    public record Plain(int port, URI base) {}

    /// An institution by code and name, and its own ticket for the first start.
    public record Site(String code, String name, Optional<Path> ticket) {
        public Site {
            var _ = new InstitutionCode(code);
        }

        InstitutionCode institution() {
            return new InstitutionCode(code);
        }
    }

    /// The door for hospital systems: a port of its own, with client certificates of its own.
    ///
    /// @param host address to bind
    public record HospitalPlace(String host, int port, List<Desk> desks) {
        public HospitalPlace {
            desks = List.copyOf(desks);
        }
    }

    /// A folder of letters, by the name that hospital systems call it.
    public record Desk(String name, Path folder) {}

    /// @param smtps port of SMTP with TLS from the first byte, by custom 465; `startTls` likewise, by
    /// custom 25
    /// @param partners whom mail is brought to; to nobody else
    public record EdgePlace(int smtps, int startTls, Optional<List<Brought>> partners) {}

    /// A partner's server.
    ///
    /// @param domain such as `hospital.example`, or `*` for all others
    /// @param roots PEM of the roots that its certificate leads to; absent: those that the JDK knows
    public record Brought(String domain, String host, int port, Optional<Boolean> startTls, Optional<Path> roots) {}

    /// Another server by name and address.
    public record Watched(String name, URI uri) {}

    /// @throws Refusal `config-missing`, `config-invalid` naming what is wrong and where
    public static RoleConfig read(Path file) {
        return ConfigFile.read(file, RoleConfig.class).in(file.toAbsolutePath());
    }

    /// Relative paths are meant from the configuration file's folder, so that a server can be started
    /// from anywhere.
    private RoleConfig in(Path file) {
        return new RoleConfig(
                role,
                ConfigFile.beside(file, folder),
                host,
                port,
                names,
                ConfigFile.beside(file, region),
                authority,
                ticket.map(t -> ConfigFile.beside(file, t)),
                postgres.map(p -> ConfigFile.beside(file, p)),
                database.map(d -> new Operated(d.url(), d.user(), ConfigFile.beside(file, d.passwordFile()))),
                plain,
                witnesses,
                accreditation,
                witness,
                institution.map(i -> new Site(i.code(), i.name(), i.ticket().map(t -> ConfigFile.beside(file, t)))),
                hospital.map(h -> new HospitalPlace(
                        h.host(),
                        h.port(),
                        h.desks().stream()
                                .map(d -> new Desk(d.name(), ConfigFile.beside(file, d.folder())))
                                .toList())),
                provider,
                recoveryDelay,
                edge.map(e -> new EdgePlace(
                        e.smtps(),
                        e.startTls(),
                        e.partners()
                                .map(all -> all.stream()
                                        .map(p -> new Brought(
                                                p.domain(),
                                                p.host(),
                                                p.port(),
                                                p.startTls(),
                                                p.roots().map(r -> ConfigFile.beside(file, r))))
                                        .toList()))),
                watches,
                time,
                office,
                browserOrigins);
    }

    URI authorityUri() {
        return authority.orElseThrow(() -> lacks("authority"));
    }

    Site site() {
        return institution.orElseThrow(() -> lacks("institution"));
    }

    InstitutionCode providerCode() {
        return new InstitutionCode(provider.orElseThrow(() -> lacks("provider")));
    }

    String witnessName() {
        return witness.orElseThrow(() -> lacks("witness"));
    }

    EdgePlace edgePlace() {
        return edge.orElseThrow(() -> lacks("edge"));
    }

    Plain plainConnector() {
        return plain.orElseThrow(() -> lacks("plain"));
    }

    DatabaseConfig databaseConfig() {
        return new DatabaseConfig(
                database.map(Operated::url),
                database.map(Operated::user),
                database.map(Operated::passwordFile),
                folder.resolve("database"),
                postgres.orElse(folder.resolve("postgres")),
                8);
    }

    private Refusal lacks(String field) {
        return Refusal.of(
                "config-invalid",
                "設定に「" + field + "」がありません（" + role + " には必要です）",
                "The configuration lacks '" + field + "', which " + role + " needs");
    }
}
