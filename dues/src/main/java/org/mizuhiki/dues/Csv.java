package org.mizuhiki.dues;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.mizuhiki.house.Bytes;

/// Tables for a spreadsheet: UTF-8 with a byte order mark, by which Excel knows it; RFC 4180.
final class Csv {
    private static final String FORMULA = "=+-@\t\r\n＝＋－＠";
    private final StringBuilder text = new StringBuilder("\uFEFF");

    /// Texts and whole numbers. A text that a spreadsheet would take for a formula gets an apostrophe before
    /// it: names come from outside.
    Csv row(Object... cells) {
        text.append(Arrays.stream(cells).map(Csv::cell).collect(Collectors.joining(",")))
                .append("\r\n");
        return this;
    }

    Csv row(List<Object> cells) {
        return row(cells.toArray());
    }

    private static String cell(Object value) {
        if (value instanceof Number number) {
            return number.toString();
        }
        var said = value.toString();
        var safe = !said.isEmpty() && FORMULA.indexOf(said.charAt(0)) >= 0 ? "'" + said : said;
        return safe.matches("(?s).*[\",\r\n].*") ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
    }

    Bytes bytes() {
        return Bytes.utf8(text.toString());
    }
}
