package org.mizuhiki.apps.command;

import java.net.InetAddress;
import java.util.concurrent.CountDownLatch;
import org.mizuhiki.bridge.Bridge;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Serve the pocket by IMAP and take mail by SMTP on this machine, until stopped.
@Command(
        name = "bridge",
        description = {
            "この端末でIMAPと送信の橋を動かす（止めるまで動き続ける）",
            "Serve the pocket by IMAP and take mail by SMTP on this machine, until stopped"
        })
final class MailBridge extends MailVerb {
    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "待ち受けるアドレス / address to bind (${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init")
    private String host;

    @Option(
            names = "--name",
            defaultValue = "localhost",
            description = "呼び名 / name that programs use (${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init")
    private String name;

    @Option(names = "--imap", defaultValue = "10993", description = "IMAPSのポート / port of IMAPS (${DEFAULT-VALUE})")
    private int imap;

    @Option(names = "--smtp", defaultValue = "10465", description = "SMTPSのポート / port of SMTPS (${DEFAULT-VALUE})")
    private int smtp;

    /// A line of `--json`.
    record Row(int imap, int smtp, String certificate, String address) {}

    @Override
    int with(MailSession session) throws Exception {
        var address = session.mail().open();
        var listen = new Bridge.Listen(InetAddress.getByName(host), name, imap, smtp);
        var stopping = new CountDownLatch(1);
        try (var bridge = Bridge.open(
                listen, session.device(), session.pocket(), session.kept(), session.mail(), device.clock, device.die)) {
            var certificate = Bridge.certificate(session.device().folder()).toString();
            output.tell(
                    new Row(bridge.imapPort(), bridge.smtpPort(), certificate, address),
                    "imaps://%s:%d  smtps://%s:%d%n%s%n証明書 / certificate: %s"
                            .formatted(name, bridge.imapPort(), name, bridge.smtpPort(), address, certificate));
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(stopping::countDown));
            stopping.await();
        }
        return Exit.OK;
    }
}
