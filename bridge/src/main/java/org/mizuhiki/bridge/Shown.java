package org.mizuhiki.bridge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.mail.NewMail;
import org.mizuhiki.mail.ReadMail;
import org.mizuhiki.pocket.Pocket;
import org.mizuhiki.pocket.ReadLetter;
import org.mizuhiki.store.Store;
import org.mizuhiki.trust.Mailboxes;

/// How a letter looks to a mail program: text that says what was checked, then the words, then files.
/// Made here, so it
/// holds nothing that a program would render, run or fetch.
final class Shown {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final long LARGEST_FILE = 20L << 20;

    private final String domain;
    private final SecureRandom die;

    Shown(String domain, SecureRandom die) {
        this.domain = domain;
        this.die = die;
    }

    /// Of a sealed letter, from outside: nothing in it was opened.
    String header(Store.Notice notice, PersonId reader) {
        return "From: " + Mailboxes.address(notice.from(), domain) + "\r\nTo: " + Mailboxes.address(reader, domain)
                + "\r\nSubject: "
                + NewMail.encodedSubject(
                        "封緘文書 / sealed letter " + notice.letter().hex().substring(0, 8))
                + "\r\nDate: " + DATE.format(notice.at()) + "\r\nMessage-ID: <"
                + notice.letter().hex() + "@" + domain
                + ">\r\nX-Mizuhiki-Kind: letter\r\nMIME-Version: 1.0\r\n";
    }

    /// Opened: the disclosure statement was made and logged.
    Bytes letter(String header, ReadLetter read, Pocket pocket) {
        var text = new StringBuilder();
        text.append("【検証済み / verified】 署名者 / signed by: ")
                .append(read.author().name())
                .append(" (")
                .append(read.author().institutionName())
                .append(")\n患者 / patient: ")
                .append(read.owner())
                .append("\n署名時刻 / signed at: ")
                .append(read.signedAt())
                .append("\n開封は台帳に記録され、患者に見えます / this opening is in the ledger; the patient sees it\n");
        var files = new ArrayList<ReadMail.File>();
        files.add(new ReadMail.File("letter.json", "application/fhir+json", read.document()));
        files.addAll(attachments(read, pocket, text));
        return whole(header, text.toString(), files);
    }

    private static List<ReadMail.File> attachments(ReadLetter read, Pocket pocket, StringBuilder text) {
        long size = read.attachments().stream().mapToLong(a -> a.size()).sum();
        if (size > LARGEST_FILE) {
            text.append("添付は大きいため「mizuhiki letter open --into」で保存してください / attachments are large: save them with"
                    + " mizuhiki letter open --into\n");
            return List.of();
        }
        try {
            var folder = Files.createTempDirectory("mizuhiki-bridge-");
            try {
                var files = new ArrayList<ReadMail.File>();
                for (var file : pocket.reading().save(read, folder)) {
                    var name = file.getFileName().toString();
                    var type = name.toLowerCase(Locale.ROOT).endsWith(".pdf") ? "application/pdf" : "application/dicom";
                    files.add(new ReadMail.File(name, type, Bytes.of(Files.readAllBytes(file))));
                }
                return files;
            } finally {
                clear(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no room for attachments", e);
        }
    }

    private static void clear(Path folder) throws IOException {
        try (var all = Files.list(folder)) {
            for (var file : all.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }

    /// Of a mail: the headers that people read, decoded and written anew, one line each.
    String header(ReadMail mail, String address, Instant at, Digest name) {
        return "From: " + NewMail.encodedSubject(mail.from().isBlank() ? "?" : mail.from()) + "\r\nTo: " + address
                + "\r\nSubject: " + NewMail.encodedSubject(mark(mail) + mail.subject()) + "\r\nDate: " + DATE.format(at)
                + "\r\nMessage-ID: <" + name.hex() + "@" + domain
                + ">\r\nX-Mizuhiki-Kind: mail\r\nX-Mizuhiki-Signature: "
                + mail.signature().code() + "\r\nMIME-Version: 1.0\r\n";
    }

    /// The first thing that is seen in a list: whether anything proves who wrote.
    private static String mark(ReadMail mail) {
        return switch (mail.signature()) {
            // the subject stands right behind it
            case org.mizuhiki.mail.Judged.Believed _ ->
                mail.outside().contains("Subject") ? "[✓ 件名は署名外 / subject not signed] " : "[✓] ";
            case org.mizuhiki.mail.Judged.Doubted _ -> "[?] ";
            case org.mizuhiki.mail.Judged.Broken _ -> "[✗] ";
            case org.mizuhiki.mail.Judged.Unsigned _ -> "[-] ";
        };
    }

    Bytes mail(String header, ReadMail mail) {
        return whole(header, mail.explained() + "----\n" + mail.text(), mail.files());
    }

    /// What cannot be opened is shown with its reason, and never keeps the rest from being shown.
    Bytes refused(String header, Refusal refusal) {
        return whole(header, refusal.japanese() + "\n" + refusal.english() + "\n(" + refusal.code() + ")\n", List.of());
    }

    String refusedHeader(String address, Instant at, Digest name, Refusal refusal) {
        return "From: MAILER-DAEMON@" + domain + "\r\nTo: " + address + "\r\nSubject: "
                + NewMail.encodedSubject("[✗] 開けないメール / cannot be opened: " + refusal.code()) + "\r\nDate: "
                + DATE.format(at) + "\r\nMessage-ID: <" + name.hex() + "@" + domain
                + ">\r\nX-Mizuhiki-Kind: mail\r\nMIME-Version: 1.0\r\n";
    }

    private Bytes whole(String header, String text, List<ReadMail.File> files) {
        var entity = new String(NewMail.entity(text, files, die).toArray(), StandardCharsets.ISO_8859_1);
        return Bytes.of((header + entity).getBytes(StandardCharsets.ISO_8859_1));
    }
}
