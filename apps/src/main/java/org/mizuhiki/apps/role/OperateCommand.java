package org.mizuhiki.apps.role;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mizuhiki.house.Refusal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `mizuhiki operate --config FILE OPERATION name=value…`: what the operator asks of a running server, on
/// its own machine.
@Command(
        name = "operate",
        mixinStandardHelpOptions = true,
        description = {
            "動いているサーバーに運営者として指示します（同じ機械の上だけ）。",
            "Tells a running server what its operator wants (on its own machine only).",
            "",
            "  authority: ticket kind=server role=keys host=keys.example | kind=institution code=1311234567 name=…",
            "             ticket kind=device device=VENDOR/MODEL/SERIAL",
            "             ticket kind=service service=NAME subscriber=1312345678 device=VENDOR/MODEL/SERIAL",
            "             chip-maker-accept vendor=VENDOR key=BASE64|none [tokens=yes] | chip-maker-end vendor=VENDOR key=…",
            "               | chip-makers （機器のチップの製造者 / manufacturers of chips; key: mizuhiki chip maker; none: no",
            "               e-Key in them; tokens: they have tokens beside it for services' keys, see mizuhiki chip router-key）",
            "             acme-account role=web host=web.example days=1",
            "             revoke id=P-… | kind=server role=web host=web.example [reason=…]",
            "               reason: unspecified（既定 / default）, key-compromise, affiliation-changed, superseded,",
            "                       cessation, privilege-withdrawn（CRL・OCSPに載る / told by CRL and OCSP）",
            "             trust-root certificate=/absolute/root.pem purposes=mail-signing,mail-encryption until=2027-03-31",
            "               domains=example.jp policies=1.2.3 hosts=crl.example.jp by=NAME reason=TEXT",
            "             distrust-root root=SHA-256 by=NAME reason=TEXT | foreign-roots",
            "             ca-compromised ca=person by=NAME reason=TEXT | ca-revocations",
            "             registrar-ca-create code=1311234567 name=… quota=100 days=30 | registrar-ca-end ca=NAME",
            "             registrar-cas | registrar-ca-issued ca=NAME",
            "             registrar-accredit person=P-… supervisor=P-… quota=20 days=92 | registrars",
            "             registrar-withdraw person=P-… [all=true]（未確認の登録も停止 / suspend the unconfirmed, too）",
            "             provisionals（仮登録の監督一覧 / the supervision's list）",
            "  gateway:   ticket kind=professional name=… | kind=patient",
            "             registrar-ticket kind=… （自機関の登録用認証局で仮登録 / issued by our own CA, provisionally）",
            "             revoke id=P-… reason=key-compromise （自機関が登録した人だけ / whom we enrolled only）",
            "             invite kind=… [portal=https://…/enrol] | invitation invitation=ID | confirm invitation=ID code=…",
            "             decline invitation=ID                 （対話式: mizuhiki person invite）",
            "             program-admit certificate=/absolute/emr.pem desks=NAME,… | programs | program-end program=NAME",
            "               （病院情報システムの受付 / hospital systems at the gateway's door）",
            "             dues | dues-plans | dues-plan plan=NAME | dues-usage month=2026-10 | dues-invoices",
            "             dues-invoice number=12 to=/absolute/folder | dues-contact department=… post=… address=… mail=…",
            "                                                   （自院の利用料 / the institution's own account）",
            "  office:    issuer-set name=… address=… registration=T… pay-to=… days=30",
            "             plan-add name=clinic-2026 title=… base=3000 tax=10 [reduced=yes] [open=yes] letters=100/1/15 …",
            "               letters=含む数/単位/円 INCLUDED/PER/YEN; bytes, grants, openings, connections,",
            "               connection-minutes, members も同じ / likewise | plans",
            "             account-open code=1311234567 name=… plan=… from=2026-11 | account-close code=… last=2027-03",
            "             accounts [month=…] | usage month=2026-10 [to=/absolute/file.csv]",
            "             invoice-issue month=2026-10 | invoices month=… | invoice-print number=12 to=/absolute/folder",
            "             invoice-credit number=12 reason=… | invoice-check | expense-add month=… entry=… what=… yen=…",
            "  全て/all:   backup to=/absolute/folder"
        })
public final class OperateCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "設定ファイル / the server's configuration")
    @SuppressWarnings("NullAway.Init")
    Path config;

    @Parameters(
            index = "0",
            paramLabel = "OPERATION",
            description =
                    "ticket, chip-maker-accept, chip-maker-end, chip-makers, acme-account, invite, invitation, confirm, decline, revoke, backup, trust-root,"
                            + " distrust-root, foreign-roots, ca-compromised, ca-revocations, registrar-ca-create,"
                            + " registrar-ca-end, registrar-cas, registrar-ca-issued, registrar-ticket, registrar-accredit,"
                            + " registrar-withdraw, registrars, provisionals, program-admit, programs, program-end,"
                            + " dues…, issuer-set, plan-add, plans, account-open, account-close, accounts, usage,"
                            + " invoice-…, invoices, expense-add")
    @SuppressWarnings("NullAway.Init")
    String operation;

    @Option(names = "--reason", paramLabel = "REASON", description = "reason=REASON と同じ / the same as reason=REASON")
    Optional<String> reason = Optional.empty();

    @Parameters(index = "1..*", paramLabel = "NAME=VALUE")
    List<String> arguments = List.of();

    @Override
    public Integer call() {
        Map<String, String> asked = new HashMap<>();
        for (var argument : arguments) {
            int at = argument.indexOf('=');
            if (at < 1) {
                throw Refusal.of(
                        "argument-malformed",
                        "引数は 名前=値 の形で書いてください: " + argument,
                        "Arguments are name=value: " + argument);
            }
            asked.put(argument.substring(0, at), argument.substring(at + 1));
        }
        reason.ifPresent(said -> asked.put("reason", said));
        System.out.println(Roles.operateBy(config, operation, asked));
        return 0;
    }
}
