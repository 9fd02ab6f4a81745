package org.mizuhiki.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

@Tag("V5")
class PartTest {
    private static Part part(String... lines) {
        return Part.read(Bytes.utf8(String.join("\r\n", lines) + "\r\n"));
    }

    private static void refused(String code, Runnable deed) {
        assertEquals(code, assertThrows(Refusal.class, deed::run).code());
    }

    @Test
    void partsAreFoundWithTheirVeryBytes() {
        var mail = part(
                "Content-Type: multipart/mixed; boundary=b",
                "",
                "preamble",
                "--b",
                "Content-Type: text/plain; charset=utf-8",
                "",
                "紹介状",
                "--b",
                "Content-Type: multipart/alternative; boundary=bb",
                "",
                "--bb",
                "",
                "inner",
                "--bb--",
                "--b--",
                "epilogue");
        assertEquals(2, mail.children().size());
        assertEquals("紹介状", mail.children().getFirst().text());
        assertEquals(
                Bytes.utf8("Content-Type: text/plain; charset=utf-8\r\n\r\n紹介状"),
                mail.children().getFirst().whole());
        assertEquals("inner", mail.children().get(1).children().getFirst().text());
    }

    @Test
    void aHeaderThatStandsTwiceNamesNobody() {
        assertEquals(
                Optional.of("a@b.jp"),
                part("From: A <a@b.jp>", "", "x").headers().sender());
        assertEquals(
                Optional.empty(),
                part("From: a@b.jp", "From: c@d.jp", "", "x").headers().sender());
        assertEquals(
                Optional.empty(),
                part("From: a@b.jp, c@d.jp", "", "x").headers().sender());
        assertEquals(
                Optional.empty(),
                part("From: \"a@b.jp\" <\"x y\"@d.jp>", "", "x").headers().sender());
    }

    @Test
    void whatIsShownIsOneLineAndReadsForward() {
        var subject = part("Subject: =?utf-8?B?5qyh5Zue?= \u202e=?utf-8?Q?a=0D=0ABcc:_x?=", "", "x")
                .headers()
                .shown("Subject");
        assertFalse(subject.contains("\n") || subject.contains("\u202e"), subject);
        assertTrue(subject.startsWith("次回"), subject);
    }

    @Test
    void namesOfFilesLeadNowhere() {
        var name = part("Content-Disposition: attachment; filename=\"../../etc/pass\u202ewd\"", "", "x")
                .fileName()
                .orElseThrow();
        assertFalse(name.contains("/") || name.startsWith(".") || name.contains("\u202e"), name);
    }

    @Test
    void nestingNumberAndHeadersAreBounded() {
        var deep = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            deep.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\r\n\r\n--b")
                    .append(i)
                    .append("\r\n");
        }
        refused("mail-malformed", () -> Part.read(Bytes.utf8(deep.toString())));
        refused(
                "mail-malformed",
                () -> Part.read(Bytes.utf8(
                        "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\nx\r\n".repeat(1000))));
        refused("mail-malformed", () -> Part.read(Bytes.utf8("X: " + "y".repeat(600_000))));
        refused("mail-malformed", () -> Part.read(Bytes.utf8("X: y\r\n".repeat(2000) + "\r\n")));
        refused("mail-too-large", () -> Part.read(Bytes.of(new byte[Part.MAX_BYTES + 1])));
    }

    @Test
    void markedUpTextIsReducedToItsWords() {
        assertEquals(
                "Dear <doctor>\nyes",
                MarkedUp.words("<html><head><title>t</title></head><style>x</style><p>Dear &lt;doctor&gt;</p>"
                        + "<script>evil()</script><img src=\"http://tracker/?secret\">yes<!-- no --></html>"));
    }

    /// Neither as deep as there are lines nor as slow as their square: a stranger's mail must not hold up
    /// what reads it.
    @Test
    void markedUpTextMadeToHoldUpItsReaderIsReducedAsWell() {
        assertEquals("a\n\nb", MarkedUp.words("a" + "<br>\n".repeat(300_000) + "b"));
        assertEquals(2_000_000, MarkedUp.words("&".repeat(2_000_000)).length());
        assertEquals("", MarkedUp.words("<!--".repeat(500_000)));
    }

    @Test
    void aNewMailsHeadersHoldNoSecondLine() {
        var content = NewMail.entity("x", java.util.List.of(), new java.security.SecureRandom());
        var at = java.time.Instant.EPOCH;
        refused("mail-header-unfit", () -> new NewMail("", "a@b.jp", "c@d.jp", "x\r\nBcc: e@f.jp", at, content));
        refused("mail-header-unfit", () -> new NewMail("A\nB", "a@b.jp", "c@d.jp", "x", at, content));
        refused("mail-header-unfit", () -> new NewMail("", "a@b.jp", "c@d.jp\r\nDATA", "x", at, content));
        refused("mail-header-unfit", () -> new NewMail("", "a@b.jp", "c@d.jp, e@f.jp", "x", at, content));
    }

    @FuzzTest(maxDuration = "60s")
    void aMailIsRefusedOrShownAsPlainText(byte[] input) {
        try {
            var part = Part.read(Bytes.of(input));
            assertEquals(Bytes.of(input), part.whole());
            var view = PartView.of(part);
            assertTrue(view.text().length() <= PartView.LONGEST + 1000);
            part.headers().sender().ifPresent(s -> assertTrue(Headers.isPlain(s)));
        } catch (Refusal expected) {
            assertFalse(expected.code().isEmpty());
        }
    }
}
