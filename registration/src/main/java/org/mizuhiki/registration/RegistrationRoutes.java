package org.mizuhiki.registration;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.seal.SignedRecords;
import org.mizuhiki.trust.Affiliation;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// The registration over HTTP: for institutions and their professionals, each as its own institution.
/// Nothing is remembered by `Idempotency-Key`, as the same act gives the same answer by itself.
public final class RegistrationRoutes {
    static final String ACTS = "/v1/registration/acts";
    static final String FILES = "/v1/registration/files";
    static final String WAITING = "/v1/registration/waiting";
    static final String ACCREDITATIONS = "/v1/accreditations";
    static final String IN_SERVICE = "/v1/registration/in-service";

    /// Base64, and a little JSON around it.
    private static final int MAX_ACT = SignedRecords.MAX_BYTES * 3 / 2;

    private RegistrationRoutes() {}

    /// @param signed CAdES-T
    public record ActBody(Bytes signed) {}

    /// @param issued DER, own first
    public record PaperBody(Bytes signed, List<Bytes> issued) {
        public PaperBody {
            issued = List.copyOf(issued);
        }
    }

    /// A file.
    public record DossierBody(Digest file, List<PaperBody> papers) {
        public DossierBody {
            papers = List.copyOf(papers);
        }

        static DossierBody of(Dossier dossier) {
            return new DossierBody(
                    dossier.file(),
                    dossier.papers().stream()
                            .map(p -> new PaperBody(
                                    p.signed(),
                                    p.issued().stream().map(KeyFiles::encoded).toList()))
                            .toList());
        }

        Dossier dossier() {
            return new Dossier(
                    file,
                    papers.stream()
                            .map(p -> new Dossier.Paper(
                                    p.signed(),
                                    p.issued().stream()
                                            .map(KeyFiles::certificate)
                                            .toList()))
                            .toList());
        }
    }

    public record WaitingBody(List<Registry.Waiting> waiting) {
        public WaitingBody {
            waiting = List.copyOf(waiting);
        }
    }

    public record FilesBody(List<Registry.Summary> files) {
        public FilesBody {
            files = List.copyOf(files);
        }
    }

    public record LicencesBody(List<Licence> accreditations) {
        public LicencesBody {
            accreditations = List.copyOf(accreditations);
        }
    }

    public record InService(boolean inService) {}

    public static List<Route> of(PostgresRegistry registry) {
        return List.of(
                Route.post(
                                ACTS,
                                "Hand in a signed act of the caller's institution",
                                Access.INSTITUTION,
                                ActBody.class,
                                Registry.Filed.class,
                                call -> new Reply.Json(seen(registry, call)
                                        .hand(call.body(ActBody.class).signed())))
                        .alsoFor(Access.PROFESSIONAL)
                        .upTo(MAX_ACT)
                        .remembersNothing(),
                get(
                        FILES + "/{file}",
                        "A file, for its parties and the accreditation body",
                        DossierBody.class,
                        call -> DossierBody.of(seen(registry, call).dossier(new Digest(call.path("file"))))),
                get(
                        FILES,
                        "Files of the caller's institution",
                        FilesBody.class,
                        call -> new FilesBody(seen(registry, call).files())),
                get(
                        WAITING,
                        "What waits for the caller's institution",
                        WaitingBody.class,
                        call -> new WaitingBody(seen(registry, call).waiting())),
                get(
                        ACCREDITATIONS,
                        "Who is accredited for what, until when",
                        LicencesBody.class,
                        call -> new LicencesBody(seen(registry, call).licences())),
                Route.get(
                        IN_SERVICE,
                        "Whether a service is in service (?service=subscriber/name/vendor/model/serial)",
                        Access.SERVER,
                        InService.class,
                        call -> new Reply.Json(new InService(registry.inService(
                                Member.Service.parse(call.query("service").orElse("")))))));
    }

    private interface Answering {
        Object answer(Call call);
    }

    private static Route get(String path, String summary, Class<?> gives, Answering answering) {
        return Route.get(path, summary, Access.INSTITUTION, gives, call -> new Reply.Json(answering.answer(call)))
                .alsoFor(Access.PROFESSIONAL);
    }

    private static Registry seen(PostgresRegistry registry, Call call) {
        return registry.of(Affiliation.of(call.caller()).code());
    }
}
