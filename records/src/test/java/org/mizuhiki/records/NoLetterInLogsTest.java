package org.mizuhiki.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.slf4j.LoggerFactory;

@Tag("V9")
class NoLetterInLogsTest {
    @TempDir
    Path folder;

    @Test
    void nothingOfALetterReachesALog() throws IOException {
        var root = assertInstanceOf(Logger.class, LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME));
        var seen = new ListAppender<ILoggingEvent>();
        var before = root.getLevel();
        root.setLevel(Level.TRACE);
        root.addAppender(seen);
        seen.start();
        try {
            var rules = new DocumentRules();
            var letter = Samples.letter(1);
            rules.check(letter);
            rules.check(Bytes.utf8(letter.asUtf8().replace("\"birthDate\"", "\"birthday\"")));
            rules.check(Bytes.utf8(letter.asUtf8().replaceFirst("\"gender\": \"[a-z]+\"", "\"gender\": \"robot\"")));
            Printable.html(new Letter(letter, List.of()));
            var file = folder.resolve("x.pdf");
            Files.write(file, Bytes.utf8("%PDF-1.7\nJapanese name\n%%EOF").toArray());
            AttachmentReading.check(file);
        } finally {
            root.detachAppender(seen);
            root.setLevel(before);
        }
        assertEquals(List.of(), seen.list.stream().map(Object::toString).toList());
    }
}
