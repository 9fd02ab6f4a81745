package org.mizuhiki.apps.demo.thief;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("V2")
class MarkerSearchTest {
    private static final String MARK = "水引 いろは 昭和三十年";

    @TempDir
    Path folder;

    @Test
    void everySpellingIsFoundWhereverItStands() throws Exception {
        var utf8 = MARK.getBytes(StandardCharsets.UTF_8);
        find(utf8);
        find(MARK.getBytes(StandardCharsets.UTF_16LE));
        find(HexFormat.of().formatHex(utf8).getBytes(StandardCharsets.US_ASCII));
        for (int before = 0; before < 3; before++) {
            var shifted = ("xyz".substring(0, before) + MARK + "more").getBytes(StandardCharsets.UTF_8);
            find(Base64.getEncoder().encode(shifted));
            find(Base64.getUrlEncoder().encode(shifted));
        }
    }

    @Test
    void aMarkerAcrossTheBorderOfTwoReadsIsFound() throws Exception {
        var mark = MARK.getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= mark.length; cut += 5) {
            var content = new byte[(1 << 20) + 100];
            System.arraycopy(mark, 0, content, (1 << 20) - cut, mark.length);
            find(content);
        }
    }

    @Test
    void nothingIsFoundWhereNothingIs() throws Exception {
        Files.writeString(folder.resolve("file"), "水引 花子");
        assertEquals(List.of(), search().search(List.of(folder)).found());
    }

    private void find(byte[] content) throws Exception {
        Files.write(folder.resolve("file"), content);
        assertFalse(search().search(List.of(folder)).found().isEmpty());
    }

    private static MarkerSearch search() {
        var search = new MarkerSearch();
        search.add("mark", MARK);
        return search;
    }
}
