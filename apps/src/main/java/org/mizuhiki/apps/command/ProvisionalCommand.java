package org.mizuhiki.apps.command;

import java.net.URI;
import java.util.concurrent.Callable;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.pocket.Pocket;
import org.mizuhiki.pocket.Registering;
import org.mizuhiki.provisional.Registration;
import org.mizuhiki.provisional.RemoteProvisionals;
import org.mizuhiki.wire.Peers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Provisional registration.
@Command(
        name = "provisional",
        description = {
            "仮登録認証：IDのない患者をその場で登録し、2ショット写真で裏付ける",
            "Provisional registration: an ID on the spot for a patient who has none, with a picture of both"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {
            ProvisionalRegister.class,
            ProvisionalActivate.class,
            ProvisionalCommand.Code.class,
            ProvisionalCommand.Confirm.class,
            ProvisionalCommand.Show.class,
            ProvisionalCommand.Suspend.class,
            ProvisionalCommand.Lapse.class,
            ProvisionalPicture.class
        })
public final class ProvisionalCommand {
    /// A line of `--json`.
    record Row(
            String patient,
            String stage,
            String registrar,
            String institution,
            String supervisor,
            String picture,
            String registration,
            String begun,
            String until,
            int others,
            int wrong,
            String confirmedBy) {
        static Row of(Registration s) {
            return new Row(
                    s.patient().value(),
                    s.stage().name(),
                    s.registrar().value(),
                    s.institution().value(),
                    s.supervisor().value(),
                    s.evidence().hex(),
                    s.registration().hex(),
                    Arguments.when(s.begun()),
                    Arguments.when(s.until()),
                    s.others(),
                    s.wrong(),
                    s.confirmedBy().map(PersonId::value).orElse(""));
        }
    }

    /// What every one of these commands shares that asks the authority as this person.
    @Command(mixinStandardHelpOptions = true, footer = Exit.CODES)
    abstract static class AtTheAuthority implements Callable<Integer> {
        @Mixin
        private final DeviceOptions device = new DeviceOptions();

        @Mixin
        final Output output = new Output();

        abstract void with(Registering registering, Names names) throws Exception;

        @Override
        public final Integer call() throws Exception {
            return device.useRegion((opened, region) -> {
                var authority = Peers.connect(
                        URI.create(device.regionFile().authority()),
                        opened.identity(region.trust().roots()),
                        device.die);
                var pocket = new Pocket(opened, region, device.clock, device.die);
                pocket.errands().push();
                with(pocket.registering(new RemoteProvisionals(authority)), new Names(pocket));
                return Exit.OK;
            });
        }

        void tell(Registration standing, Names names) {
            var warning = standing.others() > 0
                    ? "  ！別の端末も用紙を使おうとしました（" + standing.others() + "回） / another device came with the sheet"
                    : "";
            output.tell(
                    Row.of(standing),
                    "%-11s %s  登録者 by %s  期限 until %s%n            写真 picture %s%s"
                            .formatted(
                                    standing.stage(),
                                    standing.patient(),
                                    names.of(standing.registrar()),
                                    Arguments.when(standing.until()),
                                    standing.evidence(),
                                    warning));
        }
    }

    /// The patient's device shows it.
    @Command(
            name = "code",
            description = {"本人確認のため、この端末の6桁の番号を示す", "Show this device's six digits, for somebody who is to confirm one"
            })
    static final class Code extends PocketCommand {
        /// A line of `--json`.
        record Shown(String code) {}

        @Override
        void with(Pocket pocket) throws Exception {
            var code = pocket.activation().code();
            output.tell(new Shown(code), code.substring(0, 3) + " " + code.substring(3));
        }
    }

    /// A professional of another institution.
    @Command(
            name = "confirm",
            description = {
                "別の医療機関で、目の前の患者と端末の番号を確かめて仮登録を確認する",
                "At another institution: confirm a registration by the code on the device of the patient who stands here"
            })
    static final class Confirm extends AtTheAuthority {
        @Parameters(
                paramLabel = "PATIENT",
                description = "患者の個人ID / the patient's ID",
                converter = Arguments.Person.class)
        @SuppressWarnings("NullAway.Init")
        private PersonId patient;

        @Option(names = "--code", required = true, description = "患者の端末の6桁 / the six digits on the patient's device")
        @SuppressWarnings("NullAway.Init")
        private String code;

        @Override
        void with(Registering registering, Names names) throws Exception {
            tell(registering.confirm(patient, code), names);
        }
    }

    /// The supervision.
    @Command(
            name = "list",
            description = {
                "自分が登録・監督する仮登録の一覧（登録認定機関の人にはすべて）",
                "What one registered or supervises; for people of the accreditation body all"
            })
    static final class Show extends AtTheAuthority {
        @Override
        void with(Registering registering, Names names) throws Exception {
            var all = registering.list();
            output.noteIfNone(all);
            all.forEach(s -> tell(s, names));
        }
    }

    /// Registrar, supervisor, patient.
    @Command(
            name = "suspend",
            description = {
                "仮登録を直ちに停止する（患者のIDの証明書と、これに基づく横認証が終わる）",
                "Suspend a registration at once: the ID's certificates and all grants that rest on it end"
            })
    static final class Suspend extends AtTheAuthority {
        @Parameters(
                paramLabel = "PATIENT",
                description = "患者の個人ID / the patient's ID",
                converter = Arguments.Person.class)
        @SuppressWarnings("NullAway.Init")
        private PersonId patient;

        @Option(names = "--reason", defaultValue = "doubtful", description = "理由の語 / why, a code word")
        @SuppressWarnings("NullAway.Init")
        private String reason;

        @Override
        void with(Registering registering, Names names) throws Exception {
            tell(registering.suspend(patient, reason), names);
        }
    }

    /// Before its time.
    @Command(
            name = "lapse",
            description = {
                "有効にされていない仮登録を期限前に終える（期限が来れば自動で失効する）",
                "End a registration that nobody activated before its time; at its time it lapses by itself"
            })
    static final class Lapse extends AtTheAuthority {
        @Parameters(
                paramLabel = "PATIENT",
                description = "患者の個人ID / the patient's ID",
                converter = Arguments.Person.class)
        @SuppressWarnings("NullAway.Init")
        private PersonId patient;

        @Override
        void with(Registering registering, Names names) throws Exception {
            tell(registering.lapse(patient), names);
        }
    }
}
